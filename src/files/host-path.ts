/**
 * An absolute path with single slashes, `.` and `..` resolved as text; `..` stops at the root. A path without
 * a leading slash is taken from `base`.
 */
export function absolutePath(path: string, base = "/"): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${base}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The directory of an absolute path; `/` for `/`. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether `path` is `directory` or stands below it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === "/" || path === directory || path.startsWith(`${directory}/`);
}

/** Byte order of UTF-8, as `ls` in the C locale and systemd sort names. */
export function compareBytes(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    // Surrogates stand for code points above every other UTF-16 unit.
    if (a !== b)
      return (a >= 0xd800 && a < 0xe000) === (b >= 0xd800 && b < 0xe000)
        ? a - b
        : a >= 0xd800 && a < 0xe000
          ? 1
          : -1;
  }
  return left.length - right.length;
}
