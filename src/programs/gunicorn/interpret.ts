import type { GunicornConfiguration, NamedSettings, WorkerKind } from "../../model/gunicorn.ts";
import {
  type Connections,
  connections,
  type Processes,
  processes,
  type Requests,
  requests,
  type Seconds,
  seconds,
} from "../../model/units.ts";
import { byDefault, converted, derive, relabel, unknown, type Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import { bindAddresses, bindFaults } from "./binds.ts";
import type { ConfigLocation } from "./config-location.ts";
import { heartbeatDirectories } from "./heartbeat-directories.ts";
import type { GunicornInput, StartFailure } from "./input.ts";
import { configReader } from "./load-config-file.ts";
import { type LoadedSettings, loadSettings } from "./load-settings.ts";
import { mergeValues } from "./merge-versions.ts";
import type { SettingValue } from "./setting-value.ts";
import { versionsOf } from "./settings.ts";
import { workerClassFault, workerKind } from "./worker-kind.ts";

export interface GunicornResult {
  readonly configuration: GunicornConfiguration;
  readonly problems: readonly Problem[];
  /** Set when it is certain that it does not come up. */
  readonly failure: StartFailure | undefined;
  /** It only checks or prints something: `--check-config`, `--version`. */
  readonly endsAtOnce: boolean;
  /** `module:attribute` that it serves; undefined where none is named. */
  readonly application: Value<string | undefined>;
}

/**
 * What gunicorn makes of its arguments, environment and configuration file. With an unknown version it is asked
 * of every version from 20.0 to 26.1: what they agree on is certain.
 */
export async function interpretGunicorn(input: GunicornInput): Promise<GunicornResult> {
  const reader = configReader(input);
  const every: LoadedSettings[] = [];
  for (const version of versionsOf(input.version))
    every.push(await loadSettings(version, input, reader.load));
  const starting = every.filter((each) => each.failure === undefined);
  const possible = starting.length > 0 ? starting : every.slice(-1);
  const settings = new AgreedSettings(possible.map((each) => each.settings));
  const [first] = possible;
  const configuration = configure(settings, possible, input);
  const failing = starting.length === 0 ? first : undefined;
  return {
    configuration,
    problems: [
      ...reader.problems(),
      ...(first?.problems ?? []),
      ...(failing === undefined ? startProblems(configuration, settings.get("bind"), possible, input) : []),
    ],
    failure: failing?.failure,
    endsAtOnce: possible.every((each) => each.endsAtOnce),
    application: mergeValues(
      possible.map((each) => each.application),
      "application",
      "it depends on the gunicorn version",
      "gunicorn",
    ),
  };
}

/** What several versions agree on, of each setting when it is first asked for. */
class AgreedSettings implements NamedSettings<SettingValue> {
  readonly #possible: readonly NamedSettings<SettingValue>[];
  readonly #merged = new Map<string, Value<SettingValue> | undefined>();

  constructor(possible: readonly NamedSettings<SettingValue>[]) {
    this.#possible = possible;
  }

  get(name: string): Value<SettingValue> | undefined {
    if (this.#merged.has(name)) return this.#merged.get(name);
    const values = this.#possible.map((each) => each.get(name)).filter((value) => value !== undefined);
    const value =
      values.length === 0
        ? undefined
        : mergeValues(values, name, "it depends on the gunicorn version", "gunicorn");
    this.#merged.set(name, value);
    return value;
  }

  keys(): Set<string> {
    return new Set(this.#possible.flatMap((each) => [...each.keys()]));
  }
}

function configure(
  settings: NamedSettings<SettingValue>,
  possible: readonly LoadedSettings[],
  input: GunicornInput,
): GunicornConfiguration {
  const value = (name: string): Value<SettingValue> =>
    settings.get(name) ?? unknown(name, `this gunicorn has no setting ${name}`, { at: input.at });
  const number = <T extends number>(name: string, unit: (count: number) => T): Value<T> =>
    converted(value(name), (each) => (typeof each === "number" ? unit(each) : undefined));
  const flag = (name: string): Value<boolean> =>
    converted(value(name), (each) => (each === null ? false : typeof each === "boolean" ? each : undefined));
  const workers = number("workers", processes);
  const threads = number("threads", (count) => count);
  const workerClass = converted(value("worker_class"), className);
  const kind = derive(
    "worker kind",
    "worker_class with threads",
    [workerClass, threads],
    (name, count): WorkerKind => workerKind(name, count),
  );
  const workerConnections = number("worker_connections", connections);
  return {
    at: input.at,
    workers,
    threads,
    workerClass,
    workerKind: kind,
    workerConnections,
    backlog: backlogOf(kind, number("backlog", connections)),
    binds: bindAddresses(value("bind"), value("chdir")),
    timeout: number("timeout", (count): Seconds => seconds(count === 0 ? Number.POSITIVE_INFINITY : count)),
    gracefulTimeout: number("graceful_timeout", seconds),
    keepalive: number("keepalive", seconds),
    maxRequests: number("max_requests", (count) => count),
    maxRequestsJitter: number("max_requests_jitter", (count) => count),
    reusePort: flag("reuse_port"),
    preload: flag("preload_app"),
    reload: flag("reload"),
    forwardedAllowIps: converted(value("forwarded_allow_ips"), texts),
    heartbeatDirectories: heartbeatDirectories(value("worker_tmp_dir"), input.environment, value("chdir")),
    settings,
    configFile: configFileOf(possible),
    concurrency: concurrency(workers, kind, threads, workerConnections),
  };
}

function className(value: SettingValue): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null && "callable" in value ? value.callable : undefined;
}

function texts(value: SettingValue): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** The asgi worker listens again with 100 (gunicorn 24.0 to 26.1, workers/gasgi.py: the event loop's default). */
function backlogOf(kind: Value<WorkerKind>, backlog: Value<Connections>): Value<Connections> {
  const queue = byDefault("backlog of the asgi worker", connections(100), {
    program: "gunicorn",
    versions: "since 24.0.0",
    source: "asyncio create_server: backlog=100",
  });
  if (kind.known && kind.value !== "asgi") return backlog;
  if (!kind.known && kind.candidates?.every((each) => each.value !== "asgi") === true) return backlog;
  return derive("backlog", "100 for the asgi worker", [kind, backlog, queue], (which, asked, fixed) =>
    which === "asgi" ? fixed : asked,
  );
}

function concurrency(
  workers: Value<Processes>,
  kind: Value<WorkerKind>,
  threads: Value<number>,
  workerConnections: Value<Connections>,
): Value<Requests> {
  const label = "requests served at once";
  if (kind.known && kind.value === "custom")
    return unknown(label, "what a worker of this class serves at once is not known", { from: [kind] });
  const serving: Value<WorkerKind> = kind;
  if (!kind.known)
    return derive(label, "workers x what one serves", [workers, kind, threads, workerConnections], atOnce);
  switch (kind.value) {
    case "sync":
      return derive(label, "workers x 1", [workers, serving], (count, which) => atOnce(count, which, 1, 1));
    case "gthread":
      return derive(label, "workers x threads", [workers, threads, serving], (count, each, which) =>
        atOnce(count, which, each, 1),
      );
    case "gevent":
    case "eventlet":
      return derive(
        label,
        "workers x worker_connections",
        [workers, workerConnections, serving],
        (count, each, which) => atOnce(count, which, 1, each),
      );
    default:
      return derive(label, "no limit: an event loop", [workers, serving], (count, which) =>
        atOnce(count, which, 1, 1),
      );
  }
}

function atOnce(workers: number, kind: WorkerKind, threads: number, slots: number): Requests {
  if (kind === "sync") return requests(workers);
  if (kind === "gthread") return requests(workers * threads);
  if (kind === "gevent" || kind === "eventlet") return requests(workers * slots);
  return requests(workers === 0 ? 0 : Number.POSITIVE_INFINITY);
}

function configFileOf(possible: readonly LoadedSettings[]): Value<string | undefined> {
  const [first] = possible;
  const location: Value<ConfigLocation> = first?.location ?? unknown("configuration file", "it is not known");
  if (!location.known) return relabel<string | undefined>("configuration file", location as Value<never>);
  const label = "configuration file";
  switch (location.value.kind) {
    case "file":
      return { ...location, value: location.value.path };
    case "none":
      return { ...location, value: undefined };
    case "maybe":
      return byDefault(label, undefined, {
        program: "gunicorn",
        versions: "since 20.1.0",
        source: "gunicorn settings: config",
        assuming: location.value.assuming,
      });
    default:
      return unknown(label, `${location.value.named} is not here`, { from: [location] });
  }
}

/** What gunicorn finds out only after it has read everything: addresses and worker classes. */
function startProblems(
  configuration: GunicornConfiguration,
  bind: Value<SettingValue> | undefined,
  possible: readonly LoadedSettings[],
  input: GunicornInput,
): Problem[] {
  const problems = bindFaults(bind, input.at);
  const written = configuration.settings.get("worker_class");
  const isObject = written?.known === true && typeof written.value === "object" && written.value !== null;
  if (isObject && possible.every(({ version }) => !version.atLeast("23.0.0")))
    problems.push({
      rule: "gunicorn/value",
      message: "gunicorn does not start: before 23.0 worker_class must be a string, not a class",
      at: written.origin.at ?? input.at,
    });
  const { workerClass } = configuration;
  if (workerClass.known) {
    const faults = possible.map((each) => workerClassFault(workerClass.value, each.version));
    const [fault] = faults;
    if (fault !== undefined && faults.every((each) => each !== undefined))
      problems.push({
        rule: "gunicorn/value",
        message: `gunicorn does not start: ${fault}`,
        at: workerClass.origin.at ?? input.at,
      });
  }
  return problems;
}
