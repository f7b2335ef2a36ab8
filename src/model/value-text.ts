import { type Address, addressText } from "./address.ts";
import { type Distribution, Version } from "./facts.ts";
import type { Value } from "./value.ts";

/** What a bare number means; it decides how it is printed. */
export type PrintedUnit = "seconds" | "bytes" | "cpus" | "count";

/** The value for a person: `10240`, `60 s`, `8 GiB`, `no limit`, `not set`; `not known` where it is unknown. */
export function valueText(of: Value<unknown>, unit = unitOf(of.label)): string {
  if (of.known) return literalText(of.value, unit);
  if (of.candidates === undefined || of.candidates.length === 0) return "not known";
  const texts = [...new Set(of.candidates.map((each) => literalText(each.value, unit)))];
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return only;
  return alternativesText(texts);
}

/** `128 or 4096`; where a value is a list itself, `or` stands between all. */
function alternativesText(texts: readonly string[]): string {
  const listed = texts.slice(0, mostListed);
  if (texts.length > mostListed) return `one of ${listed.join(", ")}${more(texts.length)}`;
  if (listed.some((text) => text.includes(", "))) return listed.join(" or ");
  return `${listed.slice(0, -1).join(", ")} or ${listed.at(-1)}`;
}

/** The value as a sentence that reads aloud: `worker_connections is 10240`, `nginx workers are 4`. */
export function statement(of: Value<unknown>): string {
  return `${of.label} ${verbOf(of.label)} ${valueText(of)}`;
}

/** `CPUs of the machine are`, `worker_connections is`. */
export function verbOf(label: string): "is" | "are" {
  return isPlural(label) ? "are" : "is";
}

const mostListed = 6;
const deepest = 3;

/** The same for a value that has no label. */
export function literalText(value: unknown, unit: PrintedUnit = "count", depth = 0): string {
  if (value === undefined || value === null) return "not set";
  if (typeof value === "number") return numberText(value, unit);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value === "" ? "empty" : value;
  if (value instanceof Version) return value.text;
  if (isAddress(value)) return addressText(value);
  if (isDistribution(value)) return `${value.name} ${value.release}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return "none";
    if (depth >= deepest) return "...";
    const texts = value.slice(0, mostListed).map((each) => literalText(each, unit, depth + 1));
    return `${texts.join(", ")}${more(value.length)}`;
  }
  if (typeof value !== "object") return String(value);
  if (depth >= deepest) return "...";
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  if (entries.length === 0) return "none";
  const texts = entries
    .slice(0, mostListed)
    .map(([name, each]) => `${String(name)}: ${literalText(each, unit, depth + 1)}`);
  return `${texts.join(", ")}${more(entries.length)}`;
}

function more(count: number): string {
  return count > mostListed ? ` and ${count - mostListed} more` : "";
}

function numberText(value: number, unit: PrintedUnit): string {
  if (value === Number.POSITIVE_INFINITY) return "no limit";
  if (unit === "seconds")
    return value !== 0 && value < 1 ? `${rounded(value * 1000)} ms` : `${rounded(value)} s`;
  if (unit === "bytes") return bytesText(value);
  if (unit === "cpus") return `${rounded(value)} ${value === 1 ? "CPU" : "CPUs"}`;
  return rounded(value);
}

const powers = ["bytes", "KiB", "MiB", "GiB", "TiB"];

function bytesText(value: number): string {
  let power = 0;
  let scaled = value;
  while (scaled >= 1024 && power < powers.length - 1) {
    scaled /= 1024;
    power += 1;
  }
  return `${rounded(scaled)} ${powers[power] ?? ""}`;
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(3)));
}

/** A value holds no unit when the program runs; the field term that labels it tells. */
function unitOf(label: string): PrintedUnit {
  if (
    /timeout|TimeoutStop|GracePeriodSeconds|stop_grace_period|^(?:time|wait) of\b|request-seconds/i.test(
      label,
    )
  )
    return "seconds";
  if (/memory|^mem_limit\b/i.test(label)) return "bytes";
  if (/\bCPU\s?quota\b/i.test(label)) return "cpus";
  return "count";
}

function isAddress(value: unknown): value is Address {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  if (value.kind === "tcp") return "host" in value && "port" in value;
  if (value.kind === "unix") return "path" in value;
  return value.kind === "other" && "text" in value;
}

function isDistribution(value: unknown): value is Distribution {
  return typeof value === "object" && value !== null && "name" in value && "release" in value;
}

/** A directive or option (`worker_connections`, `LimitNOFILE=`, `periodSeconds`) is one thing, however its name ends. */
function isPlural(label: string): boolean {
  const [subject = ""] = label.split(/ (?:of|per|for|in|on|at|needed|with|that)\b/, 1);
  const word = subject.split(" ").at(-1) ?? "";
  return /^[A-Za-z]+s$/.test(word) && !/(ss|us|is)$|[a-z][A-Z]/.test(word);
}
