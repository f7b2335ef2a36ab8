import type { Problem } from "../../syntax/problem.ts";
import type { LoadedUnit } from "./loaded-unit.ts";
import type { Setting } from "./setting.ts";

/**
 * Empty Limit*= lines that were meant to take back an earlier one: systemd rejects them (config_parse_rlimit of
 * src/core/load-fragment.c, systemd 247 to 262). One that another assignment follows does no harm.
 */
export function emptyLimits(units: Iterable<LoadedUnit>): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { settings } of units) {
    const last = new Map<string | undefined, Setting>();
    for (const setting of settings) last.set(setting.key, setting);
    const hole = last.get(undefined);
    for (const setting of last.values()) {
      if (!isLimit(setting) || setting.value.text.text !== "" || setting.value.holes.length > 0) continue;
      if (hole !== undefined) continue;
      const earlier = settings.findLast((each) => each.key === setting.key && each.value.text.text !== "");
      const stays = earlier === undefined ? "the default" : earlier.value.text.text;
      problems.set(`${setting.path} ${setting.at.start}`, {
        rule: "systemd/limit-not-reset",
        message: `an empty ${setting.key}= does not reset the limit: ${stays} stays in force`,
        at: setting.keyAt,
        because: earlier === undefined ? [] : [{ message: "it stays in force", at: earlier.at }],
        help: `write the limit that is wanted${setting.key === "LimitNOFILE" ? ", such as LimitNOFILE=1024:524288, the default" : ""}`,
      });
    }
  }
  return [...problems.values()];
}

function isLimit({ key }: Setting): boolean {
  return key !== undefined && /^Limit[A-Z]+$/.test(key);
}
