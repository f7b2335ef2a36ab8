import { type Setting, settingNamesByFlag } from "./settings.ts";

/** What a flag of the command line means. */
export type Action = Setting | "help" | "version";

const builtIn: ReadonlyMap<string, Action> = new Map([
  ["-h", "help"],
  ["--help", "help"],
  ["-v", "version"],
  ["--version", "version"],
]);

/** The flags of one gunicorn version, found by name without listing them all: most command lines use a few. */
export class Flags {
  readonly #settings: ReadonlyMap<string, Setting>;

  constructor(settings: ReadonlyMap<string, Setting>) {
    this.#settings = settings;
  }

  get(flag: string): Action | undefined {
    const own = builtIn.get(flag);
    if (own !== undefined) return own;
    for (const name of settingNamesByFlag().get(flag) ?? []) {
      const setting = this.#settings.get(name);
      if (setting?.flags.includes(flag) === true) return setting;
    }
    return undefined;
  }

  /** Every flag in the order of argparse's help. */
  *all(): Generator<readonly [flag: string, action: Action]> {
    yield* builtIn;
    for (const setting of this.#settings.values()) for (const flag of setting.flags) yield [flag, setting];
  }
}
