import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { facts, lint } from "../../src/index.ts";
import { damaged } from "./damaged.ts";
import { hostFiles, texts } from "./texts.ts";

const seed = Number(process.env.HOSTLINT_SEED ?? 1);
/** Milliseconds, after which no further host is tried. */
const time = Number(process.env.HOSTLINT_EFFORT ?? 1) * 4000;

/** The hosts of the fixtures, and one of each other kind of file, with some files damaged. */
const more: readonly (readonly [path: string, text: string])[] = [
  ["fixtures/hosts/other/k8s.yaml", texts.yaml.at(-1) ?? ""],
  ["fixtures/hosts/other/supervisord.conf", texts.supervisor[0]],
  ["fixtures/hosts/other/Procfile", texts.procfile[0]],
  ["fixtures/hosts/other/entrypoint.sh", texts.shell.at(-1) ?? ""],
  ["fixtures/hosts/other/Dockerfile", texts.dockerfile.at(-1) ?? ""],
];
const hosts = new Map<string, (readonly [path: string, text: string])[]>();
for (const file of [...hostFiles, ...more]) {
  const [, , name = ""] = file[0].split("/");
  hosts.set(name, [...(hosts.get(name) ?? []), file]);
}

const host = fc
  .constantFrom(...hosts.values())
  .chain((files) =>
    fc.tuple(
      ...files.map(([path, text]) =>
        fc.tuple(
          fc.constant(path),
          fc.oneof(
            { weight: 2, arbitrary: fc.constant(Buffer.from(text)) },
            { weight: 1, arbitrary: damaged([text]) },
          ),
        ),
      ),
    ),
  );

test("a host of damaged files is judged without a fault, every finding inside its file", async () => {
  const until = performance.now() + time;
  let tried = 0;
  while (performance.now() < until || tried === 0) {
    const [files = []] = fc.sample(host, { seed: seed + tried, numRuns: 1 });
    tried += 1;
    const root = mkdtempSync(join(tmpdir(), "hostlint-fuzz-"));
    try {
      for (const [path, bytes] of files) {
        const place = join(root, ...path.split("/").slice(3));
        mkdirSync(dirname(place), { recursive: true });
        writeFileSync(place, bytes);
      }
      const { result, faults } = await lint({
        requests: [{ paths: ["."], facts: facts() }],
        workingDirectory: root,
      });
      expect([
        `HOSTLINT_SEED=${seed}`,
        tried,
        faults.map(({ rule, error }) => `${rule}: ${String(error)}`),
      ]).toEqual([`HOSTLINT_SEED=${seed}`, tried, []]);
      for (const { at } of result.diagnostics)
        expect(at.start >= 0 && at.start <= at.end && at.end <= at.file.text.length).toBe(true);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
});
