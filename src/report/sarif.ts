import { groupBy } from "../lint/group.ts";
import type { Diagnostic, LintResult } from "../lint/lint-result.ts";
import type { Span } from "../text/span.ts";
import { type EvidenceNote, evidenceNotes } from "./evidence-notes.ts";
import { harmless, harmlessJson } from "./harmless-text.ts";
import { lineHashes } from "./line-hash.ts";
import { physicalLocation, sourceRoot } from "./sarif-location.ts";
import { sarifLevels, sarifRule } from "./sarif-rules.ts";
import { sentence } from "./sentences.ts";
import type { Tool } from "./tool.ts";

/**
 * SARIF 2.1.0 as GitHub code scanning takes it: the rules with their documentation, the evidence of a finding as
 * related locations, which its message links, and as the steps of one code flow.
 */
export function sarif(result: LintResult, tool: Tool): string {
  const ruleIds = [...tool.rules.keys()];
  const hashes = primaryLineHashes(result.diagnostics);
  return `${harmlessJson({
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "hostlint",
            informationUri: tool.home,
            semanticVersion: tool.version,
            rules: [...tool.rules].map(([id, rule]) => sarifRule(id, rule, tool)),
          },
        },
        automationDetails: { id: "hostlint/" },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: {
          [sourceRoot]: { description: { text: "The folder in which hostlint ran." } },
        },
        results: result.diagnostics.map((diagnostic) =>
          sarifResult(diagnostic, ruleIds.indexOf(diagnostic.rule), hashes.get(diagnostic)),
        ),
        properties: {
          notChecked: result.notChecked.map(({ reason, rules }) => ({ reason: harmless(reason), rules })),
        },
      },
    ],
  })}\n`;
}

function sarifResult(diagnostic: Diagnostic, ruleIndex: number, lineHash: string | undefined): object {
  const { rule, severity, at, hosts } = diagnostic;
  const notes = evidenceNotes(diagnostic);
  return {
    ruleId: rule,
    ...(ruleIndex === -1 ? {} : { ruleIndex }),
    level: sarifLevels[severity],
    message: { text: messageText(diagnostic, notes) },
    locations: [{ physicalLocation: physicalLocation(at) }],
    ...(lineHash === undefined ? {} : { partialFingerprints: { primaryLocationLineHash: lineHash } }),
    ...(notes.length === 0
      ? {}
      : {
          relatedLocations: notes.map((note, index) => ({ id: index + 1, ...location(note.at, note.text) })),
          codeFlows: [{ threadFlows: [{ locations: flow(diagnostic, notes) }] }],
        }),
    properties: { hosts: hosts.map((host) => harmless(host)) },
  };
}

function primaryLineHashes(diagnostics: readonly Diagnostic[]): Map<Diagnostic, string> {
  const hashes = new Map<Diagnostic, string>();
  for (const findings of groupBy(diagnostics, ({ at }) => at.file.path)) {
    const [first] = findings;
    if (first === undefined) continue;
    const ofFile = lineHashes(first.at.file, findings.map(primaryLine));
    for (const finding of findings) {
      const hash = ofFile.get(primaryLine(finding));
      if (hash !== undefined) hashes.set(finding, hash);
    }
  }
  return hashes;
}

function primaryLine({ at }: Diagnostic): number {
  return at.file.position(at.start).line;
}

/** GitHub takes the first sentence for the title and links `[text](id)`; what looks like a link by chance is none. */
function messageText({ message, why, help }: Diagnostic, notes: readonly EvidenceNote[]): string {
  const links = notes.map(({ text }, index) => `[${linkText(text)}](${index + 1})`);
  return [
    plain(sentence(message)),
    ...(why === undefined ? [] : [plain(sentence(why))]),
    ...(links.length === 0 ? [] : [`Evidence: ${links.join("; ")}.`]),
    ...(help === undefined ? [] : [`Help: ${plain(sentence(help))}`]),
  ].join(" ");
}

function plain(text: string): string {
  return text.replaceAll("](", "] (");
}

/** As section 3.11.6 of the specification wants literal brackets. */
function linkText(text: string): string {
  return text.replace(/[[\]\\]/g, "\\$&");
}

/** The steps in reading order, and at the end what they prove. */
function flow(diagnostic: Diagnostic, notes: readonly EvidenceNote[]): object[] {
  return [
    ...notes.map(({ at, text }) => ({ location: location(at, text), importance: "important" })),
    { location: location(diagnostic.at, plain(sentence(diagnostic.message))), importance: "essential" },
  ];
}

function location(at: Span, text: string): object {
  return { physicalLocation: physicalLocation(at), message: { text: plain(sentence(text)) } };
}
