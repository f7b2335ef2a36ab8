import type { UnitType } from "./unit-name.ts";

const typeSections: Readonly<Record<UnitType, string | undefined>> = {
  service: "Service",
  socket: "Socket",
  slice: "Slice",
  timer: "Timer",
  path: "Path",
  target: undefined,
  mount: "Mount",
  automount: "Automount",
  swap: "Swap",
  device: undefined,
  scope: "Scope",
};

/** The sections that a type of unit has; others are ignored with a warning (systemd.unit(5)). */
export function sectionsOf(type: UnitType): ReadonlySet<string> {
  const own = typeSections[type];
  return new Set(own === undefined ? ["Unit", "Install"] : ["Unit", own, "Install"]);
}
