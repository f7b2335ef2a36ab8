import type { Diagnostic, EvidenceStep, LintResult } from "../lint/lint-result.ts";
import type { Severity } from "../lint/rule.ts";
import type { Colors } from "./colors.ts";
import { harmless } from "./harmless-text.ts";
import { pathText, placeText } from "./place.ts";
import { closingLines } from "./stylish-closing.ts";
import type { StylishOptions } from "./stylish-options.ts";
import { columnWidth, wrap } from "./text-layout.ts";

/**
 * The report for a person: each finding under its file as `line:col  severity  message  rule`, below it why it
 * matters, the chain that proves it with a place on each line, and what to write instead.
 */
export function stylish(result: LintResult, options: StylishOptions): string {
  const { colors } = options;
  const lines: string[] = [];
  const page: Page = { result, colors, width: options.width, documented: new Set() };
  for (const [path, diagnostics] of byFile(result.diagnostics)) {
    lines.push("", colors.underline(pathText(path)));
    const positions = diagnostics.map(position);
    const indent = Math.max(...positions.map((each) => each.length));
    diagnostics.forEach((diagnostic, index) => {
      if (index > 0) lines.push("");
      lines.push(...findingLines(page, diagnostic, (positions[index] ?? "").padStart(indent)));
    });
  }
  lines.push("", ...closingLines(result, options));
  return `${lines.slice(1).join("\n")}\n`;
}

interface Page {
  readonly result: LintResult;
  readonly colors: Colors;
  readonly width: number | undefined;
  /** Rules whose documentation has been linked. */
  readonly documented: Set<string>;
}

function byFile(diagnostics: readonly Diagnostic[]): Map<string, Diagnostic[]> {
  const files = new Map<string, Diagnostic[]>();
  for (const each of diagnostics) {
    const path = each.at.file.path;
    const sofar = files.get(path);
    if (sofar === undefined) files.set(path, [each]);
    else sofar.push(each);
  }
  return files;
}

function position({ at }: Diagnostic): string {
  const { line, column } = at.file.position(at.start);
  return `${line}:${column}`;
}

/** As wide as `evidence`, the longest word that stands in the column of the severity. */
const wordWidth = 8;
const narrowest = 30;

function findingLines(page: Page, diagnostic: Diagnostic, place: string): string[] {
  const { colors } = page;
  const margin = 2 + place.length + 2 + wordWidth + 2;
  const width =
    page.width === undefined ? Number.POSITIVE_INFINITY : Math.max(page.width - margin, narrowest);
  const lines: string[] = [];
  const add = (word: string, texts: readonly string[]): void => {
    texts.forEach((text, index) => {
      const head =
        index === 0
          ? " ".repeat(2 + place.length + 2) + colors.dim(word.padEnd(wordWidth))
          : " ".repeat(margin - 2);
      lines.push(`${head}  ${text}`);
    });
  };
  const [first = "", ...rest] = messageLines(diagnostic, width, colors);
  lines.push(`  ${colors.dim(place)}  ${severityText(diagnostic.severity, colors)}  ${first}`);
  for (const line of rest) lines.push(`${" ".repeat(margin)}${line}`);
  if (diagnostic.why !== undefined) add("why", wrap(harmless(diagnostic.why), width));
  add("evidence", evidenceLines(diagnostic.evidence, width, colors));
  if (diagnostic.help !== undefined) add("help", wrap(harmless(diagnostic.help), width));
  const hosts = ambiguousHosts(page.result, diagnostic);
  if (hosts.length > 0) add("on", wrap(hosts.map((each) => harmless(each)).join(", "), width));
  if (!page.documented.has(diagnostic.rule)) {
    page.documented.add(diagnostic.rule);
    add("docs", [colors.dim(harmless(docsText(diagnostic)))]);
  }
  return lines;
}

function severityText(severity: Severity, colors: Colors): string {
  const padded = severity.padEnd(wordWidth);
  if (severity === "error") return colors.red(padded);
  return severity === "warning" ? colors.yellow(padded) : colors.blue(padded);
}

/** The numbers of a message are what the eye looks for first. */
function messageLines(diagnostic: Diagnostic, width: number, colors: Colors): string[] {
  const rule = colors.dim(harmless(diagnostic.rule));
  const lines = wrap(harmless(diagnostic.message), width);
  const last = lines.at(-1) ?? "";
  const emphasized = lines.map((line) =>
    line.replace(/(?<![\w.:/-])\d+(?:\.\d+)?(?![\w/-]|\.\d)/g, colors.bold),
  );
  if (last.length + 2 + diagnostic.rule.length > width) return [...emphasized, rule];
  const end = emphasized.pop() ?? "";
  return [...emphasized, `${end}  ${rule}`];
}

const widestStep = 64;

function evidenceLines(steps: readonly EvidenceStep[], width: number, colors: Colors): string[] {
  const rows = steps.map((step) => ({
    indent: "  ".repeat(step.depth),
    text: harmless(step.message),
    place: step.at === undefined ? undefined : placeText(step.at),
  }));
  const column = columnWidth(
    rows.filter(({ place }) => place !== undefined).map(({ indent, text }) => indent + text),
    widestStep,
  );
  return rows.flatMap(({ indent, text, place }) => {
    const lines = wrap(text, Math.max(width - indent.length, narrowest)).map((line) => indent + line);
    if (place === undefined) return lines;
    const last = lines.pop() ?? "";
    const padded = last.padEnd(lines.length === 0 ? column : 0);
    if (padded.length + 2 + place.length <= width) return [...lines, `${padded}  ${colors.dim(place)}`];
    if (last.length + 2 + place.length <= width) return [...lines, `${last}  ${colors.dim(place)}`];
    return [...lines, last, `${indent}  ${colors.dim(place)}`];
  });
}

/** Hosts are named only where the file belongs to several and the path does not tell. */
function ambiguousHosts(result: LintResult, { at, hosts }: Diagnostic): readonly string[] {
  if (result.hosts.length < 2 || hosts.length === 0) return [];
  const sharing = result.hosts.filter((host) => host.files.some(({ path }) => path === at.file.path));
  return sharing.length > 1 ? hosts : [];
}

/** An address that can be opened, else the command that prints the same page. */
function docsText({ docs, rule }: Diagnostic): string {
  return /^https?:/.test(docs) ? docs : `hostlint explain ${rule}`;
}
