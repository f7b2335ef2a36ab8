import { addressText } from "../../../src/model/address.ts";
import type { Facts } from "../../../src/model/facts.ts";
import type { Value } from "../../../src/model/value.ts";
import { cpuPlacement } from "../../../src/programs/systemd/cpu-placement.ts";
import { serviceEnvironment } from "../../../src/programs/systemd/environment.ts";
import type { LoadedCommand } from "../../../src/programs/systemd/exec-commands.ts";
import { execList } from "../../../src/programs/systemd/exec-start.ts";
import type { LoadedUnits } from "../../../src/programs/systemd/load-units.ts";
import type { LoadedUnit, UnitReader } from "../../../src/programs/systemd/loaded-unit.ts";
import { readLimit } from "../../../src/programs/systemd/nofile.ts";
import {
  readCpuQuota,
  readMemoryLimit,
  readTasksMax,
} from "../../../src/programs/systemd/resource-control.ts";
import type { ResourceLimit } from "../../../src/programs/systemd/resource-limit.ts";
import { sliceChain } from "../../../src/programs/systemd/slices.ts";
import { parseTimeSpan } from "../../../src/programs/systemd/time-span.ts";
import { UnitSettings } from "../../../src/programs/systemd/unit-settings.ts";

/** What the model says a property of `systemctl show` is; undefined for what it does not hold. */
export type Shown = string | readonly string[] | undefined;

interface Asked {
  readonly loaded: LoadedUnits;
  readonly reader: UnitReader;
  readonly facts: Facts;
  readonly unit: LoadedUnit;
  readonly version: number;
  readonly nrOpen: number;
}

const infinite = (number: number): string =>
  number === Number.POSITIVE_INFINITY ? "infinity" : String(number);

/** The value of a property as `systemctl show` prints it. */
export function show(asked: Asked, property: string): Shown {
  const { loaded, unit } = asked;
  const service = loaded.units.services.find((each) => each.name === unit.name.text);
  const socket = loaded.units.sockets.find((each) => each.name === unit.name.text);
  const section = unit.name.type === "slice" ? "Slice" : unit.name.type === "socket" ? "Socket" : "Service";
  const settings = new UnitSettings(asked.reader, unit);
  const text = (key: string): Value<string> | undefined => settings.text(section, key);
  const known = <T>(value: Value<T> | undefined): T | undefined => (value?.known ? value.value : undefined);
  switch (property) {
    case "LoadState":
      return service?.loadState ?? unit.loadState;
    case "LoadError":
      return loadError(unit.name.text, service?.loadState ?? unit.loadState, asked.version);
    case "FragmentPath":
      return unit.path;
    case "DropInPaths":
      return unit.dropIns.join(" ");
    case "LimitNOFILE":
    case "LimitNOFILESoft": {
      if (unit.loadState === "error") return String(asked.nrOpen);
      const limit = service?.limitNofile ?? loaded.units.defaultNofile;
      const side = property === "LimitNOFILE" ? limit.hard : limit.soft;
      return side.known ? infinite(side.value) : undefined;
    }
    case "LimitNPROC":
    case "LimitNPROCSoft": {
      const limit = known(settings.last<ResourceLimit>(section, "LimitNPROC", readLimit));
      return limit && infinite(property === "LimitNPROC" ? limit.hard : limit.soft);
    }
    case "CPUQuotaPerSecUSec":
      return timeText(known(settings.last(section, "CPUQuota", readCpuQuota)) ?? Number.POSITIVE_INFINITY);
    case "CPUQuotaPeriodUSec": {
      const written = known(text("CPUQuotaPeriodSec"));
      return timeText(
        written === undefined ? Number.POSITIVE_INFINITY : (parseTimeSpan(written) ?? Number.NaN),
      );
    }
    case "MemoryMax":
    case "MemoryLimit": {
      const read = readMemoryLimit(asked.facts);
      const bytes = known(settings.last(section, property, read)) ?? Number.POSITIVE_INFINITY;
      return infinite(bytes);
    }
    case "TasksMax": {
      const number = known(settings.last(section, "TasksMax", readTasksMax));
      return number === undefined ? undefined : infinite(number);
    }
    case "Slice":
      return section === "Slice" ? (sliceChain(unit.name.text)[1] ?? "-.slice") : known(service?.slice);
    case "AllowedCPUs":
    case "CPUAffinity":
      return ranges(known(cpuPlacement(settings, section, property)) ?? []);
    case "User":
      return (
        known(text("User")) ?? (known(settings.boolean(section, "DynamicUser")) ? known(service?.user) : "")
      );
    case "DynamicUser":
      return known(settings.boolean(section, "DynamicUser")) ? "yes" : "no";
    case "WorkingDirectory":
      return known(text("WorkingDirectory"));
    case "Description":
      return unit.loadState === "error" ? unit.name.text : known(settings.text("Unit", "Description"));
    case "Environment":
      return environmentLine(asked);
    case "EnvironmentFiles":
      return single(
        unit.settings
          .filter((setting) => setting.key === "EnvironmentFile")
          .map((setting) => setting.value.text.text)
          .map((path) => `${path.replace(/^-/, "")} (ignore_errors=${path.startsWith("-") ? "yes" : "no"})`),
      );
    case "ExecStart":
      return single(execList(asked.reader, unit, "ExecStart").commands.map(commandText));
    case "ExecStartEx":
      return single(
        execList(asked.reader, unit, "ExecStart").commands.map((command) =>
          commandText(command).replace(/ignore_errors=\w+/, `flags=${flagsText(command, asked.version)}`),
        ),
      );
    case "Listen":
      return single(
        (socket?.listens ?? []).map((address) =>
          address.known ? `${addressText(address.value).replace(/^unix:/, "")} (Stream)` : "unknown",
        ),
      );
    case "Accept":
      return socket?.accept ? "yes" : "no";
    case "Backlog":
      return socket?.backlog.known ? String(socket.backlog.value) : undefined;
    case "Triggers":
      return socket?.service;
    default:
      return undefined;
  }
}

