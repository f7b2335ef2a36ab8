import type { Account } from "../../model/limits.ts";
import { derive, holds, relabel, unknown, type Value, written } from "../../model/value.ts";
import { limitNumber } from "../../syntax/limits/item.ts";
import type { LimitsEntry, LimitsTree } from "../../syntax/limits/tree.ts";
import { span } from "../../text/span.ts";
import type { Rank } from "./account-match.ts";
import type { LimitsInput } from "./limits-files.ts";
import type { ReachingLine } from "./reaching-lines.ts";
import { mayLackConfiguration, type PamVariant, startsFromInit, unlimitedIsNrOpen } from "./variant.ts";

/** Soft and hard limit; undefined where not known or not set. */
export interface LimitPair {
  readonly soft: Value<number> | undefined;
  readonly hard: Value<number> | undefined;
}

/** What a session begins with. */
export interface SessionStart {
  /** fs.nr_open. */
  readonly nrOpen: Value<number>;
  /** nofile of process 1. */
  readonly init: LimitPair;
  /** nofile of the process that opens the session. */
  readonly caller: LimitPair;
  /** Words after pam_limits.so, such as `set_all`. */
  readonly moduleArguments: readonly string[];
  /** The tree is a whole machine: a file that is not there is missing on the machine. */
  readonly complete: boolean;
}

export interface SessionOutcome extends LimitPair {
  readonly refused: Value<boolean>;
}

const ranks: Readonly<Record<Rank, number>> = { user: 0, group: 1, all: 4 };
const fromInit = 5;
const unset = 6;

interface Standing {
  rank: number;
  value: Value<number> | undefined;
  readonly lost: Value<number>[];
}

/**
 * The limits of a session of one item: process_limit and setup_limits of pam_limits.c, Linux-PAM 1.3.1 to 1.7.2.
 * For each of soft and hard the better rank wins, and among equals the later line.
 */
export function openSession(
  lines: readonly ReachingLine[],
  inputs: readonly LimitsInput[],
  account: Account,
  item: string,
  variant: PamVariant,
  start: SessionStart,
): SessionOutcome {
  const label = `session of ${account.name}`;
  const missing = missingFile(inputs, variant, start);
  if (missing !== undefined)
    return { soft: undefined, hard: undefined, refused: always(label, true, `${missing} cannot be read`) };
  if (lines.some(({ line }) => line.kind === "exemption"))
    return { soft: undefined, hard: undefined, refused: always(label, false, "the account is exempt") };

  const isNofile = item === "nofile";
  const begin =
    isNofile && startsFromInit(variant, start.moduleArguments) ? initLimits(variant, start) : undefined;
  const soft: Standing = { rank: begin === undefined ? unset : fromInit, value: begin?.soft, lost: [] };
  const hard: Standing = { rank: begin === undefined ? unset : fromInit, value: begin?.hard, lost: [] };
  for (const { tree, line, rank: name } of lines) {
    if (line.kind !== "entry") continue;
    const type = line.type.text.toLowerCase();
    const anyType = line.type.hole !== undefined;
    const wantsSoft = type === "soft" || type === "-" || anyType;
    const wantsHard = type === "hard" || type === "-" || anyType;
    const rank = ranks[name];
    // A `-` line whose soft value loses does not set the hard value either.
    if (wantsSoft) {
      const value = entryValue(`soft ${item}`, tree, line, item, variant, start);
      if (value === undefined) continue;
      if (soft.rank < rank) {
        soft.lost.push(value);
        continue;
      }
      if (soft.value !== undefined && soft.rank < fromInit) soft.lost.push(soft.value);
      soft.value = value;
      soft.rank = rank;
    }
    if (wantsHard) {
      const value = entryValue(`hard ${item}`, tree, line, item, variant, start);
      if (value === undefined) continue;
      if (hard.rank < rank) hard.lost.push(value);
      else {
        if (hard.value !== undefined && hard.rank < fromInit) hard.lost.push(hard.value);
        hard.value = value;
        hard.rank = rank;
      }
    }
  }
  if (soft.rank === unset && hard.rank === unset)
    return { soft: undefined, hard: undefined, refused: always(label, false, "no line reaches the account") };

  const hardLimit = hard.rank === unset ? (isNofile ? start.caller.hard : undefined) : withLosers(hard);
  const softWanted = soft.rank === unset ? (isNofile ? start.caller.soft : undefined) : withLosers(soft);
  const softLimit = cut(`soft ${item}`, softWanted, hardLimit);
  if (!isNofile || softLimit === undefined || hardLimit === undefined)
    return {
      soft: softLimit,
      hard: hardLimit,
      refused: always(label, false, "the kernel takes these limits"),
    };
  return afterKernel(label, softLimit, hardLimit, variant, start.nrOpen);
}

