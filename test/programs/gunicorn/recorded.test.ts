import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseBind } from "../../../src/programs/gunicorn/bind-address.ts";
import { type GunicornResult, interpretGunicorn } from "../../../src/programs/gunicorn/interpret.ts";
import { settingRows } from "../../../src/programs/gunicorn/settings-table.ts";
import { inputOf, startDirectory } from "./command-line.ts";
import { machineOnly } from "./machine-only-cases.ts";

interface Recorded {
  readonly name: string;
  readonly title: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly cpuCount: number;
  readonly expected: Outcome;
  readonly byVersion: Readonly<Record<string, Partial<Outcome>>>;
}

/** What gunicorn --print-config said. */
interface Outcome {
  readonly exit: number;
  readonly stderrLast: string | null;
  readonly key: Readonly<Record<string, unknown>> | null;
  readonly changed: Readonly<Record<string, unknown>> | null;
  readonly chdir: string | null;
  readonly derived: {
    readonly address?: readonly unknown[] | { readonly error: string };
    readonly worker_class_str?: string | { readonly error: string };
    readonly sendfile?: boolean;
  } | null;
}

const read = (name: string): readonly Recorded[] =>
  JSON.parse(readFileSync(`fixtures/programs/gunicorn/${name}.json`, "utf8"));
const cases = read("recorded-cases");
/** More inputs, recorded on Python 3.11.2 from gunicorn of Debian 12 and of the released sources. */
const further = read("further-cases");

const versions = ["20.1.0-6+deb12u1", "20.1.0", "21.2.0", "22.0.0", "23.0.0", "24.1.1", "25.3.0", "26.1.0"];

function outcomeOf(recorded: Recorded, version: string): Outcome {
  return { ...recorded.expected, ...(recorded.byVersion[version] ?? {}) };
}

/** What differs between gunicorn's answer and ours, in words; empty where nothing does. */
function differences(
  recorded: Recorded,
  version: string,
  { configuration, failure }: GunicornResult,
): string[] {
  const outcome = outcomeOf(recorded, version);
  const found: string[] = [];
  const compare = (what: string, ours: unknown, theirs: unknown): void => {
    const [one, other] = [JSON.stringify(ours), JSON.stringify(theirs)];
    if (one !== other) found.push(`${what}: ours ${one}, gunicorn's ${other}`);
  };
  compare("exit", failure?.exit ?? 0, outcome.exit);
  if (outcome.exit !== 0) compare("stderr", shown(failure?.message), outcome.stderrLast ?? "");
  const setting = (name: string): unknown => {
    const value = configuration.settings.get(name);
    if (value === undefined || !value.known) return `unknown: ${value?.origin.why}`;
    return shown(value.value);
  };
  for (const [name, value] of Object.entries({ ...outcome.key, ...outcome.changed }))
    compare(name, accountNumber(setting(name)), value);
  if (outcome.changed !== null)
    for (const name of configuration.settings.keys()) {
      const value = configuration.settings.get(name);
      if (
        value?.known === true &&
        value.origin.kind !== "default" &&
        !(name in outcome.changed) &&
        !(name in (outcome.key ?? {}))
      )
        if (name !== "chdir" && !isDefault(name, value.value))
          found.push(`${name}: ours ${JSON.stringify(value.value)}, gunicorn's default`);
    }
  if (outcome.chdir !== null) compare("chdir", setting("chdir"), outcome.chdir);
  const { address, worker_class_str: workerClass, sendfile } = outcome.derived ?? {};
  if (sendfile !== undefined) compare("sendfile", setting("sendfile"), sendfile);
  if (address !== undefined) compare("address", parsedBinds(configuration.settings.get("bind")), address);
  if (typeof workerClass === "string") {
    const kind = configuration.workerKind.known
      ? configuration.workerKind.value
      : configuration.workerKind.origin.why;
    const flipped =
      (workerClass === "threads" || workerClass === "gthread") && setting("worker_class") !== "gthread";
    if (flipped) compare("worker kind", kind, "gthread");
    else compare("worker_class", String(setting("worker_class")).replace(/^<(.*)\(\)>$/, "$1"), workerClass);
  }
  return found;
}

/** Names of accounts stay names: the machine of the recording gave www-data the number 33. */
function accountNumber(value: unknown): unknown {
  return value === "www-data" ? 33 : value;
}

function shown(value: unknown): unknown {
  if (typeof value === "string") return value.replace(startDirectory, "$CASE");
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value === "object" && value !== null && "callable" in value)
    return `<${String(value.callable).replace(/^.*\./, "")}()>`;
  return value;
}

function isDefault(name: string, value: unknown): boolean {
  if (name === "sendfile") return value === true;
  const row = settingRows.find((each) => each.name === name);
  return JSON.stringify(row?.default) === JSON.stringify(value);
}

function parsedBinds(bind: ReturnType<GunicornResult["configuration"]["settings"]["get"]>): unknown {
  if (bind === undefined || !bind.known || !Array.isArray(bind.value)) return "unknown";
  const all = bind.value.map((text) => parseBind(String(text)));
  const error = all.find((each) => each.kind === "error");
  if (error?.kind === "error") return { error: `RuntimeError: ${error.message}` };
  return all.map((each) => {
    if (each.kind === "tcp") return [each.host, each.port];
    return each.kind === "unix" ? String(shown(each.path)) : each.kind === "descriptor" ? each.number : each;
  });
}

describe.each(versions)("gunicorn %s", (version) => {
  test.each(cases.map((recorded) => [recorded.name, recorded] as const))("%s", async (name, recorded) => {
    const result = await interpretGunicorn(inputOf({ ...recorded, version, cpus: recorded.cpuCount }));
    const found = differences(recorded, version, result);
    const allowed = machineOnly[name]?.what ?? [];
    const unexpected = found.filter((each) => !allowed.some((part) => each.startsWith(part)));
    expect(unexpected).toEqual([]);
  });
});

describe("every gunicorn", () => {
  test.each(further.map((recorded) => [recorded.name, recorded] as const))("%s", async (_name, recorded) => {
    for (const version of versions) {
      const result = await interpretGunicorn(inputOf({ ...recorded, version, cpus: recorded.cpuCount }));
      expect([version, differences(recorded, version, result)]).toEqual([version, []]);
    }
  });
});

test("a case that only the machine can decide is still undecided", async () => {
  for (const [name, { what }] of Object.entries(machineOnly)) {
    const recorded = cases.find((each) => each.name === name);
    if (recorded === undefined) throw new Error(`there is no case ${name}`);
    const found = await Promise.all(
      versions.map(async (version) =>
        differences(
          recorded,
          version,
          await interpretGunicorn(inputOf({ ...recorded, version, cpus: recorded.cpuCount })),
        ),
      ),
    );
    for (const part of what)
      expect([name, part, found.flat().some((each) => each.startsWith(part))]).toEqual([name, part, true]);
  }
});
