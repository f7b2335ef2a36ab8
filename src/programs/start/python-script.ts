import { nameOf } from "../../files/host-path.ts";
import type { Argument } from "../../model/command.ts";
import { type Value, written } from "../../model/value.ts";
import type { SourceFile } from "../../text/source-file.ts";
import { isServer, type ReadCommand } from "./command-reader.ts";
import { resolvedPath } from "./directory.ts";
import { pythonValued } from "./launchers.ts";
import { interpreterOf } from "./shebang.ts";
import type { StartFiles } from "./started-programs.ts";

/** A script that Python runs as `__main__`. */
interface StartedScript {
  readonly file: SourceFile;
  readonly path: string;
  /** Of a module that `python -m` runs. */
  readonly inPackage: string | undefined;
  /** The first directory of Python's path: that of a script; for a module the one that Python starts in. */
  readonly importsFrom: Value<string>;
}

/**
 * The script of `python main.py`, `python -m app.main`, `uv run main.py` and `./main.py`, where it is among the
 * files.
 */
export function pythonScript(
  command: ReadCommand,
  files: Pick<StartFiles, "read">,
): StartedScript | undefined {
  const { program, words, workingDirectory } = command;
  if (isServer(program)) return undefined;
  if (command.isModule) return module(command, files);
  const [first] = words;
  const isPython = program === "python";
  const word = isPython ? scriptWord(words) : first;
  if (word === undefined || !word.text.known) return undefined;
  const { value: named } = word.text;
  if (!isPython && !named.endsWith(".py")) return undefined;
  if (!named.startsWith("/") && !workingDirectory.known) return undefined;
  const path = resolvedPath(workingDirectory.known ? workingDirectory.value : "/", named);
  const file = here(path, files);
  if (file === undefined) return undefined;
  const isRunByName = !isPython && named.includes("/");
  if (isRunByName && !/^(?:python|pypy|uv)/.test(interpreterOf(file)?.name ?? "")) return undefined;
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  return {
    file,
    path,
    inPackage: undefined,
    importsFrom: written("directory of the script", folder, word.at),
  };
}

/** The word behind the options of the interpreter; undefined for `-c`, `-` and what is not known. */
function scriptWord(words: readonly Argument[]): Argument | undefined {
  for (let index = 1; index < words.length; index++) {
    const word = words[index];
    if (!word?.text.known) return undefined;
    const { value } = word.text;
    if (!value.startsWith("-")) return nameOf(value).includes(".py") ? word : undefined;
    if (value === "-" || /^-[a-zA-Z]*c/.test(value)) return undefined;
    if (pythonValued.includes(value)) index++;
  }
  return undefined;
}

function module(
  { words, workingDirectory }: ReadCommand,
  files: Pick<StartFiles, "read">,
): StartedScript | undefined {
  const name = words[0]?.text;
  if (!name?.known || !workingDirectory.known || !/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(name.value))
    return undefined;
  const base = resolvedPath(workingDirectory.value, name.value.replaceAll(".", "/"));
  const parent = name.value.slice(0, Math.max(0, name.value.lastIndexOf(".")));
  for (const [path, inPackage] of [
    [`${base}/__main__.py`, name.value],
    [`${base}.py`, parent],
  ] as const) {
    const file = here(path, files);
    if (file !== undefined) return { file, path, inPackage, importsFrom: workingDirectory };
  }
  return undefined;
}

function here(path: string, files: Pick<StartFiles, "read">): SourceFile | undefined {
  const file = files.read(path);
  return file === "unknown" ? undefined : file;
}
