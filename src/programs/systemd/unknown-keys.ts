import type { SystemdUnknownKey } from "../../model/systemd.ts";
import type { UnitFile } from "../../syntax/unit/unit-file.ts";
import { nearest } from "../../text/did-you-mean.ts";
import { keyNames } from "./key-names.ts";

/** A setting, with the first of the versions 252, 257 and 262 that knows it. */
type Names = ReadonlyMap<string, number>;

const oldest = 252;
/** Nobody reads on after so many; each is compared with every key of its section. */
const mostUnknown = 500;
const sections = new Map<string, Names>();

/** The settings of a section; undefined for a section that unit files do not have. */
function namesOf(section: string): Names | undefined {
  let names = sections.get(section);
  const text = keyNames[section];
  if (names === undefined && text !== undefined) {
    names = new Map(
      text
        .trim()
        .split(/\s+/)
        .map((word): [string, number] => {
          const [name = "", since] = word.split("+");
          return [name, since === undefined ? oldest : Number(since)];
        }),
    );
    sections.set(section, names);
  }
  return names;
}

/**
 * The assignments of unit files whose key systemd does not know in that section: it logs `Unknown key` and goes on.
 * Keys that begin with `X-` are for other programs.
 *
 * @param version of this host; undefined where it is not known: then a key that 257 knows is left alone
 */
export function unknownKeys(files: Iterable<UnitFile>, version: number | undefined): SystemdUnknownKey[] {
  const unknown: SystemdUnknownKey[] = [];
  for (const { assignments, lines } of files) {
    const isTemplate =
      lines.some(({ kind }) => kind === "template") ||
      assignments.some(({ value }) => value.holes.length > 0);
    for (const { section, key, keyAt, conditional } of assignments) {
      if (section === undefined || key === undefined || key.startsWith("X-") || conditional) continue;
      // An option of a command whose continuation a line of the template engine interrupts.
      if (isTemplate && key.startsWith("-")) continue;
      const names = namesOf(section);
      if (names === undefined) continue;
      const since = names.get(key);
      if (since !== undefined) {
        if (since > (version ?? since) && !isBetween(version, since))
          unknown.push({ section, key, at: keyAt, since, near: undefined, sections: [] });
        continue;
      }
      if (unknown.length >= mostUnknown) return unknown;
      unknown.push({
        section,
        key,
        at: keyAt,
        since: undefined,
        near: nearKey(key, names, assignments),
        sections: sectionsWith(key),
      });
    }
  }
  return unknown;
}

/** A second ExecStart= would stop the unit from starting, so where one is set another key was meant. */
function nearKey(key: string, names: Names, set: UnitFile["assignments"]): string | undefined {
  const candidates = set.some((each) => each.key === "ExecStart")
    ? [...names.keys()].filter((name) => name !== "ExecStart")
    : names.keys();
  return nearest(key, candidates, key.length < 8 ? 1 : 2);
}

/** Whether a version lies between one that was looked at and the next. */
function isBetween(version: number | undefined, since: number): boolean {
  return version !== undefined && version > (since === 257 ? oldest : 257);
}

function sectionsWith(key: string): string[] {
  return Object.keys(keyNames).filter((section) => namesOf(section)?.has(key));
}
