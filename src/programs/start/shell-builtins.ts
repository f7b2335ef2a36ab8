import type { Command } from "unbash";
import { descriptors } from "../../model/units.ts";
import { derive, unknown, type Value } from "../../model/value.ts";
import { resolvedDirectory, resolvedPath } from "./directory.ts";
import type { Shell } from "./shell.ts";
import { assign, setVariable } from "./shell-assignment.ts";
import { readCommands } from "./shell-calls.ts";
import { printedByBuiltin } from "./shell-printing.ts";
import { sourceFile, sourceIn } from "./shell-source.ts";
import type { ShellField, ShellStatus } from "./shell-state.ts";
import { testAnswer } from "./shell-test.ts";
import { openText, variableText } from "./shell-text.ts";

/** What a builtin gets: the shell, its words (the name is the first), how to start a program. */
interface Call {
  readonly shell: Shell;
  readonly fields: readonly ShellField[];
  readonly node: Command;
  readonly start: (words: readonly ShellField[]) => void;
}

/** Runs a builtin of the shell; undefined where the name is none. */
export function runBuiltin(
  shell: Shell,
  name: string,
  fields: readonly ShellField[],
  node: Command,
  start: Call["start"],
): ShellStatus | undefined {
  const call: Call = { shell, fields, node, start };
  return builtins.get(name)?.(call) ?? (silent.has(name) ? "yes" : undefined);
}

/** Builtins that change nothing that is followed here. */
const silent: ReadonlySet<string> = new Set([
  ":",
  "true",
  "wait",
  "trap",
  "umask",
  "shopt",
  "alias",
  "unalias",
  "jobs",
  "fg",
  "bg",
  "kill",
  "hash",
  "disown",
  "times",
  "type",
  "complete",
  "compgen",
  "bind",
  "history",
  "enable",
]);

const builtins = new Map<string, (call: Call) => ShellStatus | undefined>([
  ["false", () => "no"],
  ["[", ({ shell, fields }) => testAnswer(shell, shell.starter.files, fields.slice(1, -1))],
  ["test", ({ shell, fields }) => testAnswer(shell, shell.starter.files, fields.slice(1))],
  ["exec", execute],
  ["command", command],
  [
    "builtin",
    ({ shell, fields, node, start }) =>
      runBuiltin(shell, textOf(fields[1]) ?? "", fields.slice(1), node, start) ?? "unknown",
  ],
  ["cd", changeDirectory],
  ["pushd", changeDirectory],
  [
    "popd",
    ({ shell }) => {
      shell.state.directory = unknown("working directory", "popd is not followed");
      return "likely";
    },
  ],
  ["set", set],
  ["shift", shift],
  ["export", declare],
  ["readonly", declare],
  ["declare", declare],
  ["typeset", declare],
  ["local", declare],
  ["unset", unset],
  ["exit", (call) => leave(call, "exit")],
  ["return", (call) => leave(call, "return")],
  ["break", (call) => leaveLoop(call, "break")],
  ["continue", (call) => leaveLoop(call, "continue")],
  [".", sourceCommand],
  ["source", sourceCommand],
  ["eval", evaluate],
  ["ulimit", limit],
  [
    "read",
    ({ shell, fields, node }) => {
      for (const field of fields.slice(1)) {
        const name = textOf(field);
        if (name !== undefined && /^[A-Za-z_]\w*$/.test(name))
          setVariable(shell, name, openText(name, "read takes it from somewhere", shell.place(node)));
      }
      return "unknown";
    },
  ],
  [
    "getopts",
    ({ shell, fields, node }) => {
      const name = textOf(fields[2]);
      if (name !== undefined)
        setVariable(shell, name, openText(name, "getopts is not followed", shell.place(node)));
      return "unknown";
    },
  ],
  ["mapfile", readArray],
  ["readarray", readArray],
  [
    "let",
    ({ shell, fields, node }) => {
      for (const field of fields.slice(1)) {
        const name = /^[A-Za-z_]\w*/.exec(textOf(field) ?? "")?.[0];
        if (name !== undefined)
          setVariable(shell, name, openText(name, "let is not followed", shell.place(node)));
      }
      return "unknown";
    },
  ],
  ["echo", ({ shell, fields }) => printedByBuiltin(shell, "echo", fields)],
  [
    "printf",
    ({ shell, fields, node }) => {
      const name = textOf(fields[1]) === "-v" ? textOf(fields[2]) : undefined;
      if (name === undefined) return printedByBuiltin(shell, "printf", fields);
      setVariable(shell, name, openText(name, "printf -v is not followed", shell.place(node)));
      return "yes";
    },
  ],
  ["pwd", ({ shell, fields }) => printedByBuiltin(shell, "pwd", fields)],
  ["nproc", ({ shell, fields, start }) => printing(shell, "nproc", fields, start)],
  ["getconf", ({ shell, fields, start }) => printing(shell, "getconf", fields, start)],
  ["grep", ({ shell, fields, start }) => printing(shell, "grep", fields, start)],
  ["dirname", ({ shell, fields, start }) => printing(shell, "dirname", fields, start)],
  ["basename", ({ shell, fields, start }) => printing(shell, "basename", fields, start)],
]);

