import type { Version } from "../../model/facts.ts";
import { unknown, type Value } from "../../model/value.ts";
import { dotted } from "../../syntax/sysctl/key.ts";
import { type Assignment, asValue, type Write } from "./assignment.ts";
import { isDirectoryOfKeys, isRecorded } from "./kernel-keys.ts";
import { type Errno, kernelWrite, type WriteOutcome } from "./kernel-write.ts";
import type { LoadedFiles } from "./loaded-files.ts";

/** The kernel that is written to. */
export interface Kernel {
  readonly version: Version;
  /** The keys that exist with what they show before; undefined where that is not known. */
  readonly existing: ReadonlyMap<string, string> | undefined;
}

/** A write that the kernel did not take. */
export interface RefusedWrite {
  readonly write: Write;
  readonly errno: Errno;
}

export interface Applied {
  /** The keys that were written. */
  readonly keys: readonly string[];
  /** What a key shows; undefined where nothing was written that the kernel took. */
  value(key: string): Value<string> | undefined;
  readonly refused: readonly RefusedWrite[];
  /** Whether the program exits with a failure. */
  readonly failed: boolean;
}

/** What one key stands at while writes go on. */
interface Standing {
  readonly assignment: Assignment;
  readonly outcome: WriteOutcome | "template";
}

/** Writes one after the other, as the kernel takes them. */
export function applyWrites(
  writes: readonly Write[],
  keys: readonly string[],
  loaded: LoadedFiles,
  kernel: Kernel,
): Applied {
  const standing = new Map<string, Standing[]>();
  const setOneByOne = new Set<string>();
  const refused: RefusedWrite[] = [];
  let failed = loaded.failed;

  const now = (key: string): string | undefined => {
    const outcome = standing.get(key)?.at(-1)?.outcome;
    if (outcome === undefined) return kernel.existing?.get(key);
    return outcome === "template" || outcome.kind === "unsure" ? undefined : outcome.shown;
  };
  const settle = (key: string, state: Standing): void => {
    const earlier = standing.get(key);
    if (earlier === undefined) standing.set(key, [state]);
    else earlier.push(state);
    for (const follower of followers(key, keys)) if (!setOneByOne.has(follower)) settle(follower, state);
  };

  for (const write of writes) {
    const { assignment, key } = write;
    const outcome = outcomeOf(write, kernel, now);
    if (outcome !== "template" && outcome.kind === "refused") {
      refused.push({ write, errno: outcome.errno });
      if (loaded.fails(outcome.errno, write)) failed = true;
      // The kernel marks the key of an interface as set even where it refuses the number (devinet_conf_proc).
      if (outcome.errno === "EINVAL" && key !== undefined) setOneByOne.add(key);
      if (outcome.shown === undefined) continue;
    }
    if (key === undefined) continue;
    setOneByOne.add(key);
    settle(key, { assignment, outcome });
  }
  return {
    keys: [...standing.keys()],
    value: (key) => {
      const states = standing.get(key);
      return states === undefined ? undefined : settledValue(key, states, loaded);
    },
    refused,
    failed,
  };
}

function outcomeOf(
  { assignment: { text = "", template }, key }: Write,
  { version, existing }: Kernel,
  now: (key: string) => string | undefined,
): WriteOutcome | "template" {
  if (key === undefined) return { kind: "refused", errno: "EINVAL" };
  if (template !== undefined) return "template";
  if (!isRecorded(key)) {
    const directory = key.replace(/\/$/, "");
    if (isDirectoryOfKeys(directory) || isAmong(existing, directory))
      return { kind: "refused", errno: "EISDIR" };
    if (existing === undefined ? !isPossibleKey(key) : !existing.has(key))
      return { kind: "refused", errno: "no such key" };
  }
  return kernelWrite(key, text, version, now);
}

/** Names below /proc/sys are printable, hold no blank and begin with a small letter. */
function isPossibleKey(key: string): boolean {
  return /^[a-z][\x21-\x7e]*$/.test(key) && !/^proc\/sys\/|[*?[]|\/$/.test(key);
}

function isAmong(existing: ReadonlyMap<string, string> | undefined, directory: string): boolean {
  for (const key of existing?.keys() ?? []) if (key.startsWith(`${directory}/`)) return true;
  return false;
}

/** A write to net.ipv4.conf.default reaches every interface whose key was never set by itself (net/ipv4/devinet.c). */
function followers(key: string, keys: readonly string[]): string[] {
  const name = /^net\/ipv4\/conf\/default\/([^/]+)$/.exec(key)?.[1];
  if (name === undefined) return [];
  const follower = /^net\/ipv4\/conf\/(?!all\/|default\/)[^/]+\/([^/]+)$/;
  return keys.filter((each) => follower.exec(each)?.[1] === name);
}

/** Nobody reads on after so many values that lost. */
const mostLosers = 50;

function settledValue(key: string, states: readonly Standing[], loaded: LoadedFiles): Value<string> {
  const last = states.at(-1);
  if (last === undefined) throw new Error("a key that was written has no state");
  const { assignment, outcome } = last;
  const earlier = states.slice(-mostLosers, -1).toReversed();
  const losers = [...loaded.losersTo(assignment), ...earlier.map((state) => state.assignment)]
    .filter((loser) => loser !== assignment && loser.text !== undefined)
    .slice(0, mostLosers)
    .map((loser) => asValue(key, loser));
  if (outcome === "template") return asValue(key, assignment);
  if (outcome.kind === "unsure") return unknown(dotted(key), outcome.why, { at: assignment.at });
  return asValue(key, assignment, outcome.shown, losers);
}
