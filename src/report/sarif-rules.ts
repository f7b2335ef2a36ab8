import type { Rule, Severity } from "../lint/rule.ts";
import { harmless } from "./harmless-text.ts";
import { sentence } from "./sentences.ts";
import { type Tool, webAddress } from "./tool.ts";

export const sarifLevels: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "note",
};

const problemSeverities: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "recommendation",
};

/** GitHub's limit for the short and the full description. */
const longestDescription = 1024;

/** The reportingDescriptor of a rule with all that GitHub shows of it. */
export function sarifRule(id: string, rule: Rule, tool: Tool): object {
  const { meta, docs } = rule;
  const [layer = ""] = id.split("/");
  const helpUri = webAddress(tool.docs(id));
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: cut(sentence(meta.title)) },
    fullDescription: { text: cut(docs.what) },
    help: { text: helpText(rule), markdown: helpMarkdown(rule) },
    ...(helpUri === undefined ? {} : { helpUri }),
    defaultConfiguration: { level: sarifLevels[meta.severity] },
    properties: {
      tags: ["configuration", layer],
      // Rules stay quiet where a value is not known, so that hardly a finding is wrong.
      precision: "high",
      "problem.severity": problemSeverities[meta.severity],
    },
  };
}

/** `QueueSomaxconnBelowBacklog`: the specification wants a name that is not the id. */
function pascalCase(id: string): string {
  return id
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

function cut(text: string): string {
  return harmless(text, longestDescription - 1);
}

function helpText({ docs: { what, why, fix, exceptions } }: Rule): string {
  return [
    what,
    `Why it matters: ${why}`,
    `What to do: ${fix}`,
    ...(exceptions === undefined ? [] : [`Exceptions: ${exceptions}`]),
  ].join("\n\n");
}

function helpMarkdown({ meta, docs: { what, why, fix, exceptions } }: Rule): string {
  return [
    what,
    `## Why it matters\n\n${why}`,
    `## What to do\n\n${fix}`,
    ...(exceptions === undefined ? [] : [`## Exceptions\n\n${exceptions}`]),
    `## Sources\n\n${meta.sources.map((source) => `- ${source}`).join("\n")}`,
  ].join("\n\n");
}