/** Programs whose output is known; outside of a substitution they are programs like others. */
function printing(
  shell: Shell,
  name: string,
  fields: readonly ShellField[],
  start: Call["start"],
): ShellStatus | undefined {
  if (shell.state.output !== undefined) return printedByBuiltin(shell, name, fields);
  start(fields);
  return name === "grep" ? "unknown" : "likely";
}

function textOf(field: ShellField | undefined): string | undefined {
  return field?.text.known ? field.text.value : undefined;
}

/** Without words behind it `exec` only redirects. */
function execute({ shell, fields, start }: Call): ShellStatus {
  const isEmpty = fields.slice(1).every((field) => textOf(field)?.startsWith("-"));
  if (isEmpty) return "yes";
  start(fields);
  shell.state.flow = "exit";
  shell.state.status = "likely";
  return "likely";
}

/** `command -v X` asks whether there is a program; `command X` passes over functions. */
function command({ shell, fields, node, start }: Call): ShellStatus {
  const name = textOf(fields[1]);
  if (name === undefined || /^-[vV]+$/.test(name)) {
    shell.printsUnknown("which programs are installed is not known");
    return "unknown";
  }
  const rest = name === "-p" ? fields.slice(2) : fields.slice(1);
  const status = runBuiltin(shell, textOf(rest[0]) ?? "", rest, node, start);
  if (status !== undefined) return status;
  start(rest);
  return "likely";
}

function changeDirectory({ shell, fields, node }: Call): ShellStatus {
  const operands = fields.slice(1).filter((field) => !/^-[LPe@]+$|^--$/.test(textOf(field) ?? ""));
  const [operand] = operands;
  const { state } = shell;
  const home = operand === undefined ? variableText(state, "HOME").value : undefined;
  const to: Value<string> =
    operand === undefined || textOf(operand) === "-"
      ? home?.known && home.value !== undefined
        ? { ...home, value: home.value }
        : unknown("working directory", "where cd goes back to is not known", { at: shell.place(node) })
      : operand.text;
  if (to.known && to.value === "") return "yes";
  state.directory = resolvedDirectory(state.directory, to);
  return "likely";
}

/** `set -e`, `set -o pipefail`, `set -- a b`. */
function set({ shell, fields }: Call): ShellStatus {
  const { state } = shell;
  for (let index = 1; index < fields.length; index++) {
    const text = textOf(fields[index]);
    if (text === "--") {
      state.positional = fields.slice(index + 1);
      return "yes";
    }
    const options = text === undefined ? null : /^([-+])([a-zA-Z]+)$/.exec(text);
    if (options === null) {
      state.positional = fields.slice(index);
      return "yes";
    }
    const [, sign, letters = ""] = options;
    const on = sign === "-";
    for (const letter of letters)
      if (letter === "e" || letter === "u" || letter === "a") state.options[letter] = on;
    if (letters.endsWith("o")) {
      const option = textOf(fields[++index]);
      if (option === "errexit") state.options.e = on;
      if (option === "nounset") state.options.u = on;
      if (option === "allexport") state.options.a = on;
    }
  }
  return "yes";
}

function shift({ shell, fields }: Call): ShellStatus {
  const { state } = shell;
  const [, operand] = fields;
  const text = operand === undefined ? "1" : textOf(operand);
  if (!("length" in state.positional)) return "likely";
  if (text === undefined || !/^[0-9]{1,6}$/.test(text)) {
    state.positional = unknown("arguments", "how many shift takes is not known");
    return "unknown";
  }
  if (Number(text) > state.positional.length) return "no";
  state.positional = state.positional.slice(Number(text));
  return "yes";
}

