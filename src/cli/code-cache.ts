import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { Script } from "node:vm";

/** CommonJS files of one folder that run from what V8 compiled of them in earlier runs. */
export interface CachedModules {
  /** What a file exports; it is run on the first call. */
  readonly load: (name: string) => unknown;
  /**
   * Leaves what V8 has compiled by now for later runs, for each loaded file of which no earlier run has: the file's
   * name with the version of Node, the processor and `.cache`. Does nothing where the folder cannot be written.
   */
  readonly keep: () => void;
}

/**
 * Bundles of ASCII text with their code caches, which are half of the time to start: Node's own cache
 * (module.enableCompileCache, since 22.1) holds only what is compiled before anything runs. NODE_DISABLE_COMPILE_CACHE
 * turns them off, as Node's.
 *
 * A file holds `(function (exports, require, module) { ... })`. It loads the others by `require("./name")`, and its
 * name changes with its content, since V8 compares only lengths of sources.
 *
 * @param require for what is not in the folder
 */
export function cachedModules(folder: string, require: NodeJS.Require): CachedModules {
  const exported = new Map<string, unknown>();
  const keeps: (() => void)[] = [];
  const load = (name: string): unknown => {
    if (!exported.has(name)) {
      const { main, keep } = compiled(`${folder}/${name}`);
      const module = { exports: {} };
      main(
        module.exports,
        (wanted: string) => (wanted.startsWith("./") ? load(wanted.slice(2)) : require(wanted)),
        module,
      );
      exported.set(name, module.exports);
      if (keep !== undefined) keeps.push(keep);
    }
    return exported.get(name);
  };
  return {
    load,
    keep() {
      for (const keep of keeps) keep();
    },
  };
}

type Main = (exports: object, require: (name: string) => unknown, module: { exports: object }) => void;

function compiled(file: string): { readonly main: Main; readonly keep: (() => void) | undefined } {
  const cache = process.env.NODE_DISABLE_COMPILE_CACHE
    ? undefined
    : `${file}.${process.version}-${process.arch}.cache`;
  const cachedData = cache === undefined ? undefined : contentOf(cache);
  // ASCII read as Latin-1 stays one byte a character.
  const script = new Script(readFileSync(file, "latin1"), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const isKept = cachedData !== undefined && script.cachedDataRejected !== true;
  return {
    main: script.runInThisContext(),
    keep:
      cache === undefined || isKept ? undefined : () => keepContent(cache, () => script.createCachedData()),
  };
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** V8 trusts the content, so the name must never show a part of it, also after a power cut. */
function keepContent(path: string, content: () => Buffer): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    accessSync(dirname(path), constants.W_OK);
    const handle = openSync(unfinished, "wx");
    try {
      writeSync(handle, content());
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(unfinished, path);
  } catch {
    rmSync(unfinished, { force: true });
  }
}
