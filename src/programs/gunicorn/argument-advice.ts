import { pythonString } from "./setting-value.ts";
import type { Setting } from "./settings.ts";

/** What to write instead of an argument that argparse refuses; undefined where there is nothing to say. */
export function argumentHelp(message: string, settings: ReadonlyMap<string, Setting>): string | undefined {
  const wrong = /^unrecognized arguments: (-[^\s=]*)/.exec(message)?.[1];
  if (wrong === undefined) return undefined;
  const name = wrong.replace(/^-+/, "").replaceAll("-", "_").toLowerCase();
  const spelt = `--${name.replaceAll("_", "-")}`;
  for (const setting of settings.values()) {
    const flag = setting.flags.at(-1);
    if (flag === undefined) continue;
    const sounds =
      setting.name === name ||
      setting.flags.includes(spelt) ||
      flag.replaceAll("-", "") === name.replaceAll("_", "");
    if (sounds) return `write ${setting.flags.includes(spelt) ? spelt : flag}`;
  }
  return undefined;
}

/**
 * Why a positional argument cannot be the application it is taken for, with Python's own last line; undefined
 * where it may be one.
 */
export function applicationFault(
  text: string,
): { readonly error: string; readonly plain: string } | undefined {
  const advice = misplaced(text);
  if (advice === undefined) return undefined;
  const module = (text.split(":")[0] ?? "").split(".")[0] ?? "";
  return {
    error:
      module === ""
        ? "ValueError: Empty module name"
        : `ModuleNotFoundError: No module named ${pythonString(module)}`,
    plain: `gunicorn does not start: it takes ${JSON.stringify(text)} as its application; ${advice}`,
  };
}

function misplaced(text: string): string | undefined {
  if (text.startsWith("-")) return "a flag and its value must be two words";
  if (text.startsWith(":")) return "the name of a module is missing before the colon";
  if (/^\d[\d.]*(:\d+)?$/.test(text) || text.startsWith("unix:")) return "every address needs its own --bind";
  // \p{L} takes V8 longer to prepare than all the rest of this file.
  return /[A-Za-z_]/.test(text) || /\p{L}/u.test(text) ? undefined : "is this a stray line continuation?";
}
