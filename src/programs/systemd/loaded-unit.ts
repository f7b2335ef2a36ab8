import type { FileTree } from "../../files/file-tree.ts";
import { parseUnit } from "../../syntax/unit/parse-unit.ts";
import type { UnitAssignment, UnitFault, UnitFile } from "../../syntax/unit/unit-file.ts";
import { fileSpan, type Span, span } from "../../text/span.ts";
import type { Complaint, Complaints } from "./complaint.ts";
import { dropInPaths } from "./drop-ins.ts";
import { canonicalPath } from "./host-links.ts";
import type { Setting } from "./setting.ts";
import { isMask, type UnitIndex } from "./unit-index.ts";
import { parseUnitName, type UnitName } from "./unit-name.ts";
import { sectionsOf } from "./unit-sections.ts";

/** `LoadState` of systemctl show. `absent`: the file is a package's or another machine's, and only drop-ins are here. */
type LoadState = "loaded" | "masked" | "bad-setting" | "error" | "absent";

/** A unit with everything that applies to it, before its values are looked at. */
export interface LoadedUnit {
  readonly name: UnitName;
  /** Its own name and its aliases. */
  readonly names: readonly string[];
  readonly loadState: LoadState;
  /** Why it cannot be loaded, where a file is to blame. */
  readonly failure: { readonly why: string; readonly at: Span } | undefined;
  /** Host path, as `FragmentPath` of systemctl show; undefined where it is not here. */
  readonly path: string | undefined;
  /** The whole file, to point at. */
  readonly file: Span | undefined;
  /** Host paths in the order in which they are applied. */
  readonly dropIns: readonly string[];
  /** From the unit file and then from each drop-in. */
  readonly settings: readonly Setting[];
}

/** Whether a setting makes systemd stop reading the file (ENOEXEC of its parser). */
export type FatalCheck = (
  unit: UnitName,
  path: string | undefined,
  setting: Setting,
) => Complaint | undefined;

export interface UnitReader {
  readonly tree: FileTree;
  readonly index: UnitIndex;
  readonly complaints: Complaints;
  readonly version: number | undefined;
  readonly isFatal: FatalCheck;
  /** Every unit file and drop-in that was read, by host path. */
  readonly files: Map<string, UnitFile>;
}

/**
 * Reads a unit with its drop-ins; undefined where there are neither (unit_load_fragment and unit_load_dropin of
 * src/core).
 */
export function loadUnit(reader: UnitReader, name: UnitName): LoadedUnit | undefined {
  const fragment = reader.index.find(name);
  const names = fragment?.names ?? [name.text];
  const dropIns = dropInPaths(reader.tree, reader.index.directories, [name.text, ...names], name.type);
  if (fragment === undefined && !dropIns.some((path) => isOwn(path, reader, names))) return undefined;
  const settings: Setting[] = [];
  if (fragment !== undefined) {
    const path = linkedPath(reader, fragment.path);
    const source = reader.tree.read(fragment.path);
    const unit = { name, names, path, file: source === undefined ? undefined : fileSpan(source), settings };
    if (isMask(reader.tree, fragment.path)) {
      const ignored = (reader.version ?? 257) >= 257;
      return { ...unit, loadState: "masked", failure: undefined, dropIns: ignored ? [] : dropIns };
    }
    if (source === undefined) return { ...unit, loadState: "error", failure: undefined, dropIns: [] };
    const read = readFile(reader, name, path, path, settings);
    if (read.failure !== undefined)
      return { ...unit, loadState: read.fatal ? "bad-setting" : "error", failure: read.failure, dropIns: [] };
    for (const each of dropIns) readFile(reader, name, path, each, settings);
    return { ...unit, loadState: "loaded", failure: undefined, dropIns };
  }
  for (const each of dropIns) readFile(reader, name, undefined, each, settings);
  return {
    name,
    names,
    loadState: "absent",
    failure: undefined,
    path: undefined,
    file: undefined,
    dropIns,
    settings,
  };
}

/** Whether a drop-in stands in a directory of the unit itself, not in one that many units share. */
function isOwn(path: string, reader: UnitReader, names: readonly string[]): boolean {
  return names.some((name) => {
    const unit = parseUnitName(name);
    const places = unit?.instance === undefined ? [name] : [name, `${unit.prefix}@.${unit.type}`];
    return places.some((place) =>
      reader.index.directories.some((directory) =>
        path.startsWith(`${canonicalPath(reader.tree, `${directory}/${place}.d`)}/`),
      ),
    );
  });
}

