import { largest64, type NumberFault, parseUnsigned } from "./numbers.ts";

/** A soft and a hard limit; Infinity for `infinity`. */
export interface ResourceLimit {
  readonly soft: number;
  readonly hard: number;
}

export type ResourceLimitFault = NumberFault | "soft above hard";

/**
 * The value of LimitNOFILE= and the other Limit*= that count things: `65536`, `1024:524288`, `infinity`
 * (rlimit_parse of src/basic/rlimit-util.c). No suffixes; an empty value is a fault.
 */
export function parseResourceLimit(text: string): ResourceLimit | ResourceLimitFault {
  const [first = "", second, ...more] = text.split(":");
  const soft = parseOne(first);
  if (typeof soft === "string") return soft;
  if (second === undefined) return { soft, hard: soft };
  const hard = parseOne(second);
  if (more.length > 0) return "Invalid argument";
  if (typeof hard === "string") return hard;
  return soft > hard ? "soft above hard" : { soft, hard };
}

function parseOne(text: string): number | NumberFault {
  const plain = text.replace(/\\([\s\S])/g, "$1");
  return plain === "infinity" ? Number.POSITIVE_INFINITY : parseUnsigned(plain, largest64 - 1n);
}
