import type { SystemdEnvironment } from "../../model/systemd.ts";
import { byDefault, type Known, unknown, type Value, written } from "../../model/value.ts";
import type { LoadedUnit } from "./loaded-unit.ts";
import { concerns, type Setting } from "./setting.ts";

/** What systemd or a login sets on its own, so that silence of the unit proves nothing. */
const setBySystemd =
  /^(?:PATH|LANG|LANGUAGE|LC_[A-Z]+|USER|LOGNAME|HOME|SHELL|TERM|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_EXEC_PID|LISTEN_(?:FDS|PID|FDNAMES|PIDFDID)|NOTIFY_SOCKET|MAINPID|MANAGERPID|WATCHDOG_(?:PID|USEC)|(?:RUNTIME|STATE|CACHE|LOGS|CONFIGURATION|CREDENTIALS)_DIRECTORY|MEMORY_PRESSURE_(?:WATCH|WRITE)|PIDFILE|REMOTE_(?:ADDR|PORT)|XDG_\w+)$/;

/** The variables of a service while its settings are read, and afterwards. */
export class Variables implements SystemdEnvironment {
  readonly #unit: LoadedUnit;
  readonly #defaults: ReadonlyMap<string, Known<string>>;
  readonly #values: Map<string, Value<string | undefined>>;
  readonly #losers = new Map<string, Value<unknown>[]>();
  /** Why a variable that nothing later sets is not known. */
  #open: Value<string> | undefined;

  constructor(unit: LoadedUnit, defaults: ReadonlyMap<string, Known<string>>) {
    this.#unit = unit;
    this.#defaults = defaults;
    this.#values = new Map(defaults);
    if (unit.loadState === "absent")
      this.#open = unknown(
        "environment",
        `the unit file of ${unit.name.text} is not here, only drop-ins of it`,
      );
    if (unit.settings.some((setting) => setting.key !== undefined && concerns(setting, "Service", "PAMName")))
      this.#open = unknown("environment", `${unit.name.text} opens a PAM session, which may set variables`);
  }

  set(name: string, value: Value<string>, conditional: boolean): void {
    const before = this.#values.get(name);
    if (conditional) {
      const at = value.origin.at;
      this.#values.set(
        name,
        unknown(name, "a condition of a template decides whether it is set", {
          ...(at === undefined ? {} : { at }),
          from: before === undefined ? [value] : [value, before],
        }),
      );
      return;
    }
    if (before !== undefined) this.#losers.set(name, [...(this.#losers.get(name)?.slice(-8) ?? []), before]);
    this.#values.set(name, value);
  }

  /** Something that is not here may set any variable over those that are set so far. */
  open(why: string, setting: Setting): void {
    for (const [name, before] of this.#values)
      this.#values.set(name, unknown(name, why, { at: setting.at, from: [before] }));
    this.#open = unknown("environment", why, { at: setting.at });
  }

  reset(setting: Setting): void {
    if (setting.conditional) {
      this.open("a condition of a template decides whether Environment= is reset", setting);
      return;
    }
    this.#values.clear();
    for (const [name, value] of this.#defaults) this.#values.set(name, value);
  }

  pass(name: string, setting: Setting): void {
    if (!this.#values.has(name) && name !== "")
      this.#values.set(name, unknown(name, "PassEnvironment= takes it from the manager", { at: setting.at }));
  }

  unset(word: string, setting: Setting): void {
    const equals = word.indexOf("=");
    const name = equals === -1 ? word : word.slice(0, equals);
    const before = this.#values.get(name);
    if (name === "" || (equals !== -1 && (!before?.known || before.value !== word.slice(equals + 1)))) return;
    this.#values.set(name, written(name, undefined, setting.at, before === undefined ? [] : [before]));
  }

  get(name: string): Value<string | undefined> {
    const value = this.#values.get(name);
    if (value !== undefined) return this.#withLosers(name, value);
    if (this.#open !== undefined) return { ...this.#open, label: name };
    if (setBySystemd.test(name)) return unknown(name, "systemd sets it when it starts the service");
    return byDefault(name, undefined, {
      program: "systemd",
      versions: "all",
      source: "systemd.exec(5), Environment=",
      ...(this.#unit.file === undefined ? {} : { at: this.#unit.file }),
    });
  }

  names(): readonly string[] {
    return [...this.#values].flatMap(([name, value]) =>
      value.known && value.value !== undefined ? [name] : [],
    );
  }

  #withLosers(name: string, value: Value<string | undefined>): Value<string | undefined> {
    const overrode = this.#losers.get(name)?.toReversed();
    if (!value.known || value.origin.kind !== "written" || overrode === undefined) return value;
    return { ...value, origin: { ...value.origin, overrode } };
  }
}
