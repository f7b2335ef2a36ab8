import type { ParameterExpansionPart, ParameterOperation, Word } from "unbash";
import { type Answer, derive, holds, unknown, type Value } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";
import type { ShellContext } from "./shell-context.ts";
import { matchesPattern, type ShellPattern } from "./shell-pattern.ts";
import type { ShellField, ShellFields, ShellText } from "./shell-state.ts";
import { expandedText, literalText, notedUnset, openText, variableText } from "./shell-text.ts";

/** What stands for a parameter in a word. */
export type Expansion =
  | { readonly kind: "text"; readonly text: ShellText }
  /** `"$@"`, `"${ARGS[@]}"`; `joined` for `*`. */
  | { readonly kind: "fields"; readonly fields: ShellFields; readonly joined: boolean }
  /** The word of `${X:-word}`; `instead` is the parameter whose place it takes. */
  | { readonly kind: "word"; readonly word: Word; readonly instead: Value<string | undefined> }
  /** Whether the word takes its place is not known. */
  | {
      readonly kind: "either";
      readonly word: Word;
      readonly unset: ShellText["unset"];
      choose(word: ShellText): Value<string>;
    };

/** How the words inside of `${...}` are expanded, which the caller knows. */
export interface OperandExpander {
  text(word: Word): ShellText;
  pattern(word: Word): ShellPattern | undefined;
}

/** `$1`, `$@`, `$NAME`. */
export function simpleParameter(shell: ShellContext, name: string, at: Span): Expansion {
  const subject = subjectOf(shell, name, undefined, at);
  if (subject.kind !== "text") return subject;
  return { kind: "text", text: used(shell, subject.text, name, at) };
}

/** `${NAME}` with everything that may stand in it. */
export function bracedParameter(
  shell: ShellContext,
  part: ParameterExpansionPart,
  expand: OperandExpander,
): Expansion {
  const at = shell.source.place(part.pos, part.end);
  const { parameter: name, operation, prefix } = part;
  if (prefix === "#") return { kind: "text", text: lengthOf(shell, part, at) };
  if (prefix === "!") return indirect(shell, part, at);
  const subject = subjectOf(shell, name, part.index, at);
  if (operation === undefined)
    return subject.kind === "text" ? { kind: "text", text: used(shell, subject.text, name, at) } : subject;
  if (operation.type === "Default") return withDefault(shell, subject, part, operation, at, expand);
  if (subject.kind === "fields") {
    if (operation.type === "Slice") return sliced(subject, name, operation, at, expand);
    return { kind: "text", text: openText(name, `${part.text} is not followed`, at) };
  }
  const text = used(shell, subject.text, name, at);
  const changed = changedText(shell, text.value, operation, part, at, expand);
  return {
    kind: "text",
    text:
      changed === undefined
        ? openText(name, `${part.text} is not followed`, at)
        : { ...text, value: changed },
  };
}

type Subject = Extract<Expansion, { kind: "text" | "fields" }>;

function subjectOf(shell: ShellContext, name: string, index: Word | undefined, at: Span): Subject {
  const { state } = shell;
  if (name === "@" || name === "*") return { kind: "fields", fields: state.positional, joined: name === "*" };
  const text = (value: ShellText): Subject => ({ kind: "text", text: value });
  if (name === "0" || name === "BASH_SOURCE") return text({ value: shell.zero, unset: [] });
  if (name === "#") return text(count(state.positional, "$#", at));
  if (/^[0-9]+$/.test(name)) return text(positional(state.positional, Number(name), at));
  if (!/^[A-Za-z_]/.test(name))
    return text(openText(`$${name}`, `$${name} is known when the script runs`, at));
  if (index === undefined) return text(variableText(state, name));
  const binding = state.variables.get(name);
  const elements = binding?.kind === "array" ? binding.elements : undefined;
  if (index.text === "@" || index.text === "*") {
    const scalar = variableText(state, name);
    const single: ShellField[] =
      scalar.value.known && scalar.value.value === undefined
        ? []
        : [{ at, text: expandedText(scalar.value), unset: scalar.unset }];
    return { kind: "fields", fields: elements ?? single, joined: index.text === "*" };
  }
  if (elements !== undefined && "length" in elements && /^[0-9]+$/.test(index.text)) {
    const element = elements[Number(index.text)];
    if (element !== undefined) return text({ value: element.text, unset: element.unset ?? [] });
  }
  return text(openText(name, `${name}[${index.text}] is not followed`, at));
}

