import { type Seconds, seconds } from "../../model/units.ts";
import { unknown, type Value } from "../../model/value.ts";
import type { LoadedCommand } from "./exec-commands.ts";
import { execList } from "./exec-start.ts";
import { reading } from "./setting.ts";
import type { UnitSettings } from "./unit-settings.ts";

/**
 * Time between SIGTERM and SIGKILL when the service is stopped, systemd.kill(5) and systemd.service(5): Infinity where
 * SendSIGKILL= or KillMode= keep SIGKILL from its child processes, unknown where another signal or an ExecStop= that
 * is more than `kill -TERM $MAINPID` stops it.
 */
export function graceOf(settings: UnitSettings, timeoutStop: Value<Seconds>): Value<Seconds> {
  const label = timeoutStop.label;
  const never = (from: Value<unknown>): Value<Seconds> => ({
    ...(from as Value<never>),
    label,
    ...(from.known ? { value: seconds(Number.POSITIVE_INFINITY) } : {}),
  });
  const kills = settings.boolean("Service", "SendSIGKILL");
  if (kills !== undefined && !(kills.known && kills.value)) return never(kills);
  const mode = settings.text("Service", "KillMode");
  if (mode !== undefined && !(mode.known && /^(?:control-group|mixed)$/.test(mode.value))) return never(mode);
  const signal = settings.last<string>("Service", "KillSignal", (setting) =>
    reading(setting.value.text.text),
  );
  if (signal !== undefined && !(signal.known && isTerm(signal.value)))
    return unknown(label, "KillSignal= stops it with another signal than SIGTERM", { from: [signal] });
  const stop = execList(settings.reader, settings.unit, "ExecStop");
  if (stop.uncertain !== undefined || !stop.commands.every(sendsTerm))
    return unknown(label, "ExecStop= stops it in its own way", {
      ...(stop.at[0] === undefined ? {} : { at: stop.at[0] }),
    });
  return timeoutStop;
}

function isTerm(signal: string): boolean {
  return /^(?:(?:SIG)?TERM|15)$/i.test(signal);
}

/** `kill -s TERM $MAINPID` in its spellings; kill(1) sends SIGTERM where it names no signal. */
function sendsTerm({ argv }: LoadedCommand): boolean {
  const [program = "", ...words] = argv.map((word) => word.text ?? "");
  if (!/^(?:.*\/)?kill$/.test(program)) return false;
  const target = words.pop();
  if (target !== "$MAINPID" && target !== "${MAINPID}") return false;
  const signal = words.join(" ").replace(/^-(?:s ?|-signal[= ])?/, "");
  return words.length === 0 || isTerm(signal);
}
