import type { Argument } from "../../model/command.ts";
import type { Value } from "../../model/value.ts";
import { SourceFile } from "../../text/source-file.ts";
import { parseArguments } from "./argparse.ts";
import { normalPath } from "./bind-address.ts";
import type { GunicornInput } from "./input.ts";
import { pythonString } from "./setting-value.ts";
import { everyVersion } from "./settings.ts";

/** The configuration file that gunicorn loads. */
export type ConfigLocation =
  /** None stands in the directory that it starts in, and none is named. */
  | { readonly kind: "none" }
  /** None is named, and whether the directory holds a gunicorn.conf.py cannot be seen. */
  | { readonly kind: "maybe"; readonly assuming: string }
  | { readonly kind: "file"; readonly path: string; readonly file: SourceFile; readonly modulePath?: string }
  /** A file is named that is not here. */
  | { readonly kind: "elsewhere"; readonly named: string; readonly why: string }
  /** A file is named that certainly does not exist. */
  | { readonly kind: "missing"; readonly named: string; readonly message: string };

const defaultName = "gunicorn.conf.py";

/** What `-c` of a command line names; undefined where it is absent or not known. */
export function namedConfig(words: readonly Argument[]): string | undefined {
  const settings = everyVersion().at(-1)?.settings ?? new Map();
  const option = parseArguments(words, settings).options.findLast(({ setting }) => setting.name === "config");
  return option?.value.kind === "known" ? String(option.value.value) : undefined;
}

/**
 * Which file is loaded: the one that `-c` names, relative to the directory that gunicorn starts in (not to
 * `--chdir`), else gunicorn.conf.py of that directory (gunicorn.app.base.Application.load_config).
 */
export function locateConfig(named: string, input: GunicornInput): ConfigLocation {
  const start = knownText(input.workingDirectory);
  if (named === "") {
    const assuming =
      start === undefined
        ? `no ${defaultName} stands in the directory that gunicorn starts in`
        : `no ${defaultName} stands in ${start}`;
    if (start === undefined) return { kind: "maybe", assuming };
    const path = normalPath(`${start}/${defaultName}`);
    const file = input.readConfig(path);
    if (file === "unknown") return { kind: "maybe", assuming };
    return file === undefined ? { kind: "none" } : { kind: "file", path, file };
  }
  if (named.startsWith("python:")) return locateModule(named, start, input);
  const name = named.startsWith("file:") ? named.slice("file:".length) : named;
  if (!name.startsWith("/") && start === undefined)
    return { kind: "elsewhere", named, why: "the directory that gunicorn starts in is not known" };
  const path = normalPath(name.startsWith("/") ? name : `${start}/${name}`);
  if (path === "/dev/null") return { kind: "file", path, file: new SourceFile(path, "") };
  const file = path.startsWith("/dev/") ? "unknown" : input.readConfig(path);
  if (file === "unknown")
    return { kind: "elsewhere", named, why: `${path === named ? "it" : path} is not among the files` };
  if (file === undefined) return { kind: "missing", named, message: `${pythonString(name)} doesn't exist` };
  return { kind: "file", path, file };
}

/** A module may also stand in the Python installation, so a missing one is no certain fault. */
function locateModule(named: string, start: string | undefined, input: GunicornInput): ConfigLocation {
  const modulePath = named.slice("python:".length);
  const relative = modulePath.replaceAll(".", "/");
  if (start !== undefined)
    for (const path of [`${start}/${relative}/__init__.py`, `${start}/${relative}.py`]) {
      const file = input.readConfig(normalPath(path));
      if (file !== undefined && file !== "unknown")
        return { kind: "file", path: normalPath(path), file, modulePath };
    }
  const [, parent] = /^(\w+)\.py$/.exec(modulePath) ?? [];
  if (start !== undefined && parent !== undefined) {
    const [asModule, asPackage] = [`${start}/${parent}.py`, `${start}/${parent}/__init__.py`].map((path) =>
      input.readConfig(normalPath(path)),
    );
    if (asModule !== undefined && asModule !== "unknown" && asPackage === undefined) {
      const message = `No module named ${pythonString(modulePath)}; ${pythonString(parent)} is not a package`;
      return { kind: "missing", named, message };
    }
  }
  return { kind: "elsewhere", named, why: `the module ${modulePath} is not among the files` };
}

function knownText(value: Value<string>): string | undefined {
  return value.known ? value.value : undefined;
}
