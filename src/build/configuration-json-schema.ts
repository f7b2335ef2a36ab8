/**
 * Writes docs/hostlint.schema.json: the schema that reads hostlint.yaml, as a JSON schema for editors, with the ids
 * of all rules. With --check only says whether it is fresh.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { rules } from "../../rules/index.ts";
import { severityNames } from "../cli/arguments.ts";
import { configurationSchema, ruleSettings } from "../cli/configuration-schema.ts";
import { type JsonSchema, jsonSchema } from "./valibot-json-schema.ts";

const path = "docs/hostlint.schema.json";

const rule = { enum: [...severityNames] };
const definitions: Record<string, JsonSchema> = {
  rules: {
    type: "object",
    properties: Object.fromEntries(
      [...rules].map(([id, { meta }]) => [id, { ...rule, description: `${meta.title} (${meta.severity})` }]),
    ),
    additionalProperties: false,
  },
};
const whole = jsonSchema(configurationSchema, new Map([[ruleSettings, { $ref: "#/$defs/rules" }]]));
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
