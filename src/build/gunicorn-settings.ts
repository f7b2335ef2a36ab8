/** Writes src/programs/gunicorn/settings-table.ts. With --check only says whether it is fresh. */
import { readFileSync, writeFileSync } from "node:fs";

/**
 * Shape of fixtures/programs/gunicorn/settings.json: what gunicorn.config.KNOWN_SETTINGS of each listed version
 * holds, introspected in a clean environment.
 */
interface RecordedSettings {
  readonly generatedFrom: { readonly versions: readonly string[] };
  readonly settings: readonly RecordedSetting[];
}

interface RecordedFields {
  readonly cli: readonly string[];
  readonly action: string;
  readonly nargs: string | null;
  readonly const: unknown;
  readonly argparseType: string | null;
  readonly validator: string;
  readonly default: unknown;
}

interface RecordedSetting extends RecordedFields {
  readonly name: string;
  readonly in: {
    readonly firstOfListed: string;
    readonly lastOfListed: string;
    readonly debian20_1: boolean;
  };
  readonly differsIn?: Readonly<Record<string, Partial<RecordedFields>>>;
}

const header = `/**
 * Every gunicorn setting by version. Generated from fixtures/programs/gunicorn/settings.json (an introspection of
 * gunicorn.config.KNOWN_SETTINGS of each version) by \`npm run generate\`; src/build/gunicorn-settings.ts shapes it.
 */
import type { SettingRow } from "./settings.ts";

`;

/** The text of settings-table.ts. */
function settingsTable(recorded: RecordedSettings): string {
  const versions = recorded.generatedFrom.versions;
  const rows = recorded.settings.map((setting) => `  ${row(setting, versions)},\n`);
  return `${header}// biome-ignore format: generated
export const listedVersions: readonly string[] = ${JSON.stringify(versions)};

// biome-ignore format: one setting a line
export const settingRows: readonly SettingRow[] = [
${rows.join("")}];
`;
}

/** Fields that differ from `from` to `to`, both indexes of the versions. */
interface Difference {
  readonly from: number;
  to: number;
  readonly [field: string]: unknown;
}

function row(setting: RecordedSetting, versions: readonly string[]): string {
  const first = versions.indexOf(setting.in.firstOfListed);
  const last = versions.indexOf(setting.in.lastOfListed);
  const present = versions
    .map((_, index) => index)
    .filter((index) => index >= first && index <= last && !isAbsent(setting, versions[index] ?? ""));
  const differs: Difference[] = [];
  for (const index of present) {
    const change = setting.differsIn?.[versions[index] ?? ""];
    const changed = change === undefined ? {} : fields({ ...setting, ...change }, setting);
    if (Object.keys(changed).length === 0) continue;
    const previous = differs.at(-1);
    if (previous?.to === index - 1 && sameFields(previous, changed)) previous.to = index;
    else differs.push({ from: index, to: index, ...changed });
  }
  return JSON.stringify({
    name: setting.name,
    ...fields(setting),
    in: ranges(present),
    ...(differs.length === 0 ? {} : { differs }),
  });
}

/** Debian brought tolerate_dangerous_framing to its 20.1; upstream had it in 22.0 only. */
function isAbsent(setting: RecordedSetting, version: string): boolean {
  if (version.startsWith("debian-")) return !setting.in.debian20_1;
  return setting.in.firstOfListed.startsWith("debian-") && version !== setting.in.lastOfListed;
}

function ranges(present: readonly number[]): [number, number][] {
  const result: [number, number][] = [];
  for (const index of present) {
    const previous = result.at(-1);
    if (previous !== undefined && previous[1] === index - 1) previous[1] = index;
    else result.push([index, index]);
  }
  return result;
}

/** What argparse and the validators need to know; with `base`, only what differs from it. */
function fields(setting: RecordedFields, base?: RecordedFields): Record<string, unknown> {
  const all = (of: RecordedFields): Record<string, unknown> => ({
    flags: of.cli,
    action: of.nargs === "?" ? "store_optional" : of.action,
    type: of.argparseType ?? "str",
    validator: of.validator.replace(/^validate_/, "").replace(/\(\d+\)$/, ""),
    default: isObject(of.default) ? undefined : of.default,
    constant: of.const ?? undefined,
  });
  const mine = all(setting);
  if (base === undefined) return mine;
  const theirs = all(base);
  return Object.fromEntries(
    Object.entries(mine).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(theirs[key])),
  );
}

/** Hooks and dictionaries: nothing that a table of plain values can hold. */
function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sameFields(one: Difference, other: Record<string, unknown>): boolean {
  const { from: _from, to: _to, ...rest } = one;
  return JSON.stringify(rest) === JSON.stringify(other);
}

const path = "src/programs/gunicorn/settings-table.ts";
const text = settingsTable(
  JSON.parse(readFileSync("fixtures/programs/gunicorn/settings.json", "utf8")) as RecordedSettings,
);
if (!process.argv.includes("--check")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text) {
  console.error(`${path} is not fresh: run npm run generate`);
  process.exitCode = 1;
}
