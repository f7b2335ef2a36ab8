import type { Facts } from "../../model/facts.ts";
import type { Nofile, SystemdCommand, SystemdService } from "../../model/systemd.ts";
import {
  type Bytes,
  bytes,
  type Cpus,
  cpus,
  type Descriptors,
  type Processes,
  processes,
  type Seconds,
} from "../../model/units.ts";
import { assuming, byDefault, type Known, relabel, unknown, type Value, written } from "../../model/value.ts";
import { accountOf, maySetResource } from "./account.ts";
import { parseError, rejected } from "./complaint.ts";
import { cpuPlacement } from "./cpu-placement.ts";
import { serviceEnvironment } from "./environment.ts";
import type { LoadedCommand } from "./exec-commands.ts";
import { execList } from "./exec-start.ts";
import { climbsUp, simplified } from "./fatal-settings.ts";
import type { LoadedUnit, UnitReader } from "./loaded-unit.ts";
import { endsWithFirst } from "./main-process.ts";
import { type ManagerConfiguration, readTimeout } from "./manager-configuration.ts";
import { writableIn } from "./mounts.ts";
import { clampNofile, readLimit, splitLimit } from "./nofile.ts";
import { packagedUnit } from "./packaged-unit.ts";
import { checkChoices, type Refusal, serviceRefusal } from "./refusal.ts";
import { readCpuQuota, readMemoryLimit, readTasksMax } from "./resource-control.ts";
import type { ResourceLimit } from "./resource-limit.ts";
import { type Reading, reading, type Setting } from "./setting.ts";
import { sliceOf, smallestOfChain } from "./slices.ts";
import { graceOf } from "./stop.ts";
import { UnitSettings } from "./unit-settings.ts";
import { expandArgument } from "./variables.ts";

/** What the services of one host have in common. */
export interface ServiceGround {
  readonly reader: UnitReader;
  readonly facts: Facts;
  readonly manager: ManagerConfiguration;
  /** Hard nofile limit of PID 1: fs.nr_open at boot. */
  readonly nrOpen: Value<Descriptors>;
  readonly slices: Map<string, LoadedUnit | undefined>;
}

/** A service with all its values; `sockets` are the names of the socket units that start it. */
export function makeService(
  ground: ServiceGround,
  unit: LoadedUnit,
  sockets: readonly string[],
): SystemdService {
  const { reader, manager } = ground;
  const settings = new UnitSettings(reader, unit);
  reportChoices(reader, unit);
  const refusal = serviceRefusal(reader, unit);
  if (refusal !== undefined)
    reader.complaints.add({ problem: undefined, journal: () => `${unit.name.text}: ${refusal.journal}` });
  if (unit.loadState === "bad-setting")
    reader.complaints.add({
      problem: undefined,
      journal: () => `${unit.name.text}: Unit configuration has fatal error, unit will not be started.`,
    });
  const start = execList(reader, unit, "ExecStart").commands;
  const environment = serviceEnvironment(reader, unit, manager.environment);
  const limit = settings.last<ResourceLimit>("Service", "LimitNOFILE", readLimit);
  const limitNofile =
    limit === undefined ? undefined : splitLimit(limit, `LimitNOFILE= of ${unit.name.text}`);
  // The model has no use for it, and systemd complains of it all the same.
  settings.last<ResourceLimit>("Service", "LimitNPROC", readLimit);
  const slice = sliceOf(reader, unit);
  const privateTmp = privateTmpOf(settings);
  const timeoutStop = timeoutStopOf(settings, manager);
  return {
    name: unit.name.text,
    aliases: unit.names.filter((name) => name !== unit.name.text),
    file: unit.file,
    loadState: refusal === undefined ? unit.loadState : "bad-setting",
    path: unit.path,
    dropIns: unit.dropIns,
    startable: refusal === undefined && (unit.loadState === "loaded" || unit.loadState === "absent"),
    refusal: refusalOf(unit, refusal),
    endsWithFirst: endsWithFirst(settings),
    commands: start.map((command) => commandOf(command, environment.get.bind(environment))),
    limitNofile,
    nofile: nofileOf(ground, settings, limitNofile),
    cpuQuota: chained<Cpus>(
      ground,
      settings,
      slice,
      "CPUQuota",
      readCpuQuota,
      cpus(Number.POSITIVE_INFINITY),
    ),
    memoryMax: chained<Bytes>(
      ground,
      settings,
      slice,
      "MemoryMax",
      readMemoryLimit(ground.facts),
      bytes(Number.POSITIVE_INFINITY),
    ),
    memoryHigh: chained<Bytes>(
      ground,
      settings,
      slice,
      "MemoryHigh",
      readMemoryLimit(ground.facts),
      bytes(Number.POSITIVE_INFINITY),
    ),
    tasksMax: chained<Processes>(
      ground,
      settings,
      slice,
      "TasksMax",
      readTasksMax,
      processes(Number.POSITIVE_INFINITY),
      manager.tasksMax,
    ),
    slice,
    allowedCpus: placementOf(settings, "AllowedCPUs"),
    cpuAffinity: placementOf(settings, "CPUAffinity"),
    user: accountOf(settings, start),
    pamName: settings.inForce<string | undefined>(
      "PAMName",
      settings.text("Service", "PAMName"),
      settings.byDefault("PAMName", undefined),
    ),
    maySetResource: maySetResource(settings, start),
    privateNetwork: privateNetworkOf(settings),
    privateTmp,
    workingDirectory: workingDirectoryOf(settings),
    timeoutStop,
    grace: graceOf(settings, timeoutStop),
    writable: writableIn(settings, privateTmp),
    environment,
    sockets,
  };
}