function positional(fields: ShellFields, number: number, at: Span): ShellText {
  if (!("length" in fields)) return { value: fields, unset: [] };
  const field = fields[number - 1];
  if (field !== undefined) return { value: field.text, unset: field.unset ?? [] };
  return {
    value: {
      known: true,
      label: `$${number}`,
      value: undefined,
      origin: { kind: "fact", how: `there are ${fields.length} arguments`, at },
    },
    unset: [],
  };
}

function count(fields: ShellFields, label: string, at: Span): ShellText {
  if (!("length" in fields)) return { value: fields, unset: [] };
  return literalText(label, String(fields.length), at);
}

function used(shell: ShellContext, text: ShellText, name: string, at: Span): ShellText {
  if (shell.state.options.u && text.value.known && text.value.value === undefined) shell.stop();
  return notedUnset(text, name, at);
}

function lengthOf(shell: ShellContext, part: ParameterExpansionPart, at: Span): ShellText {
  const subject = subjectOf(shell, part.parameter, part.index, at);
  if (subject.kind === "fields") return count(subject.fields, part.text, at);
  return {
    value: derive(
      part.text,
      `length of ${part.parameter}`,
      [expandedText(subject.text.value)],
      (value) => String([...value].length),
      at,
    ),
    unset: [],
  };
}

function indirect(shell: ShellContext, part: ParameterExpansionPart, at: Span): Expansion {
  const name = variableText(shell.state, part.parameter).value;
  if (part.index === undefined && part.operation === undefined && name.known && name.value !== undefined)
    return simpleParameter(shell, name.value, at);
  return { kind: "text", text: openText(part.parameter, `${part.text} is not followed`, at) };
}

function withDefault(
  shell: ShellContext,
  subject: Subject,
  part: ParameterExpansionPart,
  operation: Extract<ParameterOperation, { type: "Default" }>,
  at: Span,
  expand: OperandExpander,
): Expansion {
  const { operator, operand } = operation;
  const notEmpty = operator.startsWith(":");
  const present = isPresent(subject, notEmpty);
  const kind = operator.slice(-1);
  const held = subject.kind === "text" ? subject.text.value : openList(part.parameter, subject.fields);
  const unset = subject.kind === "text" ? subject.text.unset : [];
  const choose = (word: ShellText): Value<string> =>
    derive(part.parameter, part.text.slice(0, 60), [held, word.value], (value, other) => {
      const isSet = value !== undefined && !(notEmpty && value === "");
      if (kind === "+") return isSet ? (other ?? "") : "";
      return isSet ? value : (other ?? "");
    });
  if (kind === "+") {
    if (present === "yes") return { kind: "word", word: operand, instead: held };
    if (present === "no") return { kind: "text", text: literalText(part.parameter, "", at) };
    return { kind: "either", word: operand, unset, choose };
  }
  if (present === "yes") return subject;
  if (kind === "?") {
    if (present === "no") shell.stop();
    return subject;
  }
  if (subject.kind === "fields" && present === "unknown") return subject;
  if (kind === "=" && subject.kind === "text") {
    const given = expand.text(operand);
    const value: ShellText = present === "no" ? given : { value: choose(given), unset };
    assign(shell, part.parameter, value);
    return { kind: "text", text: value };
  }
  if (present === "no") return { kind: "word", word: operand, instead: held };
  return { kind: "either", word: operand, unset, choose };
}

/** A list stands for whether there is one. */
function openList(name: string, fields: ShellFields): Value<string | undefined> {
  if (!("length" in fields)) return fields;
  return fields[0]?.text ?? unknown(name, `${name} is a list`);
}

function assign(shell: ShellContext, name: string, text: ShellText): void {
  const before = shell.state.variables.get(name);
  shell.state.variables.set(name, {
    kind: "scalar",
    text,
    exported: (before?.kind === "scalar" && before.exported) || shell.state.options.a,
  });
}

