import { expand } from "../../files/glob.ts";
import type { SystemdEnvironment } from "../../model/systemd.ts";
import { type Known, unknown, type Value, written } from "../../model/value.ts";
import { parseEnvironmentFile } from "../../syntax/environment-file/parse-environment-file.ts";
import { extractWord } from "../../syntax/exec-line/extract-word.ts";
import { holesWithin, maskHoles } from "../../syntax/unit/template-holes.ts";
import { rejected } from "./complaint.ts";
import { Variables } from "./environment-variables.ts";
import { climbsUp, simplified } from "./fatal-settings.ts";
import type { LoadedUnit, UnitReader } from "./loaded-unit.ts";
import { concerns, holeText, type Setting } from "./setting.ts";
import { expandSpecifiers, type SpecifierContext } from "./specifiers.ts";

/** The variables of the processes of a service: Environment=, then EnvironmentFile= over them, systemd.exec(5). */
export function serviceEnvironment(
  reader: UnitReader,
  unit: LoadedUnit,
  defaults: ReadonlyMap<string, Known<string>>,
): SystemdEnvironment {
  const variables = new Variables(unit, defaults);
  readAssignments(reader, unit, variables);
  for (const setting of fileSettings(unit)) readFiles(reader, unit, setting, variables);
  for (const setting of unit.settings)
    if (concerns(setting, "Service", "UnsetEnvironment"))
      for (const word of setting.value.text.text.split(/[ \t]+/)) variables.unset(word, setting);
  return variables;
}

/** The assignments of one Environment= or DefaultEnvironment= line. */
export function environmentAssignments(
  setting: Setting,
  context: SpecifierContext,
  reader: UnitReader,
): { name: string; value: Value<string> }[] {
  const found: { name: string; value: Value<string> }[] = [];
  const { text, holes } = setting.value;
  const masked = maskHoles(text.text, holes);
  for (let at = 0; at < masked.length; ) {
    const word = extractWord(masked, at, { escapes: true });
    if (word.kind === "end") break;
    if (word.kind === "invalid") {
      reader.complaints.add(
        rejected(
          setting,
          `\`${text.text.slice(at)}\` has an open quote or an unknown escape, so systemd ignores it`,
          `Invalid syntax, ignoring: ${text.text}`,
        ),
      );
      break;
    }
    at = word.next;
    const place = text.span(word.start, word.end);
    const name = word.text.slice(0, Math.max(0, word.text.indexOf("=")));
    const [hole] = holesWithin(holes, word.start, word.end);
    if (hole !== undefined) {
      found.push({
        name,
        value: unknown(name, `\`${text.text.slice(word.start, word.end)}\` is filled in by a template`, {
          at: place,
        }),
      });
      continue;
    }
    const expansion = expandSpecifiers(word.text, context);
    if (expansion.kind === "unknown")
      found.push({ name, value: unknown(name, expansion.why, { at: place }) });
    else if (expansion.kind === "invalid")
      reader.complaints.add(
        rejected(
          setting,
          `\`${expansion.specifier}\` in \`${word.text}\` is no specifier, so systemd drops this variable`,
          `Failed to resolve specifiers in ${word.text}, ignoring: Invalid slot`,
          "write `%%` for a percent sign",
        ),
      );
    else if (isAssignment(expansion.text)) {
      const equals = expansion.text.indexOf("=");
      const variable = expansion.text.slice(0, equals);
      found.push({ name: variable, value: written(variable, expansion.text.slice(equals + 1), place) });
    } else
      reader.complaints.add(
        rejected(
          setting,
          `\`${expansion.text}\` is no NAME=value, so systemd drops it`,
          `Invalid environment assignment, ignoring: ${expansion.text}`,
          'quote the whole assignment where the value holds blanks: "NAME=a b"',
        ),
      );
  }
  return found;
}

/** env_assignment_is_valid of src/basic/env-util.c. */
function isAssignment(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(text);
}

