import type { Nofile } from "../../model/systemd.ts";
import { type Descriptors, descriptors } from "../../model/units.ts";
import { derive, type Known, relabel, settled, type Value } from "../../model/value.ts";
import { parseError, rejected } from "./complaint.ts";
import { parseResourceLimit, type ResourceLimit, type ResourceLimitFault } from "./resource-limit.ts";
import { type Reading, reading, type Setting } from "./setting.ts";

/** Reads one LimitNOFILE= or DefaultLimitNOFILE= line; a value that systemd rejects leaves `current` in force. */
export function readLimit(
  setting: Setting,
  current: Value<ResourceLimit> | undefined,
): Reading<ResourceLimit> {
  const text = setting.value.text.text;
  const limit = parseResourceLimit(text);
  if (typeof limit !== "string") return reading(limit);
  const stays = current?.known ? limitText(current.value) : "the default";
  const help = advice(setting.key ?? "", text);
  return {
    kind: "rejected",
    complaint: rejected(
      setting,
      `${setting.key}=${text} ${faultText(text, limit)}, so systemd ignores it and ${stays} stays in force`,
      (version) => journal(setting, limit, version),
      help,
    ),
  };
}

function limitText({ soft, hard }: ResourceLimit): string {
  const text = (number: number): string =>
    number === Number.POSITIVE_INFINITY ? "infinity" : String(number);
  return soft === hard ? text(soft) : `${text(soft)}:${text(hard)}`;
}

function faultText(text: string, fault: ResourceLimitFault): string {
  if (text === "") return "does not reset the limit";
  if (fault === "soft above hard") return "has a soft limit above the hard one";
  return fault === "Numerical result out of range" ? "is out of range" : "is no limit";
}

const suffixes: Readonly<Record<string, number>> = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function advice(key: string, text: string): string | undefined {
  const suffixed = /^(\d+)([kmg])b?$/i.exec(text);
  if (suffixed !== null) {
    const number = Number(suffixed[1]) * (suffixes[suffixed[2]?.toLowerCase() ?? ""] ?? 1);
    return `this limit takes no K, M or G: write ${key}=${number}`;
  }
  if (/^\d{1,3}(?:[,_]\d{3})+$/.test(text)) return `write ${key}=${text.replace(/[,_]/g, "")}`;
  if (/^(?:unlimited|-1)$/.test(text)) return `write ${key}=infinity`;
  if (/^\S+\s+[#;]/.test(text)) return "a comment needs a line of its own";
  if (text === "") return "write the limit that is wanted, such as 1024:524288";
  return /^\S+\s*:\s*\S+$/.test(text) && /\s/.test(text)
    ? "leave out the blanks around the colon"
    : undefined;
}

/** The wording changed in 253 (config_parse_rlimit of src/core/load-fragment.c). */
function journal(setting: Setting, fault: ResourceLimitFault, version: number): string {
  const text = setting.value.text.text;
  if (fault === "soft above hard")
    return `Soft resource limit chosen higher than hard limit, ignoring: ${text}`;
  return version < 253 ? `Failed to parse resource value, ignoring: ${text}` : parseError(setting, fault);
}

/** The two sides of a limit, each with the origin of the pair. */
export function splitLimit(limit: Value<ResourceLimit>, what: string): Nofile {
  return { soft: side(limit, `soft ${what}`, "soft"), hard: side(limit, `hard ${what}`, "hard") };
}

function side(limit: Value<ResourceLimit>, label: string, which: "soft" | "hard"): Value<Descriptors> {
  if (!limit.known) {
    const { candidates, ...rest } = limit;
    const sides = candidates?.map((each) => knownSide(each, label, which));
    return settled({ ...rest, label, ...(sides === undefined ? {} : { candidates: sides }) });
  }
  return knownSide(limit, label, which);
}

function knownSide(limit: Known<ResourceLimit>, label: string, which: "soft" | "hard"): Known<Descriptors> {
  const { origin } = limit;
  const value = descriptors(limit.value[which]);
  if (origin.kind !== "written") return { known: true, label, value, origin };
  const overrode = origin.overrode.map((loser) => loserSide(loser as Value<ResourceLimit>, which));
  return { known: true, label, value, origin: { ...origin, overrode } };
}

/** A loser is shown without those that lost against it: the winner's list has them all. */
function loserSide(loser: Value<ResourceLimit>, which: "soft" | "hard"): Value<unknown> {
  if (!loser.known) return loser;
  const { origin } = loser;
  return {
    ...loser,
    value: loser.value[which],
    origin: origin.kind === "written" ? { ...origin, overrode: [] } : origin,
  };
}

/**
 * The limits that a process gets: systemd sets what it can, at most its own hard limit, which is fs.nr_open at
 * boot (setrlimit_closest of src/basic/rlimit-util.c). No kernel has a smaller one than 1048576 by default.
 */
export function clampNofile(limit: Nofile, ofManager: Value<Descriptors>, what: string): Nofile {
  return {
    soft: clamp(limit.soft, ofManager, `soft ${what}`),
    hard: clamp(limit.hard, ofManager, `hard ${what}`),
  };
}

function clamp(limit: Value<Descriptors>, ofManager: Value<Descriptors>, label: string): Value<Descriptors> {
  const values = limit.known ? [limit] : (limit.candidates ?? []);
  const ceilings = ofManager.known ? [ofManager] : (ofManager.candidates ?? []);
  const floor = Math.min(
    ...ceilings.map((each) => each.value),
    ofManager.known ? Number.POSITIVE_INFINITY : 1048576,
  );
  if (values.length > 0 ? values.every((each) => each.value <= floor) : !limit.known)
    return relabel(label, limit);
  return derive(
    label,
    "the limit asked for, at most PID 1's own (fs.nr_open at boot)",
    [limit, ofManager],
    (wanted, ceiling) => descriptors(Math.min(wanted, ceiling)),
  );
}