function refusalOf(unit: LoadedUnit, refusal: Refusal | undefined): SystemdService["refusal"] {
  if (refusal !== undefined) {
    const { why, startsTwice, at, because } = refusal;
    return { why, startsTwice, at, because };
  }
  if (unit.failure !== undefined) return { ...unit.failure, startsTwice: false, because: [] };
  return unit.loadState === "masked" && unit.file !== undefined
    ? { why: "it is masked", startsTwice: false, at: unit.file, because: [] }
    : undefined;
}

function commandOf(
  command: LoadedCommand,
  lookup: (name: string) => Value<string | undefined>,
): SystemdCommand {
  const label = "argument of ExecStart=";
  const { program } = command;
  const first: Value<string> =
    program.text === undefined
      ? unknown("program of ExecStart=", program.why ?? "not known", { at: program.at })
      : written("program of ExecStart=", program.text, program.at);
  const rest = command.argv.slice(1);
  return {
    at: command.at,
    words: [
      { at: program.at, text: first },
      ...rest.flatMap((argument) =>
        !command.prefixes.includes(":")
          ? expandArgument(argument, label, lookup)
          : [
              {
                at: argument.at,
                text:
                  argument.text === undefined
                    ? unknown<string>(label, argument.why ?? "not known", { at: argument.at })
                    : written(label, argument.text, argument.at),
              },
            ],
      ),
    ],
  };
}

function nofileOf(
  { manager, nrOpen }: ServiceGround,
  settings: UnitSettings,
  limit: Nofile | undefined,
): Nofile {
  const what = `nofile limit of ${settings.unit.name.text}`;
  if (limit !== undefined) return clampNofile(limit, nrOpen, what);
  const inherited = clampNofile(manager.nofile, nrOpen, what);
  if (settings.unit.loadState !== "absent") return inherited;
  const packaged = packagedUnit(settings.unit.name.text);
  if (packaged !== undefined)
    return { soft: assuming(inherited.soft, packaged), hard: assuming(inherited.hard, packaged) };
  const why = `the unit file of ${settings.unit.name.text} is not here, and its drop-ins set no LimitNOFILE=`;
  return { soft: unknown(`soft ${what}`, why), hard: unknown(`hard ${what}`, why) };
}

/** The smallest of the service and the slices around it. */
function chained<T extends number>(
  ground: ServiceGround,
  settings: UnitSettings,
  slice: Value<string>,
  key: string,
  read: (setting: Setting) => Reading<T>,
  noLimit: T,
  otherwise?: Value<T>,
): Value<T> {
  const none: Known<T> = byDefault(`${key}=`, noLimit, {
    program: "systemd",
    versions: "all",
    source: "systemd.resource-control(5)",
  });
  const ofService = settings.inForce(
    key,
    settings.last<T>("Service", key, read),
    relabel(settings.label(key), otherwise ?? none),
  );
  const readSlice = (unit: LoadedUnit): Value<T> | undefined =>
    new UnitSettings(ground.reader, unit).last<T>("Slice", key, read);
  return smallestOfChain(
    { reader: ground.reader, slices: ground.slices, key: `${key}=`, read: readSlice, none },
    settings.unit,
    slice,
    ofService,
  );
}

function placementOf(
  settings: UnitSettings,
  key: "AllowedCPUs" | "CPUAffinity",
): SystemdService["allowedCpus"] {
  const source = key === "CPUAffinity" ? "systemd.exec(5)" : "systemd.resource-control(5)";
  return settings.inForce<readonly number[] | undefined>(
    key,
    cpuPlacement(settings, "Service", key),
    settings.byDefault(key, undefined, source),
  );
}

