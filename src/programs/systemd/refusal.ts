import type { Span } from "../../text/span.ts";
import { execList } from "./exec-start.ts";
import type { LoadedUnit, UnitReader } from "./loaded-unit.ts";
import { concerns, type Setting } from "./setting.ts";

/** Why systemd refuses a unit that it could read, and where. */
export interface Refusal {
  readonly why: string;
  readonly startsTwice: boolean;
  readonly at: Span;
  readonly because: readonly { readonly message: string; readonly at: Span }[];
  /** The words of PID 1, without the name of the unit. */
  readonly journal: string;
}

/** service_verify of src/core/service.c, as far as the settings here decide; undefined where it passes or is not certain. */
export function serviceRefusal(reader: UnitReader, unit: LoadedUnit): Refusal | undefined {
  const { file } = unit;
  if (unit.loadState !== "loaded" || file === undefined) return undefined;
  const start = execList(reader, unit, "ExecStart");
  const stop = execList(reader, unit, "ExecStop");
  const type = lastText(reader, unit, "Service", "Type");
  const successAction = lastText(reader, unit, "Unit", "SuccessAction");
  if (
    start.uncertain !== undefined ||
    stop.uncertain !== undefined ||
    type === null ||
    successAction === null
  )
    return undefined;
  const acts = successAction !== undefined && successAction !== "none";
  const busName = lastText(reader, unit, "Service", "BusName");
  const kind =
    type ?? (start.commands.length === 0 && busName === undefined ? "oneshot" : busName ? "dbus" : "simple");
  const refuse = (why: string, journal: string, at: Span = file): Refusal => ({
    why,
    startsTwice: false,
    at,
    because: [],
    journal,
  });
  if (start.commands.length === 0 && stop.commands.length === 0 && !acts)
    return refuse(
      "it has no ExecStart=",
      "Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.",
    );
  if (kind !== "oneshot" && start.commands.length === 0)
    return refuse(
      "it has no ExecStart=, which only Type=oneshot may leave out",
      "Service has no ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.",
    );
  if (start.commands.length === 0 && !acts && !isYes(lastText(reader, unit, "Service", "RemainAfterExit")))
    return refuse(
      "it has no ExecStart= and no RemainAfterExit=yes",
      "Service has no ExecStart= and no SuccessAction= settings and does not have RemainAfterExit=yes set. Refusing.",
    );
  const last = start.at.at(-1);
  if (kind !== "oneshot" && start.commands.length > 1 && last !== undefined)
    return {
      ...refuse(
        `it has ${start.commands.length} commands in ExecStart=, and only Type=oneshot may have more than one`,
        "Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.",
        last,
      ),
      startsTwice: true,
      because: start.at.slice(0, -1).map((at) => ({ message: "another one", at })),
    };
  const restart = lastText(reader, unit, "Service", "Restart");
  if (kind === "oneshot" && (restart === "always" || restart === "on-success"))
    return refuse(
      `Type=oneshot takes no Restart=${restart}`,
      "Service has Restart= set to either always or on-success, which isn't allowed for Type=oneshot services. Refusing.",
    );
  if (kind === "dbus" && busName === undefined)
    return refuse(
      "Type=dbus needs a BusName=",
      "Service is of type D-Bus but no D-Bus service name has been specified. Refusing.",
    );
  const killMode = lastText(reader, unit, "Service", "KillMode");
  const keepsProcesses = killMode === "process" || killMode === "none";
  const pam = lastText(reader, unit, "Service", "PAMName");
  if (pam !== undefined && pam !== null && keepsProcesses)
    return refuse(
      `PAMName= does not go with KillMode=${killMode}`,
      "Service has PAM enabled. Kill mode must be set to 'control-group' or 'mixed'. Refusing.",
    );
  return undefined;
}

function isYes(text: string | null | undefined): boolean {
  return text === null || (text !== undefined && /^(?:1|yes|y|true|t|on)$/i.test(text));
}

const choices: Readonly<Record<string, RegExp>> = {
  Type: /^(?:simple|exec|forking|oneshot|dbus|notify|notify-reload|idle)$/,
  Restart: /^(?:no|on-success|on-failure|on-abnormal|on-watchdog|on-abort|always)$/,
  KillMode: /^(?:control-group|process|mixed|none)?$/,
};

/** Whether systemd of a version takes a word for a setting; true where it is no setting of this kind. */
function isChoice(key: string, text: string, version: number | undefined): boolean {
  if (key === "Type" && text === "notify-reload" && version !== undefined && version < 253) return false;
  return choices[key]?.test(text) !== false;
}

/** The last valid text; null where a template decides, undefined where nothing is set. */
function lastText(
  { version }: UnitReader,
  unit: LoadedUnit,
  section: string,
  key: string,
): string | null | undefined {
  let found: string | null | undefined;
  for (const setting of unit.settings) {
    if (!concerns(setting, section, key)) continue;
    const text = setting.value.text.text;
    if (setting.key === undefined || setting.conditional || setting.value.holes.length > 0) found = null;
    else if (text === "" && choices[key] === undefined) found = undefined;
    else if (isChoice(key, text, version)) found = text;
  }
  return found;
}

/** Values of Type=, Restart= and KillMode= that systemd does not know. */
export function checkChoices(
  { version }: UnitReader,
  unit: LoadedUnit,
  complain: (setting: Setting) => void,
): void {
  for (const setting of unit.settings) {
    if (setting.section !== "Service" || setting.key === undefined || setting.value.holes.length > 0)
      continue;
    if (!isChoice(setting.key, setting.value.text.text, version)) complain(setting);
  }
}
