/**
 * Writes docs/hostlint.schema.json: the schema that reads hostlint.yaml, as a JSON schema for editors, with the ids
 * of all rules. With --check only says whether it is fresh.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type * as v from "valibot";
import { rules } from "../../rules/index.ts";
import { severityNames } from "../cli/arguments.ts";
import { amountForms } from "../cli/configuration-options.ts";
import { configurationSchema, fileSeverities, ruleSettings } from "../cli/configuration-schema.ts";
import type { Rule } from "../lint/rule.ts";
import type { RuleOption, RuleOptions } from "../lint/rule-options.ts";
import { type JsonSchema, jsonSchema } from "./valibot-json-schema.ts";

const path = "docs/hostlint.schema.json";

const severity = { $ref: "#/$defs/severity" };
const definitions: Record<string, JsonSchema> = {
  severity: { enum: [...severityNames] },
  rule: { anyOf: [severity, ruleSchema({})] },
  rules: ofRules(({ options }) =>
    options === undefined ? [{ $ref: "#/$defs/rule" }] : [severity, ruleSchema(options)],
  ),
  severities: ofRules(() => [severity]),
};
const whole = jsonSchema(
  configurationSchema,
  new Map<v.GenericSchema, JsonSchema>([
    [ruleSettings, { $ref: "#/$defs/rules" }],
    [fileSeverities, { $ref: "#/$defs/severities" }],
  ]),
);
const text = `${JSON.stringify(
  {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "hostlint.yaml",
    ...whole,
    // `facts:` with nothing below it is as good as no `facts:`.
    properties: Object.fromEntries(
      Object.entries(whole.properties ?? {}).map(([key, { description, ...schema }]) => [
        key,
        { ...(description === undefined ? {} : { description }), anyOf: [schema, { type: "null" }] },
      ]),
    ),
    $defs: definitions,
  },
  undefined,
  2,
)}\n`;

if (!process.argv.includes("--check")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text) {
  console.error(`${path} is not fresh: run npm run generate`);
  process.exitCode = 1;
}

/** A mapping of rules; what stands beside a $ref does not count, so that each is one of its forms. */
function ofRules(forms: (rule: Rule) => readonly JsonSchema[]): JsonSchema {
  return {
    type: "object",
    properties: Object.fromEntries(
      [...rules].map(([id, rule]) => [
        id,
        { description: `${rule.meta.title} (${rule.meta.severity})`, anyOf: forms(rule) },
      ]),
    ),
    additionalProperties: false,
  };
}

/** The long form of what is said of a rule. */
function ruleSchema(options: RuleOptions): JsonSchema {
  const schemas = Object.entries(options).map(([name, option]) => [name, optionSchema(option)] as const);
  return {
    type: "object",
    properties: { severity: { $ref: "#/$defs/severity" }, ...Object.fromEntries(schemas) },
    additionalProperties: false,
  };
}

function optionSchema(option: RuleOption): JsonSchema {
  const { default: own, what: description } = option;
  switch (option.kind) {
    case "boolean":
      return { description, type: "boolean", default: own };
    case "integer":
    case "number":
      return {
        description,
        type: [option.kind, "string"],
        minimum: option.least,
        pattern: amountForms[option.kind].source,
        default: own,
      };
    case "texts":
    case "globs":
      return { description, type: "array", items: { type: "string", minLength: 1 }, default: own };
  }
}
