import { resolve } from "node:path";
import * as v from "valibot";
import { type Document, isNode, isScalar, parseDocument, visit } from "yaml";
import { type FactName, factNames } from "../model/value.ts";
import { harmless } from "../report/harmless-text.ts";
import { pathText } from "../report/place.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import type { SourceFile } from "../text/source-file.ts";
import { span } from "../text/span.ts";
import type { ConfigurationFile, ConfiguredHost, Override, RuleSettings } from "./configuration.ts";
import { type Fault, offsetOf, offsetOfKey, type Path, placeOf } from "./configuration-places.ts";
import { type KnownRules, readRules, unknownRules } from "./configuration-rules.ts";
import { configurationSchema, keysBeside, topKeys } from "./configuration-schema.ts";
import type { DeclaredFacts } from "./facts.ts";
import { UsageError } from "./usage-error.ts";

type Shape = v.InferOutput<typeof configurationSchema>;

/**
 * Reads the text of a hostlint.yaml.
 *
 * @param directory absolute; the paths in the file count from here
 * @throws UsageError with every fault, each with its line
 */
export function readConfiguration(file: SourceFile, directory: string, rules: KnownRules): ConfigurationFile {
  refuseUnreadable(file);
  const document = parseDocument(file.text, { schema: "failsafe", prettyErrors: false, logLevel: "error" });
  refuse(
    file,
    document.errors.map(({ message, pos }) => ({ message, offset: pos[0] })),
  );
  refuse(file, odditiesOf(document));
  const written = withoutEmpty(plain(file, document));
  const parsed = v.safeParse(configurationSchema, written);
  const settings = readRules(file, document, partOf(written, "rules"), rules);
  refuse(file, [
    ...(parsed.issues ?? []).map((issue) => faultOf(document, issue)),
    ...settings.faults,
    ...overriddenRules(written).flatMap(([path, each]) => unknownRules(document, path, each, rules)),
  ]);
  const shape = parsed.output as Shape;
  return {
    path: file.path,
    directory,
    extends: extendedAt(file, document, directory, shape.extends),
    facts: factsAt(file, document, ["facts"], shape.facts ?? {}),
    hosts: (shape.hosts ?? []).map((host, index) => hostAt(file, document, directory, host, index)),
    severities: settings.severities,
    options: settings.options,
    overrides: (shape.overrides ?? []).map(
      ({ files, rules }, index): Override => ({
        files: { directory, globs: files },
        severities: settingsAt(file, document, ["overrides", index, "rules"], rules),
      }),
    ),
    ignore: { directory, globs: shape.ignore ?? [] },
  };
}

/** Beyond these the parser takes minutes or the process dies; no configuration comes near. */
const mostCharacters = 100_000;
const longestLine = 2000;
const deepestNesting = 100;
const mostAliases = 100;

function refuseUnreadable(file: SourceFile): void {
  const { text } = file;
  if (text.length > mostCharacters)
    throw new UsageError(`${file.path}: larger than ${mostCharacters} characters`);
  let depth = 0;
  let lineStart = 0;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    if (character === "\n") lineStart = offset + 1;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth = Math.max(0, depth - 1);
    if (depth > deepestNesting) refuse(file, [{ message: "nested too deep", offset }]);
    if (offset - lineStart > longestLine) refuse(file, [{ message: "line too long", offset: lineStart }]);
  }
}

const mostFaults = 20;

function refuse(file: SourceFile, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const lines = [...faults]
    .sort((a, b) => a.offset - b.offset)
    .slice(0, mostFaults)
    .map(({ offset, message }) => {
      const { line, column } = file.position(offset);
      return `${pathText(file.path)}:${line}:${column}: ${harmless(message)}`;
    });
  if (faults.length > mostFaults) lines.push(`and ${faults.length - mostFaults} more`);
  throw new UsageError(lines.join("\n"));
}

