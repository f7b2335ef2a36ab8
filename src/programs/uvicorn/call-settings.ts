import type { CalledValue, ServerCall } from "../../model/container.ts";
import { byDefault, converted, placeOf, unknown, type Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { Span } from "../../text/span.ts";
import { type UvicornOption, uvicornOptions } from "./options.ts";
import type { UvicornOptions, UvicornValue } from "./settings.ts";

/** Arguments of `uvicorn.run()` without an option of the same name: of 0.51, and of versions before. */
const otherArguments: ReadonlySet<string> = new Set([
  "app",
  "headers",
  "callback_notify",
  "timeout_notify",
  "logger",
]);

/** What None means for an argument that is a switch is false; these have None as their default. */
const noneByDefault: ReadonlySet<string> = new Set([
  "uds",
  "fd",
  "workers",
  "env_file",
  "forwarded_allow_ips",
  "limit_concurrency",
  "limit_max_requests",
  "limit_max_requests_jitter",
  "timeout_graceful_shutdown",
]);

/**
 * The keyword arguments of `uvicorn.run()`, which asks no UVICORN_* variables (uvicorn/main.py run; the defaults
 * are those of the command line).
 */
export class CallSettings implements UvicornOptions {
  readonly problems: Problem[] = [];
  readonly printsOnly = false;
  readonly #call: ServerCall;
  readonly #values = new Map<string, Value<UvicornValue>>();

  constructor(call: ServerCall) {
    this.#call = call;
    for (const option of uvicornOptions.values())
      if (!this.#values.has(option.name)) this.#values.set(option.name, this.#valueOf(option));
    for (const [name, value] of call.arguments)
      if (!this.#values.has(name) && !otherArguments.has(name))
        this.refuse(`uvicorn.run() has no argument ${name}`, placeOf(value) ?? call.at);
  }

  refuse(why: string, at: Span): void {
    this.problems.push({ rule: "uvicorn/arguments", message: `uvicorn does not start: ${why}`, at });
  }

  /**
   * With several workers, or with reload, each process imports the application by its name: given an object,
   * uvicorn ends with "You must pass the application as an import string to enable 'reload' or 'workers'."
   */
  checkApplication(workers: Value<number>, reload: Value<boolean>): void {
    if (!this.#call.passesObject) return;
    const cause =
      reload.known && reload.value
        ? { value: reload, text: "reload" }
        : workers.known && workers.value > 1
          ? { value: workers, text: `${workers.value} workers` }
          : undefined;
    if (cause === undefined) return;
    this.refuse(
      `with ${cause.text} the application must be given as a text such as "main:app", not as an object`,
      placeOf(cause.value) ?? this.#call.at,
    );
  }

  get(name: string): Value<UvicornValue> {
    return this.#values.get(name) ?? unknown(name, `uvicorn has no argument ${name}`);
  }

  written(): ReadonlyMap<string, Value<unknown>> {
    return new Map([...this.#values].filter(([, value]) => !value.known || value.value !== undefined));
  }

  withDefault(name: string, value: UvicornValue): Value<UvicornValue> {
    const given = this.get(name);
    return given.known && given.value === undefined ? this.default(name, value) : given;
  }

  default<T>(name: string, value: T): Value<T> {
    const { at } = this.#call;
    return byDefault(name, value, { program: "uvicorn", versions: "all", source: "uvicorn/config.py", at });
  }

  spelled(name: string): string {
    return `${name}=`;
  }

  #valueOf(option: UvicornOption): Value<UvicornValue> {
    const { name } = option;
    const given = this.#call.arguments.get(name);
    if (given !== undefined) {
      if (given.known && given.value === null && noneByDefault.has(name))
        return { ...given, value: undefined };
      return converted(given, (value) => taken(option, value));
    }
    const { more, at } = this.#call;
    return more === undefined ? this.default(name, undefined) : unknown(name, more, { at });
  }
}

/** Undefined for what is of another type than uvicorn expects, with which it may do anything. */
function taken({ kind }: UvicornOption, value: CalledValue): UvicornValue {
  switch (kind) {
    case "switch":
    case "boolean":
      return typeof value === "boolean" || value === null ? value === true : undefined;
    case "integer":
      return typeof value === "number" && Number.isInteger(value) ? value : undefined;
    case "number":
      return typeof value === "number" ? value : undefined;
    case "text":
      return typeof value === "string" ? value : undefined;
  }
}