function privateNetworkOf(settings: UnitSettings): Value<boolean> {
  const path = settings.text("Service", "NetworkNamespacePath");
  if (path !== undefined)
    return unknown(
      settings.label("PrivateNetwork"),
      "NetworkNamespacePath= puts it into another network namespace",
      {
        from: [path],
      },
    );
  const written = settings.boolean("Service", "PrivateNetwork");
  return settings.inForce("PrivateNetwork", written, settings.byDefault("PrivateNetwork", false));
}

/** Where JoinsNamespaceOf= may give it the /tmp of another unit, it is not known whether it is its own. */
function privateTmpOf(settings: UnitSettings): Value<boolean> {
  const own = ownTmpOf(settings);
  const joined = settings.text("Unit", "JoinsNamespaceOf");
  if (joined === undefined || (own.known && !own.value)) return own;
  return unknown(own.label, "JoinsNamespaceOf= may give it the /tmp of another unit", {
    from: [joined, own],
  });
}

/** PrivateTmp=, which DynamicUser=yes implies; `disconnected` since 257. */
function ownTmpOf(settings: UnitSettings): Value<boolean> {
  const dynamic = settings.boolean("Service", "DynamicUser");
  if (dynamic?.known && dynamic.value) return relabel(settings.label("PrivateTmp"), dynamic);
  const written = settings.last<boolean>("Service", "PrivateTmp", (setting) => {
    const text = setting.value.text.text;
    if (text === "disconnected" || /^(?:1|yes|y|true|t|on)$/i.test(text)) return reading(true);
    if (/^(?:0|no|n|false|f|off)$/i.test(text)) return reading(false);
    return {
      kind: "rejected",
      complaint: rejected(
        setting,
        `PrivateTmp=${text} is neither yes nor no, so systemd ignores it`,
        (version) =>
          version < 257 ? `Failed to parse boolean value, ignoring: ${text}` : parseError(setting),
      ),
    };
  });
  return settings.inForce("PrivateTmp", written, settings.byDefault("PrivateTmp", false));
}

/** `/` by default; `~` is the home directory of User=. */
function workingDirectoryOf(settings: UnitSettings): Value<string> {
  const label = settings.label("WorkingDirectory");
  const found = settings.last<string>("Service", "WorkingDirectory", (setting) => {
    const text = setting.value.text.text.replace(/^-/, "");
    if (text === "~")
      return {
        kind: "unknown",
        value: unknown<string>(label, "`~` is the home directory of its account", { at: setting.at }),
      };
    const expanded = settings.expanded(setting);
    if (expanded.kind !== "value") return expanded;
    const path = expanded.value.replace(/^-/, "");
    const fault = !path.startsWith("/") ? "not absolute" : climbsUp(path) ? "not normalized" : undefined;
    if (fault !== undefined && expanded.value.startsWith("-"))
      return {
        kind: "rejected",
        complaint: rejected(
          setting,
          `WorkingDirectory=${expanded.value} is ${fault}, so systemd ignores it`,
          `WorkingDirectory= path is ${fault}, ignoring: ${fault === "not absolute" ? path : simplified(path)}`,
        ),
      };
    return reading(simplified(path));
  });
  return settings.inForce("WorkingDirectory", found, settings.byDefault("WorkingDirectory", "/"));
}

/** TimeoutStopSec= or TimeoutSec=, whichever stands last. */
function timeoutStopOf(settings: UnitSettings, manager: ManagerConfiguration): Value<Seconds> {
  const found = settings.last<Seconds>("Service", ["TimeoutStopSec", "TimeoutSec"], readTimeout);
  return settings.inForce(
    "TimeoutStopSec",
    found,
    relabel(settings.label("TimeoutStopSec"), manager.timeoutStop),
  );
}

const choiceWords: Readonly<Record<string, string>> = {
  Type: "service type",
  Restart: "service restart specifier",
  KillMode: "kill mode specification",
};

function reportChoices(reader: UnitReader, unit: LoadedUnit): void {
  checkChoices(reader, unit, (setting) => {
    const text = setting.value.text.text;
    const key = setting.key ?? "";
    reader.complaints.add(
      rejected(
        setting,
        `${key}=${text} is none of the values that ${key}= takes, so systemd ignores it`,
        (version) =>
          version < 253 ? `Failed to parse ${choiceWords[key]}, ignoring: ${text}` : parseError(setting),
        /\s[#;]/.test(text) ? "a comment needs a line of its own" : undefined,
      ),
    );
  });
}
