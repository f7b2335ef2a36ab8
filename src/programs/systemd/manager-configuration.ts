import { compareBytes } from "../../files/host-path.ts";
import type { Facts } from "../../model/facts.ts";
import type { Nofile } from "../../model/systemd.ts";
import { type Processes, type Seconds, seconds } from "../../model/units.ts";
import { byDefault, derive, type Known, unknown, type Value } from "../../model/value.ts";
import { parseUnit } from "../../syntax/unit/parse-unit.ts";
import { parseError, rejected } from "./complaint.ts";
import { environmentAssignments } from "./environment.ts";
import { faultJournal, settingsOf, type UnitReader } from "./loaded-unit.ts";
import { readLimit, splitLimit } from "./nofile.ts";
import { readTasksMax } from "./resource-control.ts";
import type { ResourceLimit } from "./resource-limit.ts";
import { lastValid, type Reading, reading, type Setting } from "./setting.ts";
import { parseTimeSpan } from "./time-span.ts";
import { parseUnitName } from "./unit-name.ts";

/** What system.conf sets for every unit, systemd-system.conf(5). */
export interface ManagerConfiguration {
  readonly nofile: Nofile;
  readonly timeoutStop: Value<Seconds>;
  readonly tasksMax: Value<Processes>;
  readonly environment: ReadonlyMap<string, Known<string>>;
}

/** An upper directory hides files of the same name in a lower one; all files are sorted together by name. */
const dropInDirectories = [
  "/etc/systemd/system.conf.d",
  "/run/systemd/system.conf.d",
  "/usr/local/lib/systemd/system.conf.d",
  "/usr/lib/systemd/system.conf.d",
  "/lib/systemd/system.conf.d",
];

const mainFiles = [
  "/etc/systemd/system.conf",
  "/run/systemd/system.conf",
  "/usr/local/lib/systemd/system.conf",
  "/usr/lib/systemd/system.conf",
];

/** Reads system.conf and its drop-ins: config_parse_config_file of src/shared/conf-parser.c. */
export function loadManagerConfiguration(reader: UnitReader, facts: Facts): ManagerConfiguration {
  const settings = configurationPaths(reader).flatMap((path) => readFile(reader, path));
  const last = <T>(key: string, read: (setting: Setting, current: Value<T> | undefined) => Reading<T>) =>
    lastValid<T>(settings, "Manager", key, `${key}=`, reader.complaints, read).value;
  const nofile = last<ResourceLimit>("DefaultLimitNOFILE", readLimit) ?? builtInNofile(facts);
  const environment = new Map<string, Known<string>>();
  for (const setting of settings) {
    if (setting.section !== "Manager" || setting.key !== "DefaultEnvironment") continue;
    if (setting.value.text.text === "") environment.clear();
    for (const { name, value } of environmentAssignments(setting, managerContext(reader), reader))
      if (value.known) environment.set(name, value);
  }
  return {
    nofile: splitLimit(nofile, "nofile limit of services by default"),
    timeoutStop: last<Seconds>("DefaultTimeoutStopSec", readTimeout) ?? builtInTimeout(facts),
    tasksMax:
      last<Processes>("DefaultTasksMax", readTasksMax) ??
      unknown<Processes>(
        "TasksMax=",
        "by default 15 % of the smallest of kernel.pid_max, kernel.threads-max and the pids.max of the machine",
      ),
    environment,
  };
}

function configurationPaths({ tree }: UnitReader): string[] {
  const main = mainFiles.find((path) => tree.kind(path) !== "missing");
  const chosen = new Map<string, string>();
  for (const directory of dropInDirectories)
    for (const name of tree.list(directory))
      if (name.endsWith(".conf") && !name.startsWith(".") && !chosen.has(name))
        chosen.set(name, `${directory}/${name}`);
  const sorted = [...chosen].sort(([one], [other]) => compareBytes(one, other)).map(([, path]) => path);
  return main === undefined ? sorted : [main, ...sorted];
}

function readFile(reader: UnitReader, path: string): Setting[] {
  const source = reader.tree.read(path);
  if (source === undefined) return [];
  const parsed = parseUnit(source, new Set(["Manager"]));
  reader.files.set(path, parsed);
  for (const [index, fault] of parsed.faults.entries())
    reader.complaints.add({ problem: parsed.problems[index], journal: () => faultJournal(fault, path) });
  return settingsOf(parsed, path);
}

/** %n and the like mean nothing here; those of the machine do. */
function managerContext(reader: UnitReader) {
  const name = parseUnitName("init.scope") ?? {
    text: "",
    type: "scope" as const,
    prefix: "",
    instance: undefined,
    isTemplate: false,
  };
  return { name, path: undefined, version: reader.version };
}

export function readTimeout(setting: Setting): Reading<Seconds> {
  const span = parseTimeSpan(setting.value.text.text);
  if (span !== undefined) return reading(seconds(span === 0 ? Number.POSITIVE_INFINITY : span));
  return {
    kind: "rejected",
    complaint: rejected(
      setting,
      `${setting.key}=${setting.value.text.text} is no time span, so systemd ignores it`,
      (version) => {
        const old = setting.key === "TimeoutSec" ? "TimeoutSec= parameter" : "time value";
        return version < 253
          ? `Failed to parse ${old}, ignoring: ${setting.value.text.text}`
          : parseError(setting);
      },
    ),
  };
}

const sinceRaised = { soft: 1024, hard: 524288 };
const ofKernel = { soft: 1024, hard: 4096 };

/** 1024:524288 since 240 (NEWS); before, the kernel's own limits reach every service. */
function builtInNofile(facts: Facts): Value<ResourceLimit> {
  const label = "DefaultLimitNOFILE=";
  const raised = byDefault(label, sinceRaised, {
    program: "systemd",
    versions: "since 240",
    source: "systemd-system.conf(5), NEWS of systemd 240",
  });
  const kept = byDefault(label, ofKernel, {
    program: "Linux",
    versions: "systemd before 240",
    source: "INR_OPEN_CUR and INR_OPEN_MAX of include/uapi/linux/fs.h",
  });
  if (!facts.systemd.known)
    return unknown<ResourceLimit>(label, facts.systemd.origin.why, {
      fact: "systemd",
      candidates: [raised, kept],
    });
  return facts.systemd.value.atLeast("240") ? raised : kept;
}

/** 90 s upstream; Fedora builds with 45 s since 37. */
function builtInTimeout({ distribution }: Facts): Value<Seconds> {
  const label = "DefaultTimeoutStopSec=";
  const source = "systemd-system.conf(5)";
  const upstream = byDefault(label, seconds(90), { program: "systemd", versions: "all", source });
  const fedora = byDefault(label, seconds(45), {
    program: "systemd of Fedora",
    versions: "Fedora 37 and later",
    source,
  });
  if (!distribution.known)
    return unknown<Seconds>(label, distribution.origin.why, {
      fact: "distribution",
      candidates: [upstream, fedora],
    });
  return derive(
    label,
    "the default of the distribution",
    [distribution.value.name === "fedora" ? fedora : upstream],
    (span) => span,
  );
}
