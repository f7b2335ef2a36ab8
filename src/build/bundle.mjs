// Bundles the library and the program into dist/: no runtime dependency to install.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
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

const shared = {
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20",
  minify: true,
  plugins: [yamlAsModule],
  metafile: true,
  logLevel: "warning",
};
/** One file, in which import() is require(): a script outside of the module loader has none. */
const script = { format: "cjs", outExtension: { ".js": ".cjs" }, supported: { "dynamic-import": false } };
const constants = { HOSTLINT_VERSION: JSON.stringify(version) };

/** The library: heavy parsers in chunks of their own that are loaded only when such a file is present. */
const library = await build({
  ...shared,
  entryPoints: { index: "src/index.ts" },
  splitting: true,
  format: "esm",
  chunkNames: "chunk-[hash]",
  define: constants,
});
/**
 * What only some projects need, in files of their own: their caches come from runs that needed them, and no other run
 * reads them.
 */
const apart = ["yaml", "unbash", "@lezer/python"];
const cached = {
  ...shared,
  ...script,
  // what cachedModules takes: putting it around the text at each start would copy a megabyte
  banner: { js: "(function (exports, require, module) {" },
  footer: { js: "})" },
  entryNames: "[name]-[hash]",
};
const packages = await Promise.all(
  apart.map((name) => build({ ...cached, entryPoints: { [name.replace(/\W+/g, "")]: name } })),
);
const packageFiles = new Map(
  packages.map(({ metafile }, index) => [apart[index], Object.keys(metafile.outputs)[0]]),
);
const packagesApart = {
  name: "packages-apart",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) =>
      packageFiles.has(path) ? { path: `./${basename(packageFiles.get(path))}`, external: true } : undefined,
    );
  },
};
/** The program: one file, which runs from V8's code cache, named by its content since that cache does not know it. */
const program = await build({
  ...cached,
  plugins: [packagesApart],
  entryPoints: { program: "src/cli/main.ts" },
  define: constants,
});
const [programFile] = Object.keys(program.metafile.outputs);
// Escapes what esbuild leaves as it is: characters of regular expressions.
for (const file of [programFile, ...packageFiles.values()])
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(
      /[^\0-\x7f]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
const launcher = await build({
  ...shared,
  ...script,
  entryPoints: { hostlint: "src/cli/hostlint.ts" },
  define: { ...constants, HOSTLINT_PROGRAM: JSON.stringify(basename(programFile)) },
});
const builds = [library, ...packages, program, launcher];
const outputs = new Set(builds.flatMap(({ metafile }) => Object.keys(metafile.outputs)));
const bundled = new Set(
  builds
    .flatMap(({ metafile }) => Object.keys(metafile.inputs))
    .map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]),
);
bundled.delete(undefined);
writeFileSync("dist/THIRD-PARTY-LICENSES.txt", [...bundled].sort().map(licenceOf).join("\n\n"));
// Only what an earlier bundle left goes: `npm pack` has written dist/types before it bundles.
for (const name of readdirSync("dist"))
  if (/\.(?:c?js|cache)$/.test(name) && !outputs.has(`dist/${name}`)) rmSync(`dist/${name}`);
chmodSync("dist/hostlint.cjs", 0o755);
