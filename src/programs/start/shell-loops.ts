import type { CompoundList, For, While } from "unbash";
import { unknown } from "../../model/value.ts";
import type { Shell } from "./shell.ts";
import { setVariable } from "./shell-assignment.ts";
import { resumed } from "./shell-flow.ts";
import type { ShellState, ShellStatus } from "./shell-state.ts";
import { openText } from "./shell-text.ts";
import { expandWords } from "./shell-words.ts";

/** More rounds of a loop than start scripts count. */
const mostRounds = 100;

/** A loop of which nothing says how often it runs. */
export function runAnyTimes(shell: Shell, body: CompoundList): ShellStatus {
  loop(shell, () => perhapsOnce(shell, () => shell.list(body)));
  return "likely";
}

/** Runs rounds until one ends the loop; `round` says whether another one follows. */
function loop(shell: Shell, round: () => boolean): void {
  shell.frames.inside("loop", (frame) => {
    const left: ShellState[] = [];
    for (let goesOn = true; goesOn; ) {
      goesOn = round();
      for (const state of frame.parked.splice(0)) {
        if (state.flow === "continue") shell.state = resumed(shell.state, [state]);
        else left.push(state);
      }
      if (shell.state.flow === "continue") shell.state.flow = "run";
      if (shell.state.flow !== "run") goesOn = false;
    }
    if (shell.state.flow === "break") {
      shell.state.levels--;
      if (shell.state.levels <= 0) shell.state.flow = "run";
    }
    shell.state = resumed(shell.state, left);
  });
}

/** A body that runs any number of times: what it sets is not known behind it. */
function perhapsOnce(shell: Shell, run: () => void): false {
  const before = new Map(shell.state.variables);
  shell.branch(0.5, run);
  for (const [name, binding] of shell.state.variables)
    if (before.get(name) !== binding)
      shell.state.variables.set(name, {
        kind: "scalar",
        text: { value: unknown(name, "a loop sets it"), unset: [] },
        exported: binding.exported,
      });
  return false;
}

export function runWhile(shell: Shell, node: While): ShellStatus {
  let rounds = 0;
  loop(shell, () => {
    const before = shell.state.copy();
    const status = shell.exempted(() => shell.list(node.clause));
    if (shell.state.flow !== "run") return false;
    const ends = node.kind === "while" ? "no" : "yes";
    if (status === ends) return false;
    if (status === "unknown" || status === "likely" || ++rounds > mostRounds)
      return perhapsOnce(shell, () => shell.list(node.body));
    shell.list(node.body);
    if (shell.state.flow === "run" && sameState(before, shell.state)) {
      shell.state.flow = "exit";
      return false;
    }
    return true;
  });
  return "likely";
}

export function runFor(shell: Shell, node: For): ShellStatus {
  const { positional } = shell.state;
  const fields =
    node.wordlist === undefined
      ? "length" in positional
        ? positional
        : undefined
      : expandWords(shell, node.wordlist);
  const name = node.name.value;
  const isOpen = fields === undefined || fields.some(({ text }) => !text.known) || fields.length > mostRounds;
  if (isOpen) {
    loop(shell, () =>
      perhapsOnce(shell, () => {
        setVariable(shell, name, openText(name, "the words of the loop are not known", shell.place(node)));
        shell.list(node.body);
      }),
    );
    return "likely";
  }
  const rest = [...fields];
  loop(shell, () => {
    const field = rest.shift();
    if (field === undefined) return false;
    setVariable(shell, name, { value: { ...field.text, label: name }, unset: field.unset ?? [] });
    shell.list(node.body);
    return true;
  });
  return "yes";
}

/** A loop that changes nothing goes on for ever. */
function sameState(one: ShellState, other: ShellState): boolean {
  if (one.positional !== other.positional || one.variables.size !== other.variables.size) return false;
  for (const [name, binding] of other.variables) if (one.variables.get(name) !== binding) return false;
  return true;
}
