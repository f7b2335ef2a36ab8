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
    const order = new Map(unit.dropIns.map((path, place) => [path, place]));
    const winners = new Map<string, Setting>();
    for (const setting of unit.settings) if (isCertain(setting)) winners.set(nameOf(setting), setting);
    for (const [path, own] of settingsByFile(unit)) {
      if (!order.has(path) || !/^\/(?:etc|run)\//.test(path)) continue;
      const settings = own.map((setting) => replaced(setting, winners.get(nameOf(setting)), order));
      const complete = settings.filter((each) => each !== undefined);
      if (complete.length > 0 && complete.length === settings.length)
        idle.push({ unit: unit.name.text, path, settings: complete });
    }
  }
  return idle;
}

function settingsByFile({ settings }: LoadedUnit): Map<string, Setting[]> {
  const files = new Map<string, Setting[]>();
  for (const setting of settings) {
    const own = files.get(setting.path);
    if (own === undefined) files.set(setting.path, [setting]);
    else own.push(setting);
  }
  return files;
}

function nameOf({ section, key }: Setting): string {
  return `${section} ${key}`;
}

function isCertain({ key, value, conditional }: Setting): boolean {
  return key !== undefined && value.text.text !== "" && value.holes.length === 0 && !conditional;
}

function replaced(
  setting: Setting,
  by: Setting | undefined,
  order: ReadonlyMap<string, number>,
): SystemdIdleDropIn["settings"][number] | undefined {
  const { key, value } = setting;
  if (key === undefined || !single.test(key) || value.holes.length > 0 || by === undefined) return undefined;
  if ((order.get(by.path) ?? -1) <= (order.get(setting.path) ?? -1)) return undefined;
  return { at: setting.at, key, by: by.at, byPath: by.path };
}
