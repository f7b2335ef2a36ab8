import { derive, type Value } from "../../model/value.ts";

/** Where a `cd` leads, without asking which links there are: `..` and `.` are taken from the text, as `cd -L` does. */
export function resolvedDirectory(from: Value<string>, to: Value<string>): Value<string> {
  if (to.known && to.value.startsWith("/")) {
    const plain = resolvedPath("/", to.value);
    return plain === to.value ? to : { ...to, value: plain };
  }
  return derive("working directory", "cd", [from, to], resolvedPath);
}

/** A path seen from a directory, absolute, without `.`, `..` and double slashes. */
export function resolvedPath(directory: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${directory}/${path}`).split("/"))
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  return `/${parts.join("/")}`;
}
