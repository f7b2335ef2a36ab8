/**
 * A key as a path below /proc/sys. The first separator decides: after a dot, dots and slashes change places in the
 * whole key; after a slash nothing changes. Repeated separators, empty and `.` parts stay as they are.
 *
 * slashdot of procps-ng 4.0 (src/sysctl.c), sysctl_normalize of systemd (src/shared/sysctl-util.c).
 */
export function slashed(key: string): string {
  const first = /[./]/.exec(key)?.[0];
  return first === "." ? key.replace(/[./]/g, (separator) => (separator === "." ? "/" : ".")) : key;
}

/** path_simplify of systemd: repeated, leading and trailing slashes and `.` parts go. */
export function simplified(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** Whether a part of the path is `..`. */
export function climbs(path: string): boolean {
  return /(?:^|\/)\.\.(?:\/|$)/.test(path);
}

/** The path that the kernel finds: `..` resolved; undefined where it leaves /proc/sys. */
export function found(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

/** How people write a key: dots as separators, a slash where the name itself has a dot. */
export function dotted(path: string): string {
  return path.replace(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}

/** Whether the key is a pattern (`*`, `?`, `[`). */
export function isGlob(path: string): boolean {
  return /[*?[]/.test(path);
}