/** What YAML allows and this file has no use for; keys of keys alone can hold the parser up for minutes. */
function odditiesOf(document: Document): Fault[] {
  const faults: Fault[] = [];
  let aliases = 0;
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key)) return undefined;
      faults.push({
        message: "expected a name before the colon",
        offset: isNode(key) ? (key.range?.[0] ?? 0) : 0,
      });
      return visit.BREAK;
    },
    Alias: (_, alias) => {
      aliases += 1;
      const offset = alias.range?.[0] ?? 0;
      if (aliases > mostAliases) {
        faults.push({ message: `more than ${mostAliases} aliases`, offset });
        return visit.BREAK;
      }
      if (alias.resolve(document) === undefined)
        faults.push({ message: `no anchor &${alias.source} before this`, offset });
      return undefined;
    },
  });
  return faults;
}

function plain(file: SourceFile, document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    throw new UsageError(`${file.path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `facts:` with nothing below is as good as no `facts:`. */
function withoutEmpty(root: unknown): unknown {
  if (root === "") return {};
  if (typeof root !== "object" || root === null || Array.isArray(root)) return root;
  return Object.fromEntries(
    Object.entries(root).filter(([key, value]) => value !== "" || !topKeys.includes(key)),
  );
}

function partOf(root: unknown, key: string): unknown {
  return typeof root === "object" && root !== null && !Array.isArray(root)
    ? new Map(Object.entries(root)).get(key)
    : undefined;
}

/** The rules of each override with their path, whatever stands there. */
function overriddenRules(root: unknown): [Path, unknown][] {
  const overrides = partOf(root, "overrides");
  if (!Array.isArray(overrides)) return [];
  return overrides.map((each, index) => [["overrides", index, "rules"], partOf(each, "rules")]);
}

function faultOf(document: Document, issue: v.BaseIssue<unknown>): Fault {
  const path = (issue.path ?? []).map((item) => item.key as PropertyKey);
  if (issue.type === "strict_object" && issue.received === "undefined" && issue.expected !== "never")
    return { message: `${String(path.at(-1))} is missing`, offset: offsetOf(document, path) };
  if (issue.expected !== "never" || path.length === 0)
    return { message: issue.message, offset: offsetOf(document, path) };
  const key = String(path.at(-1));
  return {
    message: `unknown key ${key}${didYouMean(key, keysBeside(path))}`,
    offset: offsetOfKey(document, path),
  };
}

function factsAt(
  file: SourceFile,
  document: Document,
  path: Path,
  texts: { readonly [name in FactName]?: string | undefined },
): DeclaredFacts {
  const declared: { [name in FactName]?: DeclaredFacts[name] } = {};
  for (const name of factNames) {
    const text = texts[name];
    if (text === undefined) continue;
    const at = placeOf(file, document, [...path, name]);
    declared[name] = { text, how: `${name}: ${text} in ${file.path}`, at };
  }
  return declared;
}

function settingsAt(
  file: SourceFile,
  document: Document,
  path: Path,
  rules: NonNullable<Shape["overrides"]>[number]["rules"],
): RuleSettings {
  return new Map(
    Object.entries(rules).map(([id, severity]) => [
      id,
      { severity, at: placeOf(file, document, [...path, id]) },
    ]),
  );
}

function extendedAt(
  file: SourceFile,
  document: Document,
  directory: string,
  written: Shape["extends"],
): ConfigurationFile["extends"] {
  const isOne = typeof written === "string";
  return (isOne ? [written] : (written ?? [])).map((each, index) => {
    const offset = offsetOf(document, isOne ? ["extends"] : ["extends", index]);
    return { path: resolve(directory, each), at: span(file, offset, offset) };
  });
}

function hostAt(
  file: SourceFile,
  document: Document,
  directory: string,
  host: NonNullable<Shape["hosts"]>[number],
  index: number,
): ConfiguredHost {
  const path = ["hosts", index];
  const key = host.root === undefined ? "files" : "root";
  return {
    name: host.name ?? host.root ?? "",
    at: placeOf(file, document, [...path, host.name === undefined ? key : "name"]),
    kind: key,
    paths: (host.root === undefined ? (host.files ?? []) : [host.root]).map((each) =>
      resolve(directory, each),
    ),
    roles: new Map(
      Object.entries(host.roles ?? {}).map(([each, role]) => [resolve(directory, each), role] as const),
    ),
    facts: factsAt(file, document, [...path, "facts"], host.facts ?? {}),
  };
}