function isPresent(subject: Subject, notEmpty: boolean): Answer {
  if (subject.kind === "text")
    return holds([subject.text.value], (value) => value !== undefined && !(notEmpty && value === ""));
  const { fields } = subject;
  if (!("length" in fields)) return "unknown";
  if (fields.length === 0) return "no";
  if (!notEmpty || fields.length > 1) return "yes";
  return fields[0] === undefined ? "no" : holds([fields[0].text], (text) => text !== "");
}

function sliced(
  subject: Extract<Subject, { kind: "fields" }>,
  name: string,
  operation: Extract<ParameterOperation, { type: "Slice" }>,
  at: Span,
  expand: OperandExpander,
): Expansion {
  const number = (word: Word | undefined): number | undefined => {
    const text = word === undefined ? undefined : expand.text(word).value;
    return text?.known && /^\s*[0-9]+\s*$/.test(text.value ?? "") ? Number(text.value) : undefined;
  };
  const offset = number(operation.offset);
  const length = number(operation.length);
  const isPositional = name === "@" || name === "*";
  const { fields } = subject;
  if (
    !("length" in fields) ||
    offset === undefined ||
    (isPositional && offset === 0) ||
    (operation.length !== undefined && length === undefined)
  )
    return { kind: "text", text: openText(name, `a part of ${name} is not followed`, at) };
  const from = isPositional ? offset - 1 : offset;
  return {
    ...subject,
    fields: fields.slice(from, length === undefined ? undefined : from + length),
  };
}

const mostComparisons = 5_000_000;

function changedText(
  shell: ShellContext,
  value: Value<string | undefined>,
  operation: ParameterOperation,
  part: ParameterExpansionPart,
  at: Span,
  expand: OperandExpander,
): Value<string> | undefined {
  const text = expandedText(value);
  const apply = (change: (text: string) => string): Value<string> =>
    derive(part.parameter, part.text.slice(0, 60), [text], change, at);
  const longest = text.known ? text.value.length : 1000;
  if (operation.type === "CaseModification" && operation.operand === undefined) {
    if (operation.operator === "^^") return apply((each) => each.toUpperCase());
    if (operation.operator === ",,") return apply((each) => each.toLowerCase());
    const upper = operation.operator === "^";
    return apply((each) => {
      const first = each.charAt(0);
      return (upper ? first.toUpperCase() : first.toLowerCase()) + each.slice(1);
    });
  }
  if (operation.type === "Remove") {
    const pattern = expand.pattern(operation.operand);
    if (pattern === undefined || longest * longest * (pattern.text.length + 1) > mostComparisons)
      return undefined;
    shell.budget.step(1 + Math.floor((longest * pattern.text.length) / 100));
    return apply((each) => withoutEnd(each, pattern, operation.operator));
  }
  if (operation.type === "Replace") {
    const pattern = expand.pattern(operation.pattern);
    const replacement = expand.text(operation.replacement).value;
    if (pattern === undefined || /[*?[\]]/.test(pattern.text) || pattern.text === "") return undefined;
    if (!replacement.known || (operation.operator !== "/" && operation.operator !== "//")) return undefined;
    const other = replacement.value ?? "";
    const times = operation.operator === "/" ? 1 : longest / pattern.text.length;
    shell.budget.text(longest + times * other.length);
    return apply((each) =>
      operation.operator === "//"
        ? each.replaceAll(pattern.text, () => other)
        : each.replace(pattern.text, () => other),
    );
  }
  if (operation.type === "Slice") {
    const offset = expand.text(operation.offset).value;
    const length = operation.length === undefined ? undefined : expand.text(operation.length).value;
    if (!offset.known || !/^\s*[0-9]+$/.test(offset.value ?? "")) return undefined;
    if (length !== undefined && !(length.known && /^[0-9]+$/.test(length.value ?? ""))) return undefined;
    const start = Number(offset.value);
    return apply((each) => each.slice(start, length?.known ? start + Number(length.value) : undefined));
  }
  return undefined;
}

function withoutEnd(text: string, pattern: ShellPattern, operator: "#" | "##" | "%" | "%%"): string {
  const sizes = Array.from({ length: text.length + 1 }, (_, index) => index);
  if (operator.length === 2) sizes.reverse();
  const front = operator.startsWith("#");
  for (const size of sizes) {
    const part = front ? text.slice(0, size) : text.slice(text.length - size);
    if (matchesPattern(pattern, part)) return front ? text.slice(size) : text.slice(0, text.length - size);
  }
  return text;
}
