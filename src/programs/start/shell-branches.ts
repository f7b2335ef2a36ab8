import type { Case, CompoundList, If, Word } from "unbash";
import type { Answer, Value } from "../../model/value.ts";
import type { Shell } from "./shell.ts";
import type { ShellState, ShellStatus } from "./shell-state.ts";
import { patternAnswer } from "./shell-test.ts";
import { expandedText } from "./shell-text.ts";
import { expandPattern, expandText } from "./shell-words.ts";

function condition(shell: Shell, list: CompoundList): Answer {
  const status = shell.exempted(() => shell.list(list));
  return status === "likely" ? "unknown" : status;
}

/** `if` from one of its conditions on. */
export function runIf(shell: Shell, node: If, index: number): ShellStatus {
  const clause = index === 0 ? node : node.elif[index - 1];
  if (clause === undefined) return node.else === undefined ? "yes" : shell.list(node.else);
  const answer = condition(shell, clause.clause);
  if (shell.state.flow !== "run") return "unknown";
  if (answer === "yes") return shell.list(clause.then);
  const others = () => shell.budget.deeper(() => runIf(shell, node, index + 1));
  if (answer === "no") return others();
  const passed = shell.copied(shell.state);
  passed.share = shell.state.share / 2;
  shell.state.share /= 2;
  const one = shell.list(clause.then);
  const taken = shell.state;
  shell.state = passed;
  const other = others();
  shell.state = shell.frames.settled(taken, shell.state);
  return one === other ? one : "unknown";
}

export function runCase(shell: Shell, node: Case): ShellStatus {
  const subject = expandedText(expandText(shell, node.word).value);
  const taken: ShellState[] = [];
  let status: ShellStatus = "yes";
  for (let index = 0; index < node.items.length; index++) {
    const item = node.items[index];
    if (item === undefined || shell.state.flow !== "run") break;
    const answer = matches(shell, item.pattern, subject);
    if (answer === "no") continue;
    const body = () => {
      status = shell.list(item.body);
      for (let next = index; node.items[next]?.terminator === ";&"; next++) {
        const following = node.items[next + 1];
        if (following === undefined) break;
        status = shell.list(following.body);
      }
    };
    if (answer === "yes") {
      body();
      break;
    }
    const passed = shell.copied(shell.state);
    passed.share = shell.state.share / 2;
    shell.state.share /= 2;
    body();
    taken.push(shell.state);
    shell.state = passed;
  }
  for (const state of taken.reverse()) shell.state = shell.frames.settled(state, shell.state);
  return taken.length > 0 ? "unknown" : status;
}

function matches(shell: Shell, patterns: readonly Word[], subject: Value<string>): Answer {
  let result: Answer = "no";
  for (const word of patterns) {
    const pattern = expandPattern(shell, word);
    const answer = pattern === undefined ? "unknown" : patternAnswer(shell, pattern, subject);
    if (answer === "yes") return "yes";
    if (answer === "unknown") result = "unknown";
  }
  return result;
}
