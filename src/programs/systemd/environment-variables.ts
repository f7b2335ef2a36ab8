import type { SystemdEnvironment } from "../../model/systemd.ts";
import { byDefault, type Known, unknown, type Value, written } from "../../model/value.ts";
import type { LoadedUnit } from "./loaded-unit.ts";
import { concerns, type Setting } from "./setting.ts";

/** What systemd or a login sets on its own, so that silence of the unit proves nothing. */
const setBySystemd =
  /^(?:PATH|LANG|LANGUAGE|LC_[A-Z]+|USER|LOGNAME|HOME|SHELL|TERM|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_EXEC_PID|LISTEN_(?:FDS|PID|FDNAMES|PIDFDID)|NOTIFY_SOCKET|MAINPID|MANAGERPID|WATCHDOG_(?:PID|USEC)|(?:RUNTIME|STATE|CACHE|LOGS|CONFIGURATION|CREDENTIALS)_DIRECTORY|MEMORY_PRESSURE_(?:WATCH|WRITE)|PIDFILE|REMOTE_(?:ADDR|PORT)|XDG_\w+)$/;

interface Entry {
  readonly value: Value<string | undefined>;
  /** Counts what happened before it. */
  readonly order: number;
}

/** Enough to see who won over whom. */
const mostLosers = 8;

/** The variables of a service while its settings are read, and afterwards. */
export class Variables implements SystemdEnvironment {
  readonly #unit: LoadedUnit;
  readonly #defaults: ReadonlyMap<string, Known<string>>;
  readonly #entries = new Map<string, Entry>();
  readonly #losers = new Map<string, Value<unknown>[]>();
  #order = 0;
  /** Why a variable that nothing later sets is not known. */
  #open: Entry | undefined;

  constructor(unit: LoadedUnit, defaults: ReadonlyMap<string, Known<string>>) {
    this.#unit = unit;
    this.#defaults = defaults;
    const opensSession = (setting: Setting): boolean =>
      setting.key !== undefined && concerns(setting, "Service", "PAMName");
    if (unit.loadState === "absent")
      this.#openFor(`the unit file of ${unit.name.text} is not here, only drop-ins of it`);
    else if (unit.settings.some(opensSession))
      this.#openFor(`${unit.name.text} opens a PAM session, which may set variables`);
    for (const [name, value] of defaults) this.#put(name, value);
  }

  set(name: string, value: Value<string>, conditional: boolean): void {
    const before = this.#entries.has(name) ? this.get(name) : undefined;
    if (conditional) {
      const at = value.origin.at;
      const why = "a condition of a template decides whether it is set";
      const from = before === undefined ? [value] : [value, before];
      this.#put(name, unknown(name, why, { ...(at === undefined ? {} : { at }), from }));
      return;
    }
    if (before !== undefined)
      this.#losers.set(name, [...(this.#losers.get(name) ?? []), before].slice(-mostLosers));
    this.#put(name, value);
  }

  /** Something that is not here may set any variable over those that are set so far. */
  open(why: string, setting: Setting): void {
    this.#openFor(why, setting);
  }

  reset(setting: Setting): void {
    if (setting.conditional) {
      this.open("a condition of a template decides whether Environment= is reset", setting);
      return;
    }
    this.#entries.clear();
    for (const [name, value] of this.#defaults) this.#put(name, value);
  }

  pass(name: string, setting: Setting): void {
    if (!this.#entries.has(name) && name !== "")
      this.#put(name, unknown(name, "PassEnvironment= takes it from the manager", { at: setting.at }));
  }

  unset(word: string, setting: Setting): void {
    const equals = word.indexOf("=");
    const name = equals === -1 ? word : word.slice(0, equals);
    const before = this.get(name);
    if (name === "" || (equals !== -1 && (!before.known || before.value !== word.slice(equals + 1)))) return;
    this.#put(name, written(name, undefined, setting.at, before.known ? [before] : []));
  }

  get(name: string): Value<string | undefined> {
    const entry = this.#entries.get(name);
    if (entry !== undefined && entry.order > (this.#open?.order ?? 0))
      return this.#withLosers(name, entry.value);
    if (this.#open !== undefined && !this.#open.value.known) {
      const { origin } = this.#open.value;
      return {
        known: false,
        label: name,
        origin: entry === undefined ? origin : { ...origin, from: [entry.value] },
      };
    }
    if (setBySystemd.test(name)) return unknown(name, "systemd sets it when it starts the service");
    return byDefault(name, undefined, {
      program: "systemd",
      versions: "all",
      source: "systemd.exec(5), Environment=",
      ...(this.#unit.file === undefined ? {} : { at: this.#unit.file }),
    });
  }

  names(): readonly string[] {
    return [...this.#entries.keys()].filter((name) => {
      const value = this.get(name);
      return value.known && value.value !== undefined;
    });
  }

  #openFor(why: string, setting?: Setting): void {
    const value = unknown("environment", why, setting === undefined ? {} : { at: setting.at });
    this.#open = { value, order: ++this.#order };
  }

  #put(name: string, value: Value<string | undefined>): void {
    this.#entries.set(name, { value, order: ++this.#order });
  }

  #withLosers(name: string, value: Value<string | undefined>): Value<string | undefined> {
    const overrode = this.#losers.get(name)?.toReversed();
    if (!value.known || value.origin.kind !== "written" || overrode === undefined) return value;
    return { ...value, origin: { ...value.origin, overrode } };
  }
}
