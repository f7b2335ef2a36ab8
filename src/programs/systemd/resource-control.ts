import type { Facts } from "../../model/facts.ts";
import { type Bytes, bytes, type Cpus, cpus, type Processes, processes } from "../../model/units.ts";
import { derive, unknown } from "../../model/value.ts";
import { rejected } from "./complaint.ts";
import { largest64, parseShare, parseUnsigned } from "./numbers.ts";
import { type Reading, reading, type Setting } from "./setting.ts";
import { parseSize } from "./sizes.ts";

/** CPUQuota=: a percentage above 0, an empty value for none (config_parse_cpu_quota of src/core/load-fragment.c). */
export function readCpuQuota(setting: Setting): Reading<Cpus> {
  const text = setting.value.text.text;
  if (text === "") return reading(cpus(Number.POSITIVE_INFINITY));
  const share = parseShare(text);
  if (share !== undefined && share > 0) return reading(cpus(share / 10000));
  return {
    kind: "rejected",
    complaint: rejected(
      setting,
      `CPUQuota=${text} is no percentage above 0, so systemd ignores it`,
      `Invalid CPU quota '${text}', ignoring.`,
      cpuAdvice(text),
    ),
  };
}

function cpuAdvice(text: string): string | undefined {
  const number = /^(\d+(?:\.\d+)?)\s*%?$/.exec(text)?.[1];
  if (number === undefined || Number(number) === 0) return "150% is one and a half CPUs";
  const percent = number.includes(".") && !text.includes("%") ? Math.round(Number(number) * 100) : number;
  return `write CPUQuota=${percent}%`;
}

/** Bytes of a page on amd64: systemd takes shares of the number of pages (physical_memory_scale). */
const page = 4096;

/** MemoryMax= and MemoryHigh=: bytes with K, M, G, T to the base 1024, a percentage, `infinity` or nothing. */
export function readMemoryLimit(facts: Facts): (setting: Setting) => Reading<Bytes> {
  return (setting) => {
    const text = setting.value.text.text;
    if (text === "" || text === "infinity") return reading(bytes(Number.POSITIVE_INFINITY));
    const share = parseShare(text);
    if (share !== undefined && share > 0 && share <= 10000)
      return {
        kind: "derived",
        value: derive(
          `${setting.key}=`,
          `${text} of the memory`,
          [facts.memory],
          (memory) => bytes(Math.floor((Math.floor(memory / page) * share) / 10000) * page),
          setting.at,
        ),
      };
    const size = share === undefined || share > 10000 ? parseSize(text) : 0;
    if (typeof size === "number" && size > 0) return reading(bytes(size));
    const journal =
      typeof size === "number"
        ? `Memory limit '${text}' out of range, ignoring.`
        : `Invalid memory limit '${text}', ignoring: ${size}`;
    const suffixed = /^(\d+(?:\.\d+)?)\s*([kmgt])i?b?$/i.exec(text);
    return {
      kind: "rejected",
      complaint: rejected(
        setting,
        `${setting.key}=${text} is no size above 0, so systemd ignores it`,
        journal,
        suffixed === null ? undefined : `write ${setting.key}=${suffixed[1]}${suffixed[2]?.toUpperCase()}`,
      ),
    };
  };
}

/** TasksMax= and DefaultTasksMax=: a number above 0, a percentage of the system's maximum, `infinity`. */
export function readTasksMax(setting: Setting): Reading<Processes> {
  const text = setting.value.text.text;
  if (text === "") return { kind: "reset" };
  if (text === "infinity") return reading(processes(Number.POSITIVE_INFINITY));
  const share = parseShare(text);
  if (share !== undefined && share <= 10000)
    return {
      kind: "unknown",
      value: unknown<Processes>(
        `${setting.key}=`,
        `${text} of the smallest of kernel.pid_max, kernel.threads-max and the pids.max of the machine`,
        { at: setting.at },
      ),
    };
  const number = parseUnsigned(text, largest64);
  if (typeof number === "number" && number > 0 && BigInt(number) < largest64)
    return reading(processes(number));
  return {
    kind: "rejected",
    complaint: rejected(
      setting,
      `${setting.key}=${text} is no number of tasks, so systemd ignores it`,
      typeof number === "number"
        ? `Maximum tasks value '${text}' out of range, ignoring.`
        : `Invalid maximum tasks value '${text}', ignoring: ${number}`,
      /^\d+\s+[#;]/.test(text) ? "a comment needs a line of its own" : undefined,
    ),
  };
}
