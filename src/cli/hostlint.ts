#!/usr/bin/env node
// The bundle makes this a CommonJS file, which Node starts sooner than a module.
import type * as Program from "./main.ts";
import { print } from "./standard-streams.ts";

declare const HOSTLINT_VERSION: string;
/** The bundle of main.ts, beside this file. */
declare const HOSTLINT_PROGRAM: string;

/** Seconds: what a longer run has compiled is more than others need, and slower to load. */
const usual = 1;

async function lint(words: readonly string[]): Promise<void> {
  const { cachedModules } = await import("./code-cache.ts");
  const modules = cachedModules(__dirname, require);
  const { main } = modules.load(HOSTLINT_PROGRAM) as typeof Program;
  const exitCode = await main(words, () => {
    if (process.uptime() < usual) modules.keep();
  });
  // Everything is written; to end by itself, Node would first take its heap apart.
  process.exit(exitCode);
}

const words = process.argv.slice(2);
// The version needs nothing else, so that asking for it costs no more than starting Node.
if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) print(`${HOSTLINT_VERSION}\n`);
else void lint(words);
