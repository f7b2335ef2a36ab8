// Bundles the program into dist/: no runtime dependency to install, heavy parsers in chunks of their own that are
// loaded only when such a file is present.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** yaml's build for Node is CommonJS, which cannot require anything from a bundle of modules; this one can. */
const yamlAsModule = {
  name: "yaml-as-module",
  setup({ onResolve }) {
    onResolve({ filter: /^yaml$/ }, () => ({ path: resolve("node_modules/yaml/browser/index.js") }));
  },
};

/** The licence that a package whose code is bundled wants passed on. */
function licenceOf(name) {
  const folder = `node_modules/${name}`;
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} is bundled and holds no licence`);
  return `${name}\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
}

const { metafile } = await build({
  entryPoints: { hostlint: "src/cli/hostlint.ts", index: "src/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minify: true,
  chunkNames: "chunk-[hash]",
  define: { HOSTLINT_VERSION: JSON.stringify(version) },
  plugins: [yamlAsModule],
  metafile: true,
  logLevel: "warning",
});
const bundled = new Set(
  Object.keys(metafile.inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]),
);
bundled.delete(undefined);
writeFileSync("dist/THIRD-PARTY-LICENSES.txt", [...bundled].sort().map(licenceOf).join("\n\n"));
// Only what an earlier bundle left goes: `npm pack` has written dist/types before it bundles.
for (const name of readdirSync("dist"))
  if (name.endsWith(".js") && !(`dist/${name}` in metafile.outputs)) rmSync(`dist/${name}`);
chmodSync("dist/hostlint.js", 0o755);
