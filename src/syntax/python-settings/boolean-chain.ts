/** One piece of a chain of `and`, `or` and `not` as it stands in the text. */
export type ChainToken<T> = "and" | "or" | "not" | { readonly operand: T };

interface Builders<T> {
  join(operator: "and" | "or", left: T, right: T): T;
  negate(operand: T): T;
}

/**
 * Puts a chain together with Python's precedence: `not` binds tighter than `and`, `and` tighter than `or`. The
 * grammar of @lezer/python lets `not` take everything to its right. Undefined for a chain with a gap.
 */
export function joinChain<T>(tokens: readonly ChainToken<T>[], build: Builders<T>): T | undefined {
  let index = 0;
  const operand = (): T | undefined => {
    let negations = 0;
    for (; tokens[index] === "not"; index++) negations++;
    const token = tokens[index++];
    if (typeof token !== "object") return undefined;
    let value = token.operand;
    for (; negations > 0; negations--) value = build.negate(value);
    return value;
  };
  const chain = (operator: "and" | "or", next: () => T | undefined): T | undefined => {
    let value = next();
    while (value !== undefined && tokens[index] === operator) {
      index++;
      const right = next();
      value = right === undefined ? undefined : build.join(operator, value, right);
    }
    return value;
  };
  const whole = chain("or", () => chain("and", operand));
  return index >= tokens.length ? whole : undefined;
}