/** Before 251 a linked unit is named by the file that the link points to. */
function linkedPath(reader: UnitReader, path: string): string {
  return (reader.version ?? 251) >= 251 ? path : canonicalPath(reader.tree, path);
}

interface FileReading {
  readonly failure: LoadedUnit["failure"];
  /** A setting is to blame, not the grammar of the file. */
  readonly fatal: boolean;
}

function readFile(
  reader: UnitReader,
  name: UnitName,
  unitPath: string | undefined,
  path: string,
  settings: Setting[],
): FileReading {
  const parsed = parsedFile(reader, name, path);
  if (parsed === undefined) return { failure: undefined, fatal: false };
  for (const setting of settingsOf(parsed, path)) {
    const complaint = setting.value.holes.length > 0 ? undefined : reader.isFatal(name, unitPath, setting);
    if (complaint !== undefined) {
      reader.complaints.add(complaint);
      return {
        failure: { why: complaint.problem?.message ?? "a setting that systemd refuses", at: setting.at },
        fatal: true,
      };
    }
    settings.push(setting);
  }
  const { failure } = parsed;
  if (failure === undefined) return { failure: undefined, fatal: false };
  return { failure: { why: failureText(failure), at: failure.at }, fatal: false };
}

function failureText(fault: UnitFault): string {
  if (fault.kind === "not-utf8") return "a line is no valid UTF-8";
  return fault.kind === "too-long" ? "a line is longer than 1 MiB" : `\`${fault.text}\` is no section header`;
}

function parsedFile(reader: UnitReader, name: UnitName, path: string): UnitFile | undefined {
  const known = reader.files.get(path);
  if (known !== undefined) return known;
  const source = reader.tree.read(path);
  if (source === undefined) return undefined;
  const parsed = parseUnit(source, sectionsOf(name.type));
  reader.files.set(path, parsed);
  for (const [index, fault] of parsed.faults.entries())
    reader.complaints.add({ problem: parsed.problems[index], journal: () => faultJournal(fault, path) });
  return parsed;
}

/** The words of config_parse and parse_line of src/shared/conf-parser.c. */
export function faultJournal(fault: UnitFault, path: string): string | undefined {
  const place = `${path}:${fault.line}: `;
  switch (fault.kind) {
    case "outside-section":
      return `${place}Assignment outside of section. Ignoring.`;
    case "no-equals":
      return `${place}Missing '=', ignoring line.`;
    case "no-key":
      return `${place}Missing key name before '=', ignoring line.`;
    case "section-unknown":
      return `${place}Unknown section '${fault.text}'. Ignoring.`;
    case "section-unclosed":
      return `${place}Invalid section header '${fault.text}'`;
    case "section-characters":
      return `${place}Bad characters in section header '${fault.text}'`;
    case "not-utf8":
      return `${place}String is not UTF-8 clean, ignoring assignment: ${replaceBytes(fault.text)}`;
    case "too-long":
      return undefined;
  }
}

/** utf8_escape_invalid of src/basic/utf8.c, on a text that was read as latin-1. */
function replaceBytes(text: string): string {
  return text.replace(/[\x80-\xff]/g, "\ufffd");
}

/** The assignments of a file, and the lines where a template may put any. */
export function settingsOf(parsed: UnitFile, path: string): Setting[] {
  const last = parsed.failure?.at.start ?? Number.POSITIVE_INFINITY;
  const inForce = new Set<object>(parsed.assignments);
  const settings: Setting[] = [];
  for (const line of parsed.lines) {
    if (line.kind === "assignment" && inForce.has(line)) settings.push(settingOf(line, path));
    else if (
      line.kind === "template" &&
      line.at.start < last &&
      line.holes.some((hole) => hole.kind === "output")
    ) {
      const { text, holes } = line;
      const first = holes.find((hole) => hole.kind === "output");
      const at = first === undefined ? text.at : text.span(first.start, first.end);
      settings.push({
        section: line.section,
        key: undefined,
        value: { text, holes: first === undefined ? [] : [first] },
        keyAt: at,
        at,
        conditional: false,
        path,
        line: 0,
      });
    }
  }
  return settings;
}

function settingOf(assignment: UnitAssignment, path: string): Setting {
  const { keyAt, value } = assignment;
  return {
    section: assignment.section,
    key: assignment.key,
    value,
    keyAt,
    at: span(keyAt.file, keyAt.start, Math.max(keyAt.end, value.text.at.end)),
    conditional: assignment.conditional,
    path,
    line: assignment.line,
  };
}