/** setrlimit(2) as root: a hard nofile above fs.nr_open is EPERM, and both limits stay what they were. */
function afterKernel(
  label: string,
  soft: Value<number>,
  hard: Value<number>,
  { debian }: PamVariant,
  nrOpen: Value<number>,
): SessionOutcome {
  const above = holds([hard, nrOpen], (limit, most) => limit > most);
  const tooFew = derive(
    `${label} refused`,
    "no file can be opened below 4 descriptors",
    [soft],
    (limit) => limit < fewest,
  );
  if (above === "no") return { soft, hard, refused: tooFew };
  const refused = debian
    ? always(label, false, "Debian's pam_limits passes over limits that the kernel refuses")
    : derive(
        `${label} refused`,
        "the kernel refuses a hard limit above fs.nr_open",
        [hard, nrOpen],
        (limit, most) => limit > most,
      );
  if (above === "yes") return { soft: undefined, hard: undefined, refused };
  const why = hard.known ? "it is not known whether the hard limit is above fs.nr_open" : hard.origin.why;
  return {
    soft: unknown(soft.label, why, { from: [soft, hard, nrOpen] }),
    hard: unknown(hard.label, why, { from: [hard, nrOpen] }),
    refused,
  };
}

/** Standard input, output and error stand open when a session begins. */
const fewest = 4;

function missingFile(
  inputs: readonly LimitsInput[],
  variant: PamVariant,
  { moduleArguments, complete }: SessionStart,
): string | undefined {
  const named = moduleArguments.some((word) => word.startsWith("conf="));
  if (mayLackConfiguration(variant) && !named) return undefined;
  const [main, ...dropIns] = inputs;
  if (main !== undefined && complete && main.kind === "missing") return main.path;
  return dropIns.find(({ kind }) => kind === "missing")?.path;
}

/** Debian cuts the soft limit to FD_SETSIZE. */
function initLimits({ debian }: PamVariant, { init }: SessionStart): LimitPair {
  const soft =
    debian && init.soft !== undefined
      ? derive("soft nofile", "of process 1, at most 1024", [init.soft], (limit) => Math.min(limit, 1024))
      : init.soft;
  return { soft, hard: init.hard === undefined ? undefined : relabel("hard nofile", init.hard) };
}

/** Undefined where pam_limits ignores the line. */
function entryValue(
  label: string,
  tree: LimitsTree,
  line: LimitsEntry,
  item: string,
  variant: PamVariant,
  { nrOpen }: SessionStart,
): Value<number> | undefined {
  const at = span(tree.file, line.value.start, line.value.end);
  const { hole } = line.value;
  if (hole !== undefined) return unknown(label, `it is a template: ${hole}`, { at });
  const limit = limitNumber(item, line.value.text.toLowerCase());
  if (limit === undefined) return undefined;
  if (limit !== Number.POSITIVE_INFINITY || item !== "nofile" || !unlimitedIsNrOpen(variant))
    return written(label, limit, at);
  return derive(label, `${line.value.text} means fs.nr_open`, [nrOpen], (most) => most, at);
}

function withLosers({ value, lost }: Standing): Value<number> | undefined {
  if (value === undefined || !value.known || value.origin.kind !== "written") return value;
  return { ...value, origin: { ...value.origin, overrode: lost.toReversed() } };
}

function cut(
  label: string,
  soft: Value<number> | undefined,
  hard: Value<number> | undefined,
): Value<number> | undefined {
  if (soft === undefined || hard === undefined) return soft;
  if (holds([soft, hard], (low, high) => low <= high) === "yes") return relabel(label, soft);
  return derive(label, "cut to the hard limit", [soft, hard], (low, high) => Math.min(low, high));
}

function always(label: string, refused: boolean, why: string): Value<boolean> {
  return derive(`${label} refused`, why, [], () => refused);
}
