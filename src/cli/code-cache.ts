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
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

/** A CommonJS file that runs from what V8 compiled of it in an earlier run. */
export interface CachedModule<Exports> {
  readonly exports: Exports;
  /**
   * Leaves what V8 has compiled by now for later runs, where no earlier run has: the file's name with the
   * version of Node, the processor and `.cache`. Does nothing where the folder cannot be written.
   */
  readonly keep: () => void;
}

/**
 * Loads a bundle of ASCII text with its code cache, which is half of the time to start: Node's own cache
 * (module.enableCompileCache, since 22.1) holds only what is compiled before anything runs. NODE_DISABLE_COMPILE_CACHE
 * turns it off, as Node's.
 *
 * @param file holds `(function (exports, require, module) { ... })`, and its name changes with its content, since V8
 *   compares only lengths of sources
 */
export function loadCached<Exports>(file: string): CachedModule<Exports> {
  const cache = process.env.NODE_DISABLE_COMPILE_CACHE
    ? undefined
    : `${file}.${process.version}-${process.arch}.cache`;
  const cachedData = cache === undefined ? undefined : contentOf(cache);
  // ASCII read as Latin-1 stays one byte a character.
  const script = new Script(readFileSync(file, "latin1"), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module: { exports: Exports | object } = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module);
  return {
    exports: module.exports as Exports,
    keep() {
      if (cache !== undefined && (cachedData === undefined || script.cachedDataRejected === true))
        keepContent(cache, () => script.createCachedData());
    },
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
