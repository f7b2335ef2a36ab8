import { compareBytes, nameOf } from "../../files/host-path.ts";
import { parseUnit } from "../../syntax/unit/parse-unit.ts";
import type { UnitReader } from "./loaded-unit.ts";
import { instantiate, parseUnitName, templateOf, type UnitName } from "./unit-name.ts";
import { sectionsOf } from "./unit-sections.ts";

const wanted = new Set(["service", "socket", "slice"]);

/**
 * The services, sockets and slices of a tree by name, in byte order: those with a file, with drop-ins of their
 * own, and the instances that links in `.wants` directories, drop-ins and other units name. An alias counts
 * under the name of its file; a template counts itself only where no instance of it is named.
 */
export function unitNames(reader: UnitReader): string[] {
  const found = new Map<string, UnitName>();
  const add = (text: string): void => {
    const name = parseUnitName(ownName(reader, text));
    if (name !== undefined && wanted.has(name.type)) found.set(name.text, name);
  };
  for (const name of reader.index.names()) add(name);
  for (const side of reader.index.sideDirectories) {
    const unit = side.slice(0, side.lastIndexOf("."));
    if (side.endsWith(".d")) addDropInOwner(unit, add);
    else
      for (const directory of reader.index.directories)
        addInstances(reader.tree.list(`${directory}/${side}`), add);
  }
  for (const name of [...found.keys(), ...reader.index.names()]) addInstances(mentions(reader, name), add);
  const instances = new Set(
    [...found.values()].flatMap((name) => (name.instance === undefined ? [] : [templateOf(name)])),
  );
  return [...found.keys()].filter((name) => !instances.has(name)).sort(compareBytes);
}

/** An alias stands for the unit whose file it leads to. */
function ownName(reader: UnitReader, text: string): string {
  const name = parseUnitName(text);
  const path = name === undefined ? undefined : reader.index.find(name)?.path;
  const file = path === undefined ? undefined : parseUnitName(nameOf(path));
  if (name === undefined || file === undefined) return text;
  return file.isTemplate && name.instance !== undefined ? instantiate(file, name.instance) : file.text;
}

/** `a-.service.d` belongs to every unit with that prefix, not to one. */
function addDropInOwner(unit: string, add: (text: string) => void): void {
  const name = parseUnitName(unit);
  if (name !== undefined && !name.prefix.endsWith("-")) add(unit);
}

function addInstances(names: readonly string[], add: (text: string) => void): void {
  for (const text of names) if (parseUnitName(text)?.instance !== undefined) add(text);
}

const references = new Set([
  "Service",
  "Sockets",
  "Slice",
  "Wants",
  "Requires",
  "Requisite",
  "BindsTo",
  "PartOf",
  "Upholds",
  "Also",
  "Unit",
]);

/** The units that a unit file names. */
function mentions(reader: UnitReader, text: string): string[] {
  const name = parseUnitName(text);
  const path = name === undefined ? undefined : reader.index.find(name)?.path;
  const source = path === undefined ? undefined : reader.tree.read(path);
  if (name === undefined || source === undefined) return [];
  return parseUnit(source, sectionsOf(name.type)).assignments.flatMap(({ key, value }) =>
    key !== undefined && references.has(key) ? value.text.text.split(/[ \t]+/) : [],
  );
}
