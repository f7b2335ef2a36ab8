// Writes dist/types: the declarations that src/index.ts needs, and no others.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const emitted = mkdtempSync(join(tmpdir(), "hostlint-types-"));
const { status } = spawnSync(
  process.execPath,
  ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json", "--types", "node", "--outDir", emitted],
  { stdio: ["ignore", 2, 2] },
);
if (status !== 0) process.exit(status ?? 1);

rmSync("dist/types", { recursive: true, force: true });
const written = new Set(["src/index.d.ts"]);
for (const file of written) {
  // The compiler leaves the suffix of the sources in declarations; consumers resolve .js to .d.ts.
  const text = readFileSync(join(emitted, file), "utf8").replace(
    /((?:from|import\()\s*")(\.[^"]+)\.ts"/g,
    (_, before, path) => {
      written.add(join(dirname(file), `${path}.d.ts`));
      return `${before}${path}.js"`;
    },
  );
  const place = join("dist/types", file);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
}
rmSync(emitted, { recursive: true });
