import type { Version } from "../../model/facts.ts";
import { climbs, found, isGlob, simplified, slashed } from "../../syntax/sysctl/key.ts";
import { type Assignment, keyText, valueSpan } from "./assignment.ts";
import type { LoadedFiles } from "./loaded-files.ts";
import type { SysctlInput } from "./sysctl-files.ts";

/**
 * systemd-sysctl at boot: only the last line of a key is written, in the place of its last change (systemd 247 to
 * 262, src/sysctl/sysctl.c). A line whose value is the one that stands already changes nothing.
 */
export function loadSystemdSysctl(inputs: readonly SysctlInput[], version: Version): LoadedFiles {
  const options = new Map<string, Assignment>();
  const losers = new Map<string, Assignment[]>();
  // ; is no comment in 262; it was one in 257.
  const semicolons = !version.atLeast("262");
  let failed = false;
  for (const { kind, tree } of inputs) {
    if (kind === "directory" || kind === "unreadable") failed = true;
    if (tree === undefined) continue;
    const { text } = tree.file;
    for (const line of tree.systemd) {
      if (line.kind === "comment") {
        // With an `=` it is a key that does not exist, which is no errno.
        if (line.marker === ";" && !semicolons && !text.slice(line.start, line.end).includes("="))
          failed = true;
        continue;
      }
      if (line.kind === "junk") {
        failed = true;
        continue;
      }
      const { text: name, uncertain } = keyText(tree, line);
      const path = simplified(slashed(name));
      const value = line.value === undefined ? undefined : text.slice(line.value.start, line.value.end);
      const standing = options.get(path);
      const made: Assignment = {
        path,
        key: climbs(path) && version.atLeast("252") ? undefined : found(path),
        glob: isGlob(path) && !uncertain,
        uncertainKey: uncertain,
        ignore: (line.minus && value !== undefined) || (standing?.ignore === true && standing.text === value),
        text: value,
        template: line.template,
        at: valueSpan(tree, line),
      };
      if (standing !== undefined) {
        const earlier = losers.get(path);
        if (earlier === undefined) losers.set(path, [standing]);
        else earlier.push(standing);
        if (standing.text !== value || standing.template !== line.template) options.delete(path);
      }
      options.set(path, made);
    }
  }
  return {
    assignments: [...options.values()],
    failed,
    losersTo: ({ path }) => losers.get(path)?.toReversed() ?? [],
    isTakenOut: (path) => options.has(path),
    fails: (errno, { assignment: { ignore } }) =>
      !ignore && errno !== "no such key" && errno !== "ENOENT" && errno !== "EPERM",
  };
}
