import type { Address } from "../../model/address.ts";
import type { GunicornConfiguration, WorkerKind } from "../../model/gunicorn.ts";
import {
  connections,
  type Processes,
  processes,
  type Requests,
  requests,
  seconds,
} from "../../model/units.ts";
import { converted, derive, placeOf, unknown, type Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import { normalPath, parseBind, toAddress } from "../gunicorn/bind-address.ts";
import { pythonInteger, pythonString } from "../gunicorn/setting-value.ts";
import { CallSettings } from "./call-settings.ts";
import { type UvicornInput, type UvicornOptions, UvicornSettings, type UvicornValue } from "./settings.ts";

interface UvicornResult {
  /** In the terms of gunicorn, as far as they mean the same; undefined where it does not come up. */
  readonly configuration: GunicornConfiguration | undefined;
  readonly problems: readonly Problem[];
}

/**
 * What uvicorn makes of its arguments and environment (uvicorn/main.py and config.py of 0.51; the defaults are
 * those of every version since 0.16). It knows no limit for the time of a request and keeps no heartbeat file.
 */
export function interpretUvicorn(input: UvicornInput): UvicornResult {
  const settings = input.call === undefined ? new UvicornSettings(input) : new CallSettings(input.call);
  if (settings.printsOnly) return { configuration: undefined, problems: [] };
  const configuration = new Interpreter(settings, input).configuration();
  settings.checkApplication(configuration.workers, configuration.reload);
  const { problems } = settings;
  return { configuration: problems.length === 0 ? configuration : undefined, problems };
}

class Interpreter {
  readonly #settings: UvicornOptions;
  readonly #input: UvicornInput;

  constructor(settings: UvicornOptions, input: UvicornInput) {
    this.#settings = settings;
    this.#input = input;
  }

  configuration(): GunicornConfiguration {
    const settings = this.#settings;
    const infinite = Number.POSITIVE_INFINITY;
    const workers = this.#workers();
    const limit = this.#number("limit_concurrency", infinite, connections);
    const kind = settings.default<WorkerKind>("worker kind", "uvicorn");
    return {
      at: this.#input.at,
      workers,
      threads: settings.default("threads", 1),
      workerClass: settings.default("worker_class", "uvicorn"),
      workerKind: kind,
      workerConnections: limit,
      backlog: this.#number("backlog", 2048, connections),
      binds: this.#binds(),
      timeout: settings.default("timeout", seconds(infinite)),
      gracefulTimeout: this.#number("timeout_graceful_shutdown", infinite, seconds),
      keepalive: this.#number("timeout_keep_alive", 5, seconds),
      maxRequests: this.#number("limit_max_requests", 0, (count) => count),
      maxRequestsJitter: this.#number("limit_max_requests_jitter", 0, (count) => count),
      reusePort: settings.default("reuse_port", false),
      preload: settings.default("preload", false),
      reload: this.#flag("reload", false),
      forwardedAllowIps: this.#forwardedAllowIps(),
      heartbeatDirectories: [],
      settings: settings.written(),
      configFile: settings.default("configuration file", undefined),
      concurrency: this.#concurrency(workers, limit),
    };
  }

  #number<T extends number>(name: string, otherwise: number, unit: (count: number) => T): Value<T> {
    return converted(this.#settings.withDefault(name, otherwise), (value) =>
      typeof value === "number" ? unit(value) : undefined,
    );
  }

  #flag(name: string, otherwise: boolean): Value<boolean> {
    return converted(this.#settings.withDefault(name, otherwise), (value) =>
      typeof value === "boolean" ? value : undefined,
    );
  }

  /** --workers, else WEB_CONCURRENCY; with --reload, and for what is no number above one, a single process serves. */
  #workers(): Value<Processes> {
    const asked = this.#settings.get("workers");
    const count = asked.known && asked.value === undefined ? this.#webConcurrency() : asked;
    const reload = this.#flag("reload", false);
    const single = reload.known && !reload.value;
    const serving = (value: UvicornValue): Processes =>
      processes(typeof value === "number" && value > 1 ? value : 1);
    if (single)
      return count.known
        ? { ...count, value: serving(count.value) }
        : unknown("workers", count.origin.why, { from: [count] });
    return derive("workers", `one with ${this.#settings.spelled("reload")}`, [count, reload], (value, on) =>
      on ? processes(1) : serving(value),
    );
  }

  #webConcurrency(): Value<UvicornValue> {
    const { environment, at } = this.#input;
    const variable = environment.get("WEB_CONCURRENCY");
    if (!variable.known) return unknown("workers", variable.origin.why, { from: [variable] });
    if (variable.value === undefined) {
      const file = this.#settings.get("env_file");
      return file.known && file.value === undefined
        ? this.#settings.default("workers", 1)
        : unknown("workers", `${this.#settings.spelled("env_file")} may set WEB_CONCURRENCY`, {
            from: [file],
          });
    }
    const number = pythonInteger(variable.value);
    const place = placeOf(variable) ?? at;
    if (number === undefined) {
      this.#settings.refuse(`WEB_CONCURRENCY is no whole number: ${pythonString(variable.value)}`, place);
      return unknown("workers", "WEB_CONCURRENCY is no number", { from: [variable] });
    }
    const origin = { kind: "derived", how: "WEB_CONCURRENCY", from: [variable], at: place } as const;
    return { known: true, label: "workers", value: Number(number), origin };
  }

  /** --fd and --uds take the place of --host and --port. */
  #binds(): Value<readonly Address[]> {
    const label = "bind";
    const { workingDirectory } = this.#input;
    const fd = this.#settings.get("fd");
    const uds = this.#settings.get("uds");
    const [fdName, udsName] = ["fd", "uds"].map((name) => this.#settings.spelled(name));
    if (isSet(fd) && isSet(uds))
      return unknown(label, `${fdName} and ${udsName} are both given`, { from: [fd, uds] });
    if (isSet(fd))
      return derive(label, fdName ?? "", [fd], (number) => [{ kind: "other", text: `fd://${number}` }]);
    if (isSet(uds)) {
      if (uds.known && typeof uds.value === "string" && uds.value.startsWith("/"))
        return { ...uds, label, value: [{ kind: "unix", path: normalPath(uds.value) }] };
      return derive(
        label,
        `${udsName} in the working directory`,
        [uds, workingDirectory],
        (path, directory) => [{ kind: "unix", path: normalPath(`${directory}/${path}`) }],
      );
    }
    const host = this.#settings.withDefault("host", "127.0.0.1");
    const port = this.#settings.withDefault("port", 8000);
    if (port.known && port.value === 0) return unknown(label, "the kernel picks the port", { from: [port] });
    const place = host.known && host.origin.kind === "default" ? placeOf(port) : placeOf(host);
    return derive(label, "host and port", [host, port], tcpAddress, place);
  }

  /** Undefined where the headers of nobody are believed. Only `*` alone means everybody. */
  #forwardedAllowIps(): Value<readonly string[]> {
    const name = "forwarded_allow_ips";
    const believes = this.#flag("proxy_headers", true);
    if (believes.known && !believes.value) return { ...believes, label: name, value: [] };
    const given = this.#settings.get(name);
    const text = given.known && given.value === undefined ? this.#allowedByVariable() : given;
    const list = converted(text, (value) =>
      typeof value === "string" ? value.split(",").map((each) => each.trim()) : undefined,
    );
    if (list.known && list.value.length > 1 && list.value.includes("*"))
      return unknown(name, "what * means in a list depends on the version", { from: [list] });
    return believes.known ? list : unknown(name, believes.origin.why, { from: [believes] });
  }

  #allowedByVariable(): Value<UvicornValue> {
    const name = "forwarded_allow_ips";
    const variable = this.#input.environment.get("FORWARDED_ALLOW_IPS");
    if (!variable.known) return unknown(name, variable.origin.why, { from: [variable] });
    if (variable.value === undefined) {
      const file = this.#settings.get("env_file");
      return file.known && file.value === undefined
        ? this.#settings.default(name, "127.0.0.1")
        : unknown(name, `${this.#settings.spelled("env_file")} may set FORWARDED_ALLOW_IPS`, {
            from: [file],
          });
    }
    const at = placeOf(variable) ?? this.#input.at;
    const origin = { kind: "derived", how: "FORWARDED_ALLOW_IPS", from: [variable], at } as const;
    return { known: true, label: name, value: variable.value, origin };
  }

  /** A request on the connection that reaches limit_concurrency is answered with 503 (h11_impl.py). */
  #concurrency(
    workers: Value<Processes>,
    limit: GunicornConfiguration["workerConnections"],
  ): Value<Requests> {
    const label = "requests served at once";
    const interfaceName = this.#settings.get("interface");
    if (!interfaceName.known || interfaceName.value === "wsgi")
      return unknown(label, "a WSGI application runs in threads of its own", { from: [interfaceName] });
    if (limit.known && limit.value === Number.POSITIVE_INFINITY)
      return derive(
        label,
        "no limit: an event loop",
        [workers],
        (): Requests => requests(Number.POSITIVE_INFINITY),
      );
    return derive(label, "workers x (limit_concurrency - 1)", [workers, limit], (count, most) =>
      requests(count * Math.max(0, most - 1)),
    );
  }
}

function isSet(value: Value<UvicornValue>): boolean {
  return !value.known || value.value !== undefined;
}

function tcpAddress(host: UvicornValue, port: UvicornValue): readonly Address[] {
  const name = String(host ?? "");
  const bind = parseBind(`${name.includes(":") ? `[${name}]` : name}:${port}`);
  const address = bind.kind === "error" ? undefined : toAddress(bind, undefined);
  return address === undefined ? [] : [address];
}
