import { derive, unknown, type Value } from "../../model/value.ts";
import type { UnitSettings } from "./unit-settings.ts";

/**
 * Whether the service is over, and what it left behind killed, as soon as the process that systemd starts has ended:
 * Type= names one that does not fork, no PIDFile= names another, RemainAfterExit= is off and KillMode= ends the control group
 * (systemd.service(5), systemd.kill(5)).
 */
export function endsWithFirst(settings: UnitSettings): Value<boolean> {
  const label = `${settings.unit.name.text} ends with its first process`;
  if (settings.unit.loadState !== "loaded")
    return unknown(label, `the unit file of ${settings.unit.name.text} is not here`);
  const type = settings.inForce(
    "Type",
    settings.text("Service", "Type"),
    settings.byDefault("Type", "simple", "systemd.service(5)"),
  );
  const bus = settings.text("Service", "BusName");
  // systemd goes on with the process of the PID file where that was written in time (service_sigchld_event).
  const pidFile = settings.text("Service", "PIDFile");
  const remains = settings.boolean("Service", "RemainAfterExit");
  const kill = settings.text("Service", "KillMode");
  const others = [bus, pidFile, remains, kill].filter((value) => value !== undefined);
  if (others.some((value) => !value.known))
    return unknown(label, "a setting of the unit is not known", { from: others });
  const spares =
    bus !== undefined ||
    pidFile !== undefined ||
    (remains?.known && remains.value) ||
    (kill?.known && /^(?:process|none)$/.test(kill.value));
  return derive(
    label,
    "its Type= waits for no fork",
    [type],
    (text) => !spares && /^(?:simple|exec|notify|notify-reload|idle)$/.test(text),
  );
}
