import type { Shell } from "./shell.ts";
import { resumed, type ShellFrame } from "./shell-flow.ts";
import type { ShellSource } from "./shell-source.ts";
import type { DefinedFunction, ShellField, ShellStatus } from "./shell-state.ts";

/**
 * Calls a function; its local variables and its arguments end with it.
 *
 * @param prepare makes the assignments that stand before the call, once what they hide is kept
 */
export function callFunction(
  shell: Shell,
  { node, source }: DefinedFunction,
  words: readonly ShellField[],
  prepare: () => void,
): ShellStatus {
  const { positional } = shell.state;
  const variables = new Map(shell.state.variables);
  const locals = new Set<string>();
  shell.locals.push(locals);
  prepare();
  shell.state.positional = words;
  const status = untilReturn(shell, source, () => shell.body(node.body));
  shell.locals.pop();
  shell.state.positional = positional;
  for (const local of locals) {
    const before = variables.get(local);
    if (before === undefined) shell.state.variables.delete(local);
    else shell.state.variables.set(local, before);
  }
  return status;
}

/** Reads the commands of another file or text in this shell. */
export function readCommands(
  shell: Shell,
  text: string,
  source: ShellSource,
  words: readonly ShellField[] = [],
): ShellStatus {
  const parsed = shell.starter.parse(text);
  if ("tooLarge" in parsed) return "unknown";
  const { positional } = shell.state;
  if (words.length > 0) shell.state.positional = words;
  const status = untilReturn(shell, source, () => shell.run(parsed.script));
  if (words.length > 0) shell.state.positional = positional;
  return status;
}

function untilReturn(shell: Shell, source: ShellSource, run: () => ShellStatus): ShellStatus {
  let status: ShellStatus = "yes";
  shell.frames.inside("function", (frame) => {
    status = shell.within(source, () => shell.budget.deeper(run));
    status = returned(shell, frame, status);
  });
  return status;
}

/** Goes on behind a function or a text that was read. */
function returned(shell: Shell, frame: ShellFrame, status: ShellStatus): ShellStatus {
  let result = status;
  if (shell.state.flow === "return") {
    shell.state.flow = "run";
    result = shell.state.status;
  }
  if (frame.parked.length > 0) {
    shell.state = resumed(shell.state, frame.parked);
    result = "unknown";
  }
  return result;
}
