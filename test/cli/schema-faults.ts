import { readFileSync } from "node:fs";

type Schema = Readonly<Record<string, unknown>>;

const whole: Schema = JSON.parse(readFileSync("docs/hostlint.schema.json", "utf8"));

/** What is wrong with a value by docs/hostlint.schema.json, read as JSON schema draft 7 defines the keywords. */
export function schemaFaults(value: unknown, schema: Schema = whole, at = ""): string[] {
  return Object.entries(schema).flatMap(([keyword, wanted]) =>
    keywordFaults(keyword, wanted, value, schema, at),
  );
}

function keywordFaults(
  keyword: string,
  wanted: unknown,
  value: unknown,
  schema: Schema,
  at: string,
): string[] {
  const unless = (holds: boolean, what: string): string[] => (holds ? [] : [`${at}: ${what}`]);
  const fits = (each: Schema): boolean => schemaFaults(value, each, at).length === 0;
  const schemas = wanted as readonly Schema[];
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isObject ? Object.entries(value) : [];
  const properties = (schema.properties ?? {}) as Readonly<Record<string, Schema>>;
  switch (keyword) {
    case "$schema":
    case "$defs":
    case "title":
    case "description":
    case "default":
      return [];
    case "$ref": {
      const path = String(wanted).slice(2).split("/");
      return schemaFaults(
        value,
        path.reduce<unknown>((node, key) => (node as Schema)[key], whole) as Schema,
        at,
      );
    }
    case "type":
      return unless(
        [wanted].flat().some((type) => isOfType(value, type)),
        `no ${String(wanted)}`,
      );
    case "enum":
      return unless((wanted as unknown[]).includes(value), "not one of these words");
    case "pattern":
      return unless(
        typeof value !== "string" || new RegExp(String(wanted), "u").test(value),
        "not of the form",
      );
    case "minimum":
      return unless(typeof value !== "number" || value >= Number(wanted), "too small");
    case "exclusiveMinimum":
      return unless(typeof value !== "number" || value > Number(wanted), "too small");
    case "minLength":
      return unless(typeof value !== "string" || value.length >= Number(wanted), "too short");
    case "minItems":
      return unless(!Array.isArray(value) || value.length >= Number(wanted), "too short");
    case "items":
      return Array.isArray(value)
        ? value.flatMap((each, index) => schemaFaults(each, wanted as Schema, `${at}/${index}`))
        : [];
    case "properties":
      return entries.flatMap(([key, each]) => {
        const own = properties[key];
        return own === undefined ? [] : schemaFaults(each, own, `${at}/${key}`);
      });
    case "additionalProperties":
      if (wanted !== false) throw new Error("additionalProperties is false or absent here");
      return entries.flatMap(([key]) => (key in properties ? [] : [`${at}/${key}: unknown`]));
    case "required":
      return isObject
        ? (wanted as string[]).flatMap((key) => (key in value ? [] : [`${at}/${key}: missing`]))
        : [];
    case "anyOf":
      return unless(schemas.some(fits), "none of the forms");
    case "oneOf":
      return unless(schemas.filter(fits).length === 1, "not exactly one of the forms");
    default:
      throw new Error(`the keyword ${keyword} is not known here`);
  }
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
