import type { SourceFile } from "../../text/source-file.ts";

/** What the first line of a script names; `letters` are its short options. */
export interface Interpreter {
  readonly name: string;
  readonly letters: string;
}

/** The interpreter of a script; without a first line that names one it is `sh`. Undefined for what is no script. */
export function interpreterOf(file: SourceFile): Interpreter | undefined {
  if (file.text.slice(0, 1000).includes("\0")) return undefined;
  const first = /^\uFEFF?#!([^\n]*)/.exec(file.text.slice(0, 300));
  if (first === null) return { name: "sh", letters: "" };
  const words = (first[1] ?? "").trim().split(/\s+/);
  const names = words.filter((word) => !word.startsWith("-") && !word.includes("="));
  const base = names.map((name) => name.slice(name.lastIndexOf("/") + 1));
  const name = base.find((each) => each !== "env" && each !== "with-contenv" && each !== "busybox") ?? "";
  const letters = words.filter((word) => /^-[a-zA-Z]+$/.test(word) && word !== "-S").join("");
  return { name, letters: letters.replaceAll("-", "") };
}
