import type { Assignment, Word } from "unbash";
import { relabel, unknown, type Value, written } from "../../model/value.ts";
import type { ShellContext } from "./shell-context.ts";
import type { Binding, ShellFields, ShellText } from "./shell-state.ts";
import { concatenated, expandedText, variableText } from "./shell-text.ts";
import { expandText, expandWords } from "./shell-words.ts";

/** Sets the variable of `NAME=value`, `NAME+=value`, `NAME=(...)`. */
export function assign(shell: ShellContext, assignment: Assignment, isExported = false): void {
  const { name, value, index } = assignment;
  if (index !== undefined) {
    setArray(shell, name, unknown(name, `one element of ${name} is set`));
    return;
  }
  if (value.type === "ArrayValue") {
    const elements = expandWords(shell, value.elements);
    setArray(shell, name, assignment.append ? extended(shell, name, elements) : elements);
    return;
  }
  setVariable(shell, name, assignedText(shell, assignment, value), isExported);
}

/** What `NAME=value` sets, under the name of the variable. */
export function assignedText(shell: ShellContext, assignment: Assignment, word: Word): ShellText {
  const { name } = assignment;
  const before = variableText(shell.state, name);
  const text = expandText(shell, word);
  const at = shell.source.place(assignment.pos, assignment.end);
  if (assignment.append)
    return {
      value: concatenated(name, assignment.text, [expandedText(before.value), expandedText(text.value)], at),
      unset: [...new Set([...before.unset, ...text.unset])],
    };
  const value = named(name, expandedText(text.value));
  const { known, origin } = value;
  if (!known || origin.kind !== "written" || origin.overrode.length > 0) return { ...text, value };
  const loses = before.value.known && before.value.value !== undefined && before.value.origin !== origin;
  return { ...text, value: written(name, value.value, origin.at, loses ? [before.value] : []) };
}

function named(name: string, value: Value<string>): Value<string> {
  return value.label === name ? value : relabel(name, value);
}

function extended(
  shell: ShellContext,
  name: string,
  elements: Exclude<ShellFields, { known: false }>,
): ShellFields {
  const binding = shell.state.variables.get(name);
  if (binding?.kind !== "array") return elements;
  return "length" in binding.elements ? [...binding.elements, ...elements] : binding.elements;
}

function setArray(shell: ShellContext, name: string, elements: ShellFields): void {
  shell.state.variables.set(name, { kind: "array", elements, exported: false });
}

export function setVariable(shell: ShellContext, name: string, text: ShellText, isExported = false): void {
  shell.state.variables.set(name, {
    kind: "scalar",
    text,
    exported: isExported || shell.state.options.a || wasExported(shell, name),
  });
}

/** A variable that came with the environment goes on to every program. */
function wasExported(shell: ShellContext, name: string): boolean {
  const binding: Binding | undefined = shell.state.variables.get(name);
  if (binding !== undefined) return binding.exported;
  const value = shell.state.base.get(name);
  return !value.known || value.value !== undefined;
}
