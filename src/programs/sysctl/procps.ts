import type { Version } from "../../model/facts.ts";
import { found, isGlob, slashed } from "../../syntax/sysctl/key.ts";
import type { SysctlLine, SysctlTree } from "../../syntax/sysctl/tree.ts";
import { type Assignment, keyText, valueSpan } from "./assignment.ts";
import { fnmatcher } from "./glob.ts";
import type { LoadedFiles } from "./loaded-files.ts";
import type { SysctlInput } from "./sysctl-files.ts";

/**
 * `sysctl --system` and `sysctl -p`: every line is written in its turn (procps-ng 3.3.17 to 4.0.7, src/sysctl.c).
 *
 * @param unknownKeyFails as without `-e`, which `--system` implies
 */
export function loadProcps(
  inputs: readonly SysctlInput[],
  version: Version,
  unknownKeyFails = false,
): LoadedFiles {
  const modern = version.atLeast("4.0");
  const assignments: Assignment[] = [];
  let failed = false;
  for (const { kind, tree } of inputs) {
    if (kind === "missing" || kind === "unreadable") failed = true;
    if (tree === undefined) continue;
    for (const line of tree.procps) {
      const made = modern ? assignment(tree, line) : oldAssignment(tree, line);
      if (made !== undefined) assignments.push(made);
    }
  }
  const paths = new Set(assignments.map(({ path }) => path));
  const exclusions = version.atLeast("4.0.7")
    ? assignments.filter(({ text, glob }) => text === undefined && glob).map(({ path }) => fnmatcher(path))
    : [];
  return {
    assignments,
    failed,
    losersTo: () => [],
    isTakenOut: (path) => paths.has(path) || exclusions.some((matches) => matches(path)),
    fails: (errno, { assignment: { ignore }, key, path }) => {
      if (key === undefined || path === "") return true;
      if (errno === "no such key") return unknownKeyFails;
      if (!modern) return false;
      if (errno === "EPERM" || errno === "EISDIR") return version.atLeast("4.0.7");
      return !(ignore && version.atLeast("4.0.7"));
    },
  };
}

function assignment(tree: SysctlTree, line: SysctlLine): Assignment | undefined {
  if (line.kind !== "setting") return undefined;
  const { text } = tree.file;
  // A second `-` is dropped when the path is made.
  const { text: name, uncertain } = keyText(tree, line);
  const written = name.replace(/^-/, "");
  const path = slashed(line.blankAfterMinus ? ` ${written}` : written);
  return {
    path,
    key: keyOf(path),
    glob: isGlob(path) && !uncertain,
    uncertainKey: uncertain,
    ignore: line.minus && line.value !== undefined,
    text: line.value === undefined ? undefined : text.slice(line.value.start, line.value.end),
    template: line.template,
    at: valueSpan(tree, line),
  };
}

/**
 * 3.3.17 knows no patterns and no exclusions. A line without `=` is written with the value `=`, because strtok(3)
 * goes on where the program has just put one; an empty value is skipped; a carriage return ends the value.
 */
function oldAssignment(tree: SysctlTree, line: SysctlLine): Assignment | undefined {
  const made = assignment(tree, line);
  if (made === undefined || made.path === "") return undefined;
  const value = made.text === undefined ? "=" : /[^\r]*/.exec(made.text.replace(/^\r+/, ""))?.[0];
  return value === "" || value === undefined ? undefined : { ...made, text: value, glob: false };
}

/** A slash at the end asks for a directory. */
function keyOf(path: string): string | undefined {
  const key = found(path);
  return key !== undefined && key !== "" && /\/\.?$/.test(path) ? `${key}/` : key;
}
