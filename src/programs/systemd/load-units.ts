import type { FileTree } from "../../files/file-tree.ts";
import type { Facts } from "../../model/facts.ts";
import type { SystemdSocket, SystemdUnits } from "../../model/systemd.ts";
import type { Descriptors } from "../../model/units.ts";
import type { Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { UnitFile } from "../../syntax/unit/unit-file.ts";
import { Complaints } from "./complaint.ts";
import { emptyLimits } from "./empty-limits.ts";
import { fatalCheck } from "./exec-start.ts";
import { idleDropIns } from "./idle-drop-ins.ts";
import { type LoadedUnit, loadUnit, type UnitReader } from "./loaded-unit.ts";
import { loadManagerConfiguration } from "./manager-configuration.ts";
import { makeService, type ServiceGround } from "./service.ts";
import { makeSocket } from "./socket.ts";
import { trailingComments } from "./trailing-comments.ts";
import { unitDirectories } from "./unit-directories.ts";
import { UnitIndex } from "./unit-index.ts";
import { parseUnitName } from "./unit-name.ts";
import { unitNames } from "./unit-names.ts";
import { unknownKeys } from "./unknown-keys.ts";

export interface LoadOptions {
  /** fs.nr_open at boot, which PID 1 takes as its own hard limit: see nr-open-at-boot.ts. */
  readonly nrOpen: Value<Descriptors>;
}

export interface LoadedUnits {
  readonly units: SystemdUnits;
  readonly problems: readonly Problem[];
  /** Every unit file, drop-in and system.conf that was read, by host path. */
  readonly files: ReadonlyMap<string, UnitFile>;
  /** Each service, socket and slice before its values were looked at, by name. */
  readonly loaded: ReadonlyMap<string, LoadedUnit>;
  /** What PID 1 writes to the journal while it loads them, in the words of a version such as 252. */
  journal(version: number): string[];
}

/** Loads the system units of a host as PID 1 does (systemd 247 to 262). Never throws. */
export function loadUnits(tree: FileTree, facts: Facts, options: LoadOptions): LoadedUnits {
  const complaints = new Complaints();
  const version = facts.systemd.known ? majorOf(facts.systemd.value.text) : undefined;
  const index = new UnitIndex(tree, unitDirectories(tree));
  const reader: UnitReader = {
    tree,
    index,
    complaints,
    version,
    isFatal: fatalCheck(version, (complaint) => complaints.add(complaint)),
    files: new Map(),
  };
  const manager = loadManagerConfiguration(reader, facts);
  const loaded = new Map<string, LoadedUnit>();
  for (const text of unitNames(reader)) {
    const name = parseUnitName(text);
    const unit = name === undefined ? undefined : loadUnit(reader, name);
    if (unit !== undefined) loaded.set(text, unit);
  }
  const ground: ServiceGround = { reader, facts, manager, nrOpen: options.nrOpen, slices: new Map() };
  const sockets = [...loaded.values()]
    .filter((unit) => unit.name.type === "socket")
    .flatMap((unit) => makeSocket(reader, facts, unit) ?? []);
  const services = [...loaded.values()]
    .filter((unit) => unit.name.type === "service")
    .map((unit) => makeService(ground, unit, socketsOf(unit, sockets)));
  return {
    units: {
      services,
      sockets,
      defaultNofile: manager.nofile,
      unknownKeys: unknownKeys(reader.files.values(), version),
      trailingComments: trailingComments(loaded.values(), version),
      idleDropIns: idleDropIns(loaded.values()),
    },
    problems: [...complaints.problems(), ...emptyLimits(loaded.values())],
    files: reader.files,
    loaded,
    journal: (wanted) => complaints.journal(wanted),
  };
}

function majorOf(text: string): number {
  return Number(/\d+/.exec(text)?.[0] ?? "0");
}

/** The sockets that hand their listening sockets to a service: by name, Service= or the service's Sockets=. */
function socketsOf(unit: LoadedUnit, sockets: readonly SystemdSocket[]): string[] {
  const named = unit.settings
    .filter((setting) => setting.section === "Service" && setting.key === "Sockets")
    .flatMap((setting) => setting.value.text.text.split(/[ \t]+/));
  return sockets
    .filter((socket) => unit.names.includes(socket.service) || named.includes(socket.name))
    .map((socket) => socket.name);
}
