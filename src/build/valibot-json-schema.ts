import type * as v from "valibot";

/** A JSON schema of draft 7, as far as hostlint.yaml needs one. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

type Schema = v.GenericSchema & Readonly<Record<string, unknown>>;
type PipeItem = (Schema | { readonly kind: "validation" | "metadata" }) & Readonly<Record<string, unknown>>;

/**
 * The JSON schema of a valibot schema. A check in code has no counterpart; `v.metadata` beside it says what a JSON
 * schema can say of it.
 *
 * @param definitions what stands in place of some schemas, such as a $ref
 * @throws Error for a kind of schema that hostlint.yaml does not use
 */
export function jsonSchema(
  schema: v.GenericSchema,
  definitions: ReadonlyMap<v.GenericSchema, JsonSchema> = new Map(),
): JsonSchema {
  const found = schema as Schema;
  const defined = definitions.get(schema);
  if (defined !== undefined) return defined;
  const inner = (each: unknown): JsonSchema => jsonSchema(each as v.GenericSchema, definitions);
  if (Array.isArray(found.pipe)) {
    const [first, ...items] = found.pipe as readonly PipeItem[];
    const parts = items.map((item) => (item.kind === "schema" ? inner(item) : ofItem(item)));
    return Object.assign({}, inner(first), ...parts);
  }
  switch (found.type) {
    case "unknown":
      return {};
    case "string":
      return { type: "string" };
    case "optional":
      return inner(found.wrapped);
    case "picklist":
      return { enum: found.options as readonly string[] };
    case "array":
      return { type: "array", items: inner(found.item) };
    case "union":
      return { anyOf: (found.options as readonly unknown[]).map(inner) };
    case "record":
      return { type: "object", additionalProperties: inner(found.value) };
    case "strict_object": {
      const entries = Object.entries(found.entries as Readonly<Record<string, Schema>>);
      const required = entries.filter(([, entry]) => entry.type !== "optional").map(([key]) => key);
      return {
        type: "object",
        properties: Object.fromEntries(entries.map(([key, entry]) => [key, inner(entry)])),
        ...(required.length === 0 ? {} : { required }),
        additionalProperties: false,
      };
    }
    default:
      throw new Error(`no JSON schema is known for ${String(found.type)}`);
  }
}

function ofItem({ type, ...item }: PipeItem): JsonSchema {
  switch (type) {
    case "description":
      return { description: String(item.description) };
    case "metadata":
      return item.metadata as JsonSchema;
    case "non_empty":
      return { minLength: 1 };
    case "min_length":
      return { minItems: Number(item.requirement) };
    case "check":
      return {};
    default:
      throw new Error(`no JSON schema is known for ${String(type)}`);
  }
}