function single(list: readonly string[]): string | readonly string[] {
  return list.length === 1 ? (list[0] ?? "") : list;
}

function loadError(name: string, state: string, version: number): string | undefined {
  if (state === "bad-setting")
    return `org.freedesktop.systemd1.BadUnitSetting "Unit ${name} has a bad unit file setting."`;
  const advice =
    version < 252 ? ": Bad message." : ", please adjust/correct and reload service manager: Bad message";
  return `org.freedesktop.DBus.Error.InconsistentMessage "Unit ${name} failed to load properly${advice}"`;
}

/** format_timespan of systemd for the few values that the cases hold. */
function timeText(seconds: number): string {
  if (seconds === Number.POSITIVE_INFINITY) return "infinity";
  const micros = Math.round(seconds * 1e6);
  if (micros < 1e6 && micros % 1000 === 0) return `${micros / 1000}ms`;
  return micros % 1e6 === 0 ? `${micros / 1e6}s` : `${(micros / 1e6).toFixed(6)}s`;
}

function ranges(cpus: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const cpu of cpus) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === cpu - 1) last[1] = cpu;
    else parts.push([cpu, cpu]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(" ");
}

/** What Environment= alone sets, in the order of the names' first assignment. */
function environmentLine({ reader, unit }: Asked): string {
  const alone = { ...unit, settings: unit.settings.filter((setting) => setting.key !== "EnvironmentFile") };
  const environment = serviceEnvironment(reader, alone, new Map());
  return environment
    .names()
    .map((name) => {
      const value = environment.get(name);
      return quoted(`${name}=${value.known ? (value.value ?? "") : "unknown"}`);
    })
    .join(" ");
}

function quoted(text: string): string {
  const escaped = text.replace(/[\\"$`]/g, "\\$&").replaceAll("\t", "\\t");
  return /[\s"'\\$`;|&<>()*?[\]~#!{}]/.test(text) ? `"${escaped}"` : text;
}

function commandText(command: LoadedCommand): string {
  const words = command.argv.map((argument) => argument.text ?? "(of the machine)");
  return `{ path=${command.program.text} ; argv[]=${words.join(" ")} ; ignore_errors=${command.prefixes.includes("-") ? "yes" : "no"} }`;
}

function flagsText(command: LoadedCommand, version: number): string {
  const { prefixes } = command;
  const twice = prefixes.replace(/[^!]/g, "") === "!!";
  const flags = [
    prefixes.includes("-") ? "ignore-failure" : "",
    prefixes.includes("+") ? "privileged" : "",
    prefixes.includes("!") && !twice ? "no-setuid" : "",
    twice && version < 261 ? "ambient" : "",
    prefixes.includes(":") ? "no-env-expand" : "",
  ];
  return flags.filter((flag) => flag !== "").join(" ");
}
