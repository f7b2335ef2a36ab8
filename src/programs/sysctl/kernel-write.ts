import type { Version } from "../../model/facts.ts";
import { type WriteRule, writeRules } from "./kernel-keys.ts";
import { kernelNumber } from "./kernel-number.ts";

/**
 * What the kernel does with a write. `shown` is what /proc/sys shows afterwards; after a refusal it is set where
 * the first numbers were taken all the same.
 */
export type WriteOutcome =
  | { readonly kind: "written"; readonly shown: string }
  | { readonly kind: "refused"; readonly errno: Errno; readonly shown?: string }
  | { readonly kind: "unsure"; readonly why: string };

/** ENOENT: the value names a module that is not there; EPERM: read only; EISDIR: a directory. */
export type Errno = "EINVAL" | "ENOENT" | "EPERM" | "EISDIR" | "no such key";

const intMax = 2n ** 31n - 1n;
const intMin = -(2n ** 31n);
const longMax = 2n ** 63n - 1n;
/** INT_MAX divided by the largest and by the smallest CONFIG_HZ in use (1000 and 100). */
const surelySeconds = intMax / 1000n;
const neverSeconds = intMax / 100n;
const bucketsOfOnePage = 512n;

const refused: WriteOutcome = { kind: "refused", errno: "EINVAL" };

/**
 * Writes `text` and a line feed to a key (Linux 5.10 to 7.2, by experiment and kernel/sysctl.c; `long` and `absent`
 * by source for older ones). A key that is not recorded takes every text.
 *
 * @param now what a key shows at this moment, if known
 */
export function kernelWrite(
  key: string,
  text: string,
  kernel: Version,
  now: (key: string) => string | undefined,
): WriteOutcome {
  const [rule, other] = writeRules(key, kernel);
  if (rule === undefined) return { kind: "written", shown: text };
  const outcome = writeBy(rule, key, text, now);
  if (other === undefined) return outcome;
  const otherwise = writeBy(other, key, text, now);
  if (outcome.kind === otherwise.kind && shownAfter(outcome) === shownAfter(otherwise)) return outcome;
  return { kind: "unsure", why: `it is not recorded whether Linux ${kernel} accepts \`${text}\`` };
}

function shownAfter(outcome: WriteOutcome): string | undefined {
  return outcome.kind === "unsure" ? undefined : outcome.shown;
}

function writeBy(
  rule: WriteRule,
  key: string,
  text: string,
  now: (key: string) => string | undefined,
): WriteOutcome {
  switch (rule.kind) {
    case "absent":
      return { kind: "refused", errno: "no such key" };
    case "read-only":
      return { kind: "refused", errno: "EPERM" };
    case "name":
      if (rule.known.has(text)) return { kind: "written", shown: text };
      if (!/^[\w-]+$/.test(text)) return { kind: "refused", errno: "ENOENT" };
      return { kind: "unsure", why: `it is not known whether this kernel has \`${text}\`` };
    case "int":
      return writeInts(rule, text, now(key));
    case "unsigned":
      return writeOne(text, (value) => value >= BigInt(rule.min ?? 0) && value <= BigInt(rule.max));
    case "long":
      return writeOne(text, (value) => value >= 0n && value <= longMax);
    case "seconds":
      return writeSeconds(text);
    case "port-range":
      return writePortRange(text, now);
    case "unprivileged-port":
      return writeOne(text, (value) => value >= 0n && value <= 65535n && value <= BigInt(portRange(now).low));
    case "conntrack-buckets":
      return writeOne(
        text,
        (value) => value >= 1n && value <= intMax,
        (value) => ((value + bucketsOfOnePage - 1n) / bucketsOfOnePage) * bucketsOfOnePage,
      );
  }
}

function writeOne(
  text: string,
  accepts: (value: bigint) => boolean,
  keeps: (value: bigint) => bigint = (value) => value,
): WriteOutcome {
  const number = kernelNumber(text, 0);
  if (typeof number === "string" || !accepts(number.value)) return refused;
  if (number.negative && number.value === 0n) return refused;
  return { kind: "written", shown: String(keeps(number.value)) };
}

/** Numbers are taken one by one, so those before a bad one stay; those that are not written keep their value. */
function writeInts(
  rule: WriteRule & { readonly kind: "int" },
  text: string,
  before: string | undefined,
): WriteOutcome {
  const numbers = before?.split(/\s+/) ?? [];
  const least = BigInt(rule.min ?? intMin);
  const most = BigInt(rule.max ?? intMax);
  let at = 0;
  let taken = 0;
  while (taken < (rule.numbers ?? 1)) {
    const number = kernelNumber(text, at);
    if (number === "none" && taken > 0) break;
    if (typeof number === "string" || number.value < least || number.value > most)
      return taken === 0 ? refused : { kind: "refused", errno: "EINVAL", shown: numbers.join(" ") };
    numbers[taken] = String(number.value);
    taken += 1;
    at = number.next;
  }
  return { kind: "written", shown: numbers.join(" ") };
}

function writeSeconds(text: string): WriteOutcome {
  const number = kernelNumber(text, 0);
  if (typeof number === "string") return refused;
  const size = number.value < 0n ? -number.value : number.value;
  if (size > neverSeconds) return refused;
  if (size > surelySeconds)
    return {
      kind: "unsure",
      why: `whether ${number.value} seconds fit depends on the clock rate of the kernel`,
    };
  return { kind: "written", shown: String(number.value) };
}

function portRange(now: (key: string) => string | undefined): { low: number; high: number } {
  const [low = 32768, high = 60999] =
    (now("net/ipv4/ip_local_port_range") ?? "").match(/\d+/g)?.map(Number) ?? [];
  return { low, high };
}

/** ipv4_local_port_range of net/ipv4/sysctl_net_ipv4.c: taken as a whole or not at all. */
function writePortRange(text: string, now: (key: string) => string | undefined): WriteOutcome {
  const range = portRange(now);
  const first = kernelNumber(text, 0);
  if (typeof first === "string") return refused;
  const second = kernelNumber(text, first.next);
  if (second === "invalid") return refused;
  const low = Number(first.value);
  const high = second === "none" ? range.high : Number(second.value);
  const unprivileged = Number(now("net/ipv4/ip_unprivileged_port_start") ?? 1024);
  if (low < 1 || low > 65535 || high < 1 || high > 65535 || high < low || low < unprivileged) return refused;
  return { kind: "written", shown: `${low} ${high}` };
}
