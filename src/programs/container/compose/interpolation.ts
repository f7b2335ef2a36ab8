/** A part of a text with variables. `start` and `end` are offsets in that text. */
export type Part = LiteralPart | VariablePart | InvalidPart;

export interface LiteralPart {
  readonly kind: "literal";
  /** What stands for it: `$$` is `$`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface VariablePart {
  readonly kind: "variable";
  readonly name: string;
  readonly operator: ":-" | "-" | ":?" | "?" | ":+" | "+" | undefined;
  /** What stands behind the operator. */
  readonly operand: readonly Part[];
  readonly start: number;
  readonly end: number;
}

/** `${` without a name behind it: docker compose stops. */
export interface InvalidPart {
  readonly kind: "invalid";
  readonly start: number;
  readonly end: number;
}

const deepestNesting = 20;

/**
 * Takes a text apart as compose-go does (template/template.go, 2.9): `$X`, `${X}`, the six operators with nested
 * operands, `$$`. A dollar before anything else stays one.
 */
export function partsOf(text: string, from = 0, to = text.length, depth = 0): Part[] {
  const parts: Part[] = [];
  let at = from;
  while (at < to) {
    const dollar = text.indexOf("$", at);
    const literalEnd = dollar === -1 || dollar >= to ? to : dollar;
    if (literalEnd > at)
      parts.push({ kind: "literal", text: text.slice(at, literalEnd), start: at, end: literalEnd });
    if (literalEnd === to) break;
    const part = partAt(text, literalEnd, to, depth);
    parts.push(part);
    at = part.end;
  }
  return parts;
}

const namePattern = /[_a-zA-Z][_a-zA-Z0-9]*/y;

function partAt(text: string, start: number, to: number, depth: number): Part {
  const next = start + 1 < to ? text.charAt(start + 1) : "";
  if (next === "$") return { kind: "literal", text: "$", start, end: start + 2 };
  const name = nameAt(text, start + (next === "{" ? 2 : 1), to);
  if (next !== "{") {
    if (name === "") return { kind: "literal", text: "$", start, end: start + 1 };
    return { kind: "variable", name, operator: undefined, operand: [], start, end: start + 1 + name.length };
  }
  const close = closingBrace(text, start + 1, to);
  if (name === "" || close === undefined || depth > deepestNesting)
    return { kind: "invalid", start, end: close === undefined ? Math.min(start + 2, to) : close + 1 };
  const behind = start + 2 + name.length;
  const end = close + 1;
  if (behind === close) return { kind: "variable", name, operator: undefined, operand: [], start, end };
  const operator = ([":-", ":?", ":+", "-", "?", "+"] as const).find((each) => text.startsWith(each, behind));
  if (operator === undefined) return { kind: "invalid", start, end };
  const operand = partsOf(text, behind + operator.length, close, depth + 1);
  return { kind: "variable", name, operator, operand, start, end };
}

function nameAt(text: string, offset: number, to: number): string {
  namePattern.lastIndex = offset;
  return (namePattern.exec(text)?.[0] ?? "").slice(0, Math.max(0, to - offset));
}

/** Every brace counts, not only those behind a dollar. */
function closingBrace(text: string, open: number, to: number): number | undefined {
  let depth = 0;
  for (let offset = open; offset < to; offset++) {
    const character = text.charAt(offset);
    if (character === "{") depth += 1;
    else if (character === "}" && --depth === 0) return offset;
  }
  return undefined;
}
