import { resolve } from "node:path";
import * as v from "valibot";
import { type Document, isMap, isNode, isPair, isScalar, parseDocument, visit } from "yaml";
import { ruleIdFault } from "../lint/known-rules.ts";
import { type FactName, factNames } from "../model/value.ts";
import { harmless } from "../report/harmless-text.ts";
import { pathText } from "../report/place.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import type { SourceFile } from "../text/source-file.ts";
import { type Span, span } from "../text/span.ts";
import type { ConfigurationFile, ConfiguredHost, Override, RuleSettings } from "./configuration.ts";
import { configurationSchema, keysBeside, topKeys } from "./configuration-schema.ts";
import type { DeclaredFacts } from "./facts.ts";
import { UsageError } from "./usage-error.ts";

type Path = readonly PropertyKey[];
type Shape = v.InferOutput<typeof configurationSchema>;

interface Fault {
  readonly offset: number;
  readonly message: string;
}

/**
 * Reads the text of a hostlint.yaml.
 *
 * @param directory absolute; the paths in the file count from here
 * @throws UsageError with every fault, each with its line
 */
export function readConfiguration(
  file: SourceFile,
  directory: string,
  ruleIds: readonly string[],
): ConfigurationFile {
  refuseUnreadable(file);
  const document = parseDocument(file.text, { schema: "failsafe", prettyErrors: false, logLevel: "error" });
  refuse(
    file,
    document.errors.map(({ message, pos }) => ({ message, offset: pos[0] })),
  );
  refuse(file, odditiesOf(document));
  const parsed = v.safeParse(configurationSchema, withoutEmpty(plain(file, document)));
  if (!parsed.success)
    refuse(
      file,
      parsed.issues.map((issue) => faultOf(document, issue)),
    );
  const shape = parsed.output as Shape;
  const overrides = shape.overrides ?? [];
  const settings: readonly (readonly [Path, object])[] = [
    [["rules"], shape.rules ?? {}],
    ...overrides.map(({ rules }, index) => [["overrides", index, "rules"], rules] as const),
  ];
  refuse(
    file,
    settings.flatMap(([path, rules]) => unknownRules(document, path, Object.keys(rules), ruleIds)),
  );
  return {
    path: file.path,
    directory,
    extends: extendedAt(file, document, directory, shape.extends),
    facts: factsAt(file, document, ["facts"], shape.facts ?? {}),
    hosts: (shape.hosts ?? []).map((host, index) => hostAt(file, document, directory, host, index)),
    severities: settingsAt(file, document, ["rules"], shape.rules ?? {}),
    overrides: overrides.map(
      ({ files, rules }, index): Override => ({
        files: { directory, globs: files },
        severities: settingsAt(file, document, ["overrides", index, "rules"], rules),
      }),
    ),
    ignore: { directory, globs: shape.ignore ?? [] },
  };
}

function unknownRules(
  document: Document,
  path: Path,
  ids: readonly string[],
  ruleIds: readonly string[],
): Fault[] {
  return ids.flatMap((id) => {
    const message = ruleIdFault(id, ruleIds);
    return message === undefined ? [] : [{ message, offset: offsetOfKey(document, [...path, id]) }];
  });
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

/** Where the value at a path starts, else the nearest thing around it. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}

function offsetOfKey(document: Document, path: Path): number {
  return pairRange(document, path)?.[0] ?? offsetOf(document, path.slice(0, -1));
}

/** From the start of a key to the end of its value. */
function pairRange(document: Document, path: Path): readonly [number, number] | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find(
    (each) => isPair(each) && isScalar(each.key) && each.key.value === path.at(-1),
  );
  if (pair === undefined || !isScalar(pair.key) || !pair.key.range) return undefined;
  const end = isNode(pair.value) && pair.value.range ? pair.value.range[1] : pair.key.range[1];
  return [pair.key.range[0], end];
}

function placeOf(file: SourceFile, document: Document, path: Path): Span {
  const [start, end] = pairRange(document, path) ?? [offsetOf(document, path), offsetOf(document, path)];
  return span(file, start, Math.max(start, end));
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
  rules: NonNullable<Shape["rules"]>,
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