/** `export`, `readonly`, `declare`, `local` with or without values. */
function declare({ shell, fields, node }: Call): ShellStatus {
  const name = textOf(fields[0]);
  const flags = fields.slice(1).map(textOf);
  const exports = name === "export" || flags.some((flag) => /^-[a-zA-Z]*x/.test(flag ?? ""));
  const removes = name === "export" && flags.includes("-n");
  const isLocal = name === "local" || name === "declare" || name === "typeset";
  for (const assignment of node.suffix)
    if (assignment.type === "Assignment") {
      if (isLocal) shell.local(assignment.name);
      assign(shell, assignment, exports);
    }
  for (const field of fields.slice(1)) {
    const text = textOf(field);
    if (text === undefined) {
      shell.state.base = openEnvironment(`${name ?? "export"} sets variables that are not known`);
      continue;
    }
    const equals = /^([A-Za-z_]\w*)=/.exec(text);
    const variable = equals?.[1] ?? text;
    if (!/^[A-Za-z_]\w*$/.test(variable)) continue;
    if (isLocal) shell.local(variable);
    const held = variableText(shell.state, variable);
    if (equals !== null) {
      const value = derive(
        variable,
        `${name} ${variable}`,
        [field.text],
        (each) => each.slice(equals[0].length),
        field.at,
      );
      setVariable(shell, variable, { value, unset: field.unset ?? [] }, exports);
    } else if (exports && shell.state.variables.get(variable)?.kind !== "array")
      shell.state.variables.set(variable, { kind: "scalar", text: held, exported: !removes });
  }
  return node.suffix.some(
    ({ type, ...rest }) => type === "Assignment" && "text" in rest && /\$\(|`/.test(rest.text),
  )
    ? "likely"
    : "yes";
}

function openEnvironment(why: string): Shell["state"]["base"] {
  return { get: (name) => unknown(name, why) };
}

function unset({ shell, fields, node }: Call): ShellStatus {
  for (const field of fields.slice(1)) {
    const name = textOf(field);
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) continue;
    shell.state.functions.delete(name);
    const value: Value<string | undefined> = {
      known: true,
      label: name,
      value: undefined,
      origin: { kind: "fact", how: `unset ${name}`, at: shell.place(node) },
    };
    shell.state.variables.set(name, { kind: "scalar", text: { value, unset: [] }, exported: true });
  }
  return "yes";
}

function leave({ shell, fields }: Call, flow: "exit" | "return"): ShellStatus {
  const text = fields.length > 1 ? textOf(fields[1]) : "0";
  shell.state.status =
    fields.length === 1 || text === undefined || !/^[0-9]+$/.test(text)
      ? "unknown"
      : /^0+$/.test(text)
        ? "yes"
        : "no";
  shell.state.flow = flow;
  return shell.state.status;
}

function leaveLoop({ shell, fields }: Call, flow: "break" | "continue"): ShellStatus {
  shell.state.flow = flow;
  shell.state.levels = Number(textOf(fields[1]) ?? "1") || 1;
  return "yes";
}

/** Files that change the path and prompts, and nothing that a server is started with. */
const harmless = /(^|\/)(activate|profile|\.profile|\.bashrc|\.bash_profile|bashrc|nvm\.sh|conda\.sh)$/;

function sourceCommand({ shell, fields }: Call): ShellStatus {
  const [, operand, ...rest] = fields;
  const path = textOf(operand);
  const { state } = shell;
  const file =
    path === undefined || (!path.startsWith("/") && !state.directory.known)
      ? "unknown"
      : shell.starter.files.read(resolvedPath(state.directory.known ? state.directory.value : "/", path));
  if (file === undefined) return path !== undefined && harmless.test(path) ? "likely" : "no";
  if (file !== "unknown") return readCommands(shell, file.text, sourceFile(file), rest);
  if (path !== undefined && harmless.test(path)) return "likely";
  forgetVariables(shell, `${path?.slice(0, 60) ?? "a file that the script reads"} is not here`);
  return "likely";
}

/** Something that is not seen may have set any variable. */
function forgetVariables(shell: Shell, why: string): void {
  shell.state.variables = new Map();
  shell.state.base = openEnvironment(why);
}

function evaluate({ shell, fields, node }: Call): ShellStatus {
  const texts = fields.slice(1).map(textOf);
  if (texts.every((text) => text !== undefined)) {
    const text = texts.join(" ");
    return readCommands(shell, text, sourceIn(shell.place(node), text), undefined);
  }
  forgetVariables(shell, "eval runs text that is not known");
  return "unknown";
}

/** `ulimit -n N` sets both limits, `-S` the soft one; a process starts with the soft one. */
function limit({ shell, fields }: Call): ShellStatus {
  const flags = fields.slice(1, -1).map(textOf).join("");
  const operand = fields.at(-1);
  if (!/^(-[SHn]+)+$/.test(flags) || !flags.includes("n") || operand === undefined) return "yes";
  if (flags.includes("H") && !flags.includes("S")) return "yes";
  const text = textOf(operand);
  if (text?.startsWith("-")) return "yes";
  shell.state.nofile =
    text === "hard" || text === "soft"
      ? unknown("ulimit -n", `ulimit -n ${text} takes the limit of the container`, { at: operand.at })
      : derive(
          "ulimit -n",
          "ulimit -n",
          [operand.text],
          (each) => descriptors(each === "unlimited" ? Number.POSITIVE_INFINITY : Number(each)),
          operand.at,
        );
  return "likely";
}

function readArray({ shell, fields }: Call): ShellStatus {
  const name = textOf(fields.at(-1)) ?? "MAPFILE";
  shell.state.variables.set(name, {
    kind: "array",
    elements: unknown(name, "its lines are read when the script runs"),
    exported: false,
  });
  return "likely";
}