function readAssignments(reader: UnitReader, unit: LoadedUnit, variables: Variables): void {
  for (const setting of unit.settings) {
    if (!concerns(setting, "Service", ["Environment", "PassEnvironment"])) continue;
    if (setting.key === undefined) variables.open(`${holeText(setting)}, which may set it`, setting);
    else if (setting.key === "PassEnvironment")
      for (const name of setting.value.text.text.split(/[ \t]+/)) variables.pass(name, setting);
    else if (setting.value.text.text === "") variables.reset(setting);
    else
      for (const { name, value } of environmentAssignments(
        setting,
        { name: unit.name, path: unit.path, version: reader.version },
        reader,
      ))
        if (/^[A-Za-z_]\w*$/.test(name)) variables.set(name, value, setting.conditional);
        else variables.open(value.known ? "" : value.origin.why, setting);
  }
}

/** The EnvironmentFile= lines in force. */
function fileSettings(unit: LoadedUnit): Setting[] {
  let files: Setting[] = [];
  for (const setting of unit.settings) {
    if (setting.key === undefined || !concerns(setting, "Service", "EnvironmentFile")) continue;
    if (setting.value.text.text === "" && !setting.conditional) files = [];
    else files.push(setting);
  }
  return files;
}

function readFiles(reader: UnitReader, unit: LoadedUnit, setting: Setting, variables: Variables): void {
  if (setting.value.holes.length > 0) {
    variables.open(`the EnvironmentFile= ${holeText(setting)}`, setting);
    return;
  }
  const context = { name: unit.name, path: unit.path, version: reader.version };
  const expansion = expandSpecifiers(setting.value.text.text, context);
  if (expansion.kind === "invalid") {
    reader.complaints.add(
      rejected(
        setting,
        `\`${expansion.specifier}\` is no specifier, so systemd ignores this EnvironmentFile=`,
        `Failed to resolve unit specifiers in '${setting.value.text.text}', ignoring: Invalid slot`,
        "write `%%` for a percent sign",
      ),
    );
    return;
  }
  if (expansion.kind === "unknown") {
    variables.open(`the name of an EnvironmentFile= is not known: ${expansion.why}`, setting);
    return;
  }
  const optional = expansion.text.startsWith("-");
  const path = optional ? expansion.text.slice(1) : expansion.text;
  if (!path.startsWith("/")) {
    reader.complaints.add(
      rejected(
        setting,
        `\`${path}\` is no absolute path, so systemd ignores this EnvironmentFile=`,
        `EnvironmentFile= path is not absolute, ignoring: ${path}`,
      ),
    );
    return;
  }
  if (climbsUp(path)) {
    reader.complaints.add(
      rejected(
        setting,
        `\`${path}\` goes up with \`..\`, so systemd ignores this EnvironmentFile=`,
        `EnvironmentFile= path is not normalized, ignoring: ${simplified(path)}`,
      ),
    );
    return;
  }
  const files = expand(reader.tree, path).filter((each) => reader.tree.read(each) !== undefined);
  if (files.length === 0 || setting.conditional)
    variables.open(
      setting.conditional
        ? "a condition of a template decides whether an EnvironmentFile= is there"
        : `${path}, an EnvironmentFile= that may set it, is not here`,
      setting,
    );
  for (const file of files) readFile(reader, unit, setting, file, variables);
}

function readFile(
  reader: UnitReader,
  unit: LoadedUnit,
  setting: Setting,
  path: string,
  variables: Variables,
): void {
  const source = reader.tree.read(path);
  if (source === undefined) return;
  for (const { at, name, value, afterContinuedComment } of parseEnvironmentFile(source)) {
    if (afterContinuedComment && reader.version !== undefined && reader.version < 254) continue;
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      reader.complaints.add({
        problem: {
          rule: "systemd/value",
          message: `\`${name}\` is no name of a variable, so systemd drops this line`,
          at,
          ...(name.startsWith("export ")
            ? { help: "an EnvironmentFile= is no shell script: leave `export` out" }
            : {}),
        },
        journal: () =>
          `${unit.name.text}: Ignoring invalid environment assignment '${name}=${value}': ${path}`,
      });
      continue;
    }
    const uncertain = afterContinuedComment && reader.version === undefined;
    variables.set(
      name,
      uncertain
        ? unknown(name, "before systemd 254 the backslash of the comment above makes this line a comment", {
            at,
            fact: "systemd",
          })
        : written(name, value, at),
      setting.conditional,
    );
  }
}
