#!/usr/bin/env node
// The version needs nothing else, so that asking for it costs no more than starting Node.
declare const HOSTLINT_VERSION: string;

if (process.argv.length === 3 && (process.argv[2] === "--version" || process.argv[2] === "-V"))
  process.stdout.write(`${HOSTLINT_VERSION}\n`);
else {
  const { main } = await import("./main.ts");
  process.exitCode = await main(process.argv.slice(2));
}
