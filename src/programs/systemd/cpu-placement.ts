import { derive, unknown, type Value, written } from "../../model/value.ts";
import { type Complaint, rejected } from "./complaint.ts";
import { parseCpuSet } from "./cpu-set.ts";
import type { Setting } from "./setting.ts";
import type { UnitSettings } from "./unit-settings.ts";

function reversedRange(setting: Setting, range: string): Complaint {
  const [first = "", last = ""] = range.split("-");
  return rejected(
    setting,
    `\`${range}\` in ${setting.key}= ends before it begins, so it names no CPU`,
    `Range '${range}' is invalid, ${first} > ${last}, ignoring.`,
    `write ${last}-${first}`,
  );
}

/**
 * AllowedCPUs= or CPUAffinity=: the lines add up, an empty one starts anew (parse_cpu_set_extend of
 * src/shared/cpu-set-util.c). CPU numbers in rising order; undefined where all are allowed.
 */
export function cpuPlacement(
  settings: UnitSettings,
  section: string,
  key: "AllowedCPUs" | "CPUAffinity",
): Value<readonly number[]> | undefined {
  return settings.last<readonly number[]>(section, key, (setting, current) => {
    const expanded = settings.expanded(setting);
    if (expanded.kind === "unknown")
      return {
        kind: "unknown",
        value: unknown<readonly number[]>(settings.label(key), expanded.value.origin.why, { at: setting.at }),
      };
    if (expanded.kind === "reset" || expanded.kind === "rejected") return expanded;
    if (expanded.kind === "derived") return { kind: "reset" };
    if (key === "CPUAffinity" && expanded.value === "numa")
      return {
        kind: "unknown",
        value: unknown<readonly number[]>(settings.label(key), "NUMAMask= and the machine decide it", {
          at: setting.at,
        }),
      };
    const parsed = parseCpuSet(expanded.value);
    if ("word" in parsed)
      return {
        kind: "rejected",
        complaint: rejected(
          setting,
          `\`${parsed.word}\` in ${key}= is no CPU and no range of CPUs, so systemd ignores the line`,
          (version) =>
            version < 258
              ? `Failed to parse CPU affinity '${parsed.word}'`
              : `Failed to parse CPU range, ignoring assignment: ${parsed.word}`,
        ),
      };
    for (const range of parsed.reversed) settings.reader.complaints.add(reversedRange(setting, range));
    const cpus = [...parsed.cpus].sort((one, other) => one - other);
    if (current === undefined) return { kind: "value", value: cpus };
    const added = written(settings.label(key), cpus, setting.at);
    const merge = (before: readonly number[], more: readonly number[]): readonly number[] =>
      [...new Set([...before, ...more])].sort((one, other) => one - other);
    return {
      kind: "derived",
      value: derive(settings.label(key), "the lines add up", [current, added], merge, setting.at),
    };
  });
}
