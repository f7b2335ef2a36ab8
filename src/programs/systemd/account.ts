import { derive, unknown, type Value, written } from "../../model/value.ts";
import { hasCapability } from "./capabilities.ts";
import type { LoadedCommand } from "./exec-commands.ts";
import type { UnitSettings } from "./unit-settings.ts";

/** The command that every ExecStart= runs with the account of the manager, where that is so (`+`, `!`). */
function asManager(start: readonly LoadedCommand[]): LoadedCommand | undefined {
  const keeps = ({ prefixes }: LoadedCommand): boolean =>
    prefixes.includes("+") || (prefixes.includes("!") && !prefixes.replace(/[^!]/g, "").includes("!!"));
  return start.every(keeps) ? start[0] : undefined;
}

/** User=, else the name of the unit under DynamicUser=yes, else root; a `+` or `!` before the program keeps root. */
export function accountOf(settings: UnitSettings, start: readonly LoadedCommand[]): Value<string> {
  const root = asManager(start);
  if (root !== undefined) return written(settings.label("User"), "root", root.at);
  const user = settings.text("Service", "User");
  if (user !== undefined) return user;
  const dynamic = settings.boolean("Service", "DynamicUser");
  const { prefix } = settings.unit.name;
  const whenRoot = settings.inForce("User", undefined, settings.byDefault("User", "root"));
  if (dynamic === undefined) return whenRoot;
  return derive(
    settings.label("User"),
    "the name of the unit under DynamicUser=yes",
    [dynamic, whenRoot],
    (isDynamic, root) => (isDynamic ? prefix : root),
  );
}

const sysResource = ["cap_sys_resource", "24"] as const;

/** CAP_SYS_RESOURCE: root keeps it unless the bounding set leaves it out; others need AmbientCapabilities=. */
export function maySetResource(settings: UnitSettings, start: readonly LoadedCommand[]): Value<boolean> {
  const { unit } = settings;
  const label = `CAP_SYS_RESOURCE of ${unit.name.text}`;
  const [first] = start;
  if (first !== undefined && start.every(({ prefixes }) => prefixes.includes("+")))
    return written(label, true, first.at);
  const bounding = hasCapability(unit, "CapabilityBoundingSet", sysResource);
  const ambient = hasCapability(unit, "AmbientCapabilities", sysResource);
  const deciding = [...bounding.settings, ...ambient.settings];
  const open = deciding.find((setting) => setting.conditional || setting.value.holes.length > 0);
  if (open !== undefined) return unknown(label, "a template decides about its capabilities", { at: open.at });
  const [outside] = bounding.settings;
  if (!bounding.has && outside !== undefined) return written(label, false, outside.at);
  const [granted] = ambient.settings;
  if (ambient.has && granted !== undefined) return written(label, true, granted.at);
  return derive(
    label,
    "only root has it",
    [accountOf(settings, start)],
    (user) => user === "root" || user === "0",
  );
}
