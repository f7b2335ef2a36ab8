/** One stretch of a text with `$(NAME)` references. */
export type ReferencePiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reference"; readonly name: string };

/**
 * Takes a text apart as the kubelet does before it replaces references (kubernetes
 * third_party/forked/golang/expansion/expand.go): `$(NAME)` is a reference, `$$` is one dollar that starts none,
 * every other `$` stays. There is no shell, no default and no nesting: the name ends at the first `)`.
 */
export function variableReferences(text: string): ReferencePiece[] {
  const pieces: ReferencePiece[] = [];
  let literal = "";
  const flush = (): void => {
    if (literal !== "") pieces.push({ kind: "text", text: literal });
    literal = "";
  };
  const lastClosing = text.lastIndexOf(")");
  let at = 0;
  for (let dollar = text.indexOf("$"); dollar !== -1; dollar = text.indexOf("$", at)) {
    literal += text.slice(at, dollar);
    const next = text[dollar + 1];
    if (next === "(" && dollar < lastClosing) {
      const end = text.indexOf(")", dollar);
      flush();
      pieces.push({ kind: "reference", name: text.slice(dollar + 2, end) });
      at = end + 1;
    } else {
      literal += next === "$" ? "$" : `$${next ?? ""}`;
      at = dollar + 2;
    }
  }
  literal += text.slice(at);
  flush();
  return pieces;
}
