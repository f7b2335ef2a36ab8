// Bundles the program into dist/: no runtime dependency to install, heavy parsers in chunks of their own that are
// loaded only when such a file is present.
import { chmodSync, readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: { hostlint: "src/cli/hostlint.ts", index: "src/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifySyntax: true,
  minifyWhitespace: true,
  chunkNames: "chunk-[hash]",
  define: { HOSTLINT_VERSION: JSON.stringify(version) },
  logLevel: "warning",
});
chmodSync("dist/hostlint.js", 0o755);
