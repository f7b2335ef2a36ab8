import type { ArithmeticCommand } from "unbash";
import type { Shell } from "./shell.ts";
import { arithmeticTruth } from "./shell-arithmetic.ts";
import { setVariable } from "./shell-assignment.ts";
import type { ShellStatus } from "./shell-state.ts";
import { openText } from "./shell-text.ts";
import { expandText } from "./shell-words.ts";

/** `((...))`: whether it is not zero; what it sets is not followed. */
export function runArithmetic(shell: Shell, node: ArithmeticCommand): ShellStatus {
  const changed = [...node.body.matchAll(/([A-Za-z_]\w*)\s*(?:[-+*/%&|^]?=(?!=)|\+\+|--)/g)];
  const why = `(( ${node.body.trim().slice(0, 40)} )) is not followed`;
  for (const [, name = ""] of changed) setVariable(shell, name, openText(name, why, shell.place(node)));
  if (changed.length > 0) return "unknown";
  const truth = arithmeticTruth(
    shell,
    { text: node.body, pos: node.pos, end: node.end, expression: node.expression },
    (word) => expandText(shell, word),
  );
  return truth === undefined ? "unknown" : truth ? "yes" : "no";
}
