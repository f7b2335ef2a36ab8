import type { SystemdIdleDropIn } from "../../model/systemd.ts";
import type { LoadedUnit } from "./loaded-unit.ts";
import type { Setting } from "./setting.ts";

/** Settings of which the last valid assignment counts and the earlier ones are gone. */
const single =
  /^(?:Limit[A-Z]+|(?:Startup)?(?:CPU|IO)(?:Weight|Quota)|(?:CPUQuotaPeriod|Restart|Timeout\w*|RuntimeMax|Watchdog|StartLimitInterval)Sec|StartLimitInterval|Memory(?:Min|Low|High|Max|SwapMax|Limit)|TasksMax|Type|Restart|User|Group|DynamicUser|WorkingDirectory|RootDirectory|PIDFile|KillMode|KillSignal|Nice|OOMScoreAdjust|OOMPolicy|UMask|Slice|Backlog|Accept|MaxConnections|StartLimitBurst|Standard(?:Input|Output|Error)|SyslogIdentifier|Description|NoNewPrivileges|Private(?:Tmp|Devices|Network|Users)|Protect(?:System|Home)|RemainAfterExit|NotifyAccess)$/;

/**
 * The drop-ins in /etc and /run of which nothing is left: each of their settings takes one value, and a drop-in that
 * sorts later sets it again.
 */
export function idleDropIns(units: Iterable<LoadedUnit>): SystemdIdleDropIn[] {
  const idle: SystemdIdleDropIn[] = [];
  for (const unit of units) {
    if (unit.dropIns.length < 2) continue;
    for (const path of unit.dropIns) {
      if (!/^\/(?:etc|run)\//.test(path)) continue;
      const own = unit.settings.filter((setting) => setting.path === path);
      const settings = own.map((setting) => replaced(setting, unit));
      const complete = settings.filter((each) => each !== undefined);
      if (complete.length > 0 && complete.length === settings.length)
        idle.push({ unit: unit.name.text, path, settings: complete });
    }
  }
  return idle;
}

function replaced(setting: Setting, unit: LoadedUnit): SystemdIdleDropIn["settings"][number] | undefined {
  const { key, value } = setting;
  if (key === undefined || !single.test(key) || value.holes.length > 0) return undefined;
  const place = unit.dropIns.indexOf(setting.path);
  const by = unit.settings.findLast(
    (each) =>
      each.key === key &&
      each.section === setting.section &&
      each.value.text.text !== "" &&
      each.value.holes.length === 0 &&
      !each.conditional &&
      unit.dropIns.indexOf(each.path) > place,
  );
  if (by === undefined) return undefined;
  const same = by.value.text.text === value.text.text;
  return { at: setting.at, key, by: by.at, byPath: by.path, same };
}
