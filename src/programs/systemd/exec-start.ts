import type { Span } from "../../text/span.ts";
import type { Complaint } from "./complaint.ts";
import { type LoadedCommand, loadExecLine } from "./exec-commands.ts";
import { accountFault, oddAccount, workingDirectoryFault } from "./fatal-settings.ts";
import type { FatalCheck, LoadedUnit, UnitReader } from "./loaded-unit.ts";
import { concerns, holeText } from "./setting.ts";

const execKeys = new Set([
  "ExecCondition",
  "ExecStartPre",
  "ExecStart",
  "ExecStartPost",
  "ExecReload",
  "ExecReloadPost",
  "ExecStop",
  "ExecStopPost",
]);

/** The settings whose faults make systemd give up a file: those whose parser returns ENOEXEC. */
export function fatalCheck(
  version: number | undefined,
  complain: (complaint: Complaint) => void,
): FatalCheck {
  return (name, path, setting) => {
    if (setting.section !== "Service" || setting.key === undefined) return undefined;
    if (execKeys.has(setting.key)) {
      const line = loadExecLine(setting, { name, path, version });
      for (const complaint of line.complaints) complain(complaint);
      return line.fatal;
    }
    if (setting.key === "User" || setting.key === "Group") {
      const odd = oddAccount(setting, name, path, version);
      if (odd !== undefined) complain(odd);
      return accountFault(setting, name, path, version);
    }
    return setting.key === "WorkingDirectory"
      ? workingDirectoryFault(setting, name, path, version)
      : undefined;
  };
}

/** The commands of an Exec*= list that are in force; an empty assignment starts it anew. */
export interface ExecList {
  readonly commands: readonly LoadedCommand[];
  /** Why there may be more or fewer: a template hole that may add a line. */
  readonly uncertain: string | undefined;
  /** Where the list is written, in order. */
  readonly at: readonly Span[];
}

export function execList(reader: UnitReader, unit: LoadedUnit, key: string): ExecList {
  let commands: LoadedCommand[] = [];
  let at: Span[] = [];
  let uncertain: string | undefined;
  const context = { name: unit.name, path: unit.path, version: reader.version };
  for (const setting of unit.settings) {
    if (!concerns(setting, "Service", key)) continue;
    if (setting.key === undefined) uncertain = holeText(setting);
    else if (setting.conditional) uncertain = "a condition of a template decides about it";
    if (setting.key === undefined) continue;
    if (setting.value.text.text === "") {
      if (setting.conditional) continue;
      commands = [];
      at = [];
      uncertain = undefined;
      continue;
    }
    const line = loadExecLine(setting, context);
    commands.push(...line.commands);
    if (line.commands.length > 0) at.push(...line.commands.map((command) => command.at));
  }
  return { commands, uncertain, at };
}
