// node src/build/run-typescript.mjs FILE.ts [ARGUMENTS]: runs a TypeScript file of this repository on Node 20, which
// cannot strip types by itself.
import { mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const [, , entry, ...rest] = process.argv;
const folder = mkdtempSync(join(resolve("node_modules"), ".hostlint-run-"));
try {
  const outfile = join(folder, "entry.mjs");
  await build({
    entryPoints: [resolve(entry)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    define: { HOSTLINT_VERSION: '"0.0.0"' },
    logLevel: "warning",
  });
  process.argv = [process.argv[0], resolve(entry), ...rest];
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
