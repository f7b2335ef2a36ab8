import type { YamlScalar } from "../../../syntax/yaml/tree.ts";

/** What the API server gets for a scalar. */
export type JsonType = "string" | "number" | "boolean" | "null";

const booleans = /^(?:[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE)$/;
const yes = /^(?:[yY]|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const numbers =
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][-+]?\d+)?|\.\d[\d_]*(?:[eE][-+]?\d+)?|\.(?:inf|Inf|INF))$|^\.(?:nan|NaN|NAN)$/;

/**
 * The JSON type that kubectl makes of a scalar before it sends it: YAML 1.1 as go-yaml v2 resolves it (resolve.go;
 * sigs.k8s.io/yaml), so that `yes`, `on` and `010` are no strings, and `22:22` and dates are.
 */
export function jsonType({ style, tag, text }: YamlScalar): JsonType {
  if (style !== "plain" || tag === "!!str") return "string";
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return "null";
  if (booleans.test(text)) return "boolean";
  return text.length < 400 && numbers.test(text) ? "number" : "string";
}

/** The value of a scalar whose JSON type is boolean. */
export function booleanValue({ text }: YamlScalar): boolean {
  return yes.test(text);
}

/** The value of a scalar whose JSON type is number; undefined where it is no whole number. */
export function wholeNumber({ text }: YamlScalar): number | undefined {
  const digits = text.replaceAll("_", "").toLowerCase();
  const sign = digits.startsWith("-") ? -1 : 1;
  const bare = digits.replace(/^[-+]/, "");
  const octal = /^0o?([0-7]+)$/.exec(bare)?.[1];
  const value = octal === undefined ? Number(bare) : Number.parseInt(octal, 8);
  return Number.isSafeInteger(value) ? sign * value : undefined;
}
