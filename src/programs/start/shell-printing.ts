import { derive, type Value } from "../../model/value.ts";
import type { Shell } from "./shell.ts";
import type { ShellField, ShellStatus } from "./shell-state.ts";
import { expandedText, variableText } from "./shell-text.ts";
import type { Starter } from "./starter.ts";

/** Adds what a builtin or a well-known program prints to the output of a command substitution. */
export function printedByBuiltin(shell: Shell, name: string, fields: readonly ShellField[]): ShellStatus {
  if (shell.state.output === undefined) return "yes";
  const printed = printedText(shell, name, fields);
  if (printed === undefined) {
    shell.printsUnknown(`what ${name} prints is not known`);
    return "likely";
  }
  shell.print(printed);
  return "yes";
}

function printedText(
  shell: Shell,
  name: string,
  fields: readonly ShellField[],
): readonly (string | Value<string>)[] | undefined {
  const words = fields.slice(1);
  const texts = words.map(({ text }) => (text.known ? text.value : undefined));
  const [first] = words;
  switch (name) {
    case "echo": {
      const plain = texts[0] === "-n" ? words.slice(1) : words;
      if (/^-[neE]+$/.test(texts[0] ?? "") && texts[0] !== "-n") return undefined;
      if (texts.some((text) => text?.includes("\\"))) return undefined;
      const printed = plain.flatMap(({ text }, index) => (index === 0 ? [text] : [" ", text]));
      return texts[0] === "-n" ? printed : [...printed, "\n"];
    }
    case "printf":
      if (texts[0] === "%s" || texts[0] === "%s\\n")
        return words.length === 2 && words[1] !== undefined ? [words[1].text] : undefined;
      return words.length === 1 && first !== undefined && texts[0] !== undefined && !/[%\\]/.test(texts[0])
        ? [first.text]
        : undefined;
    case "pwd":
      return [shell.state.directory, "\n"];
    case "nproc": {
      const threads = variableText(shell.state, "OMP_NUM_THREADS").value;
      const isSet = threads.known && /^[1-9][0-9]*$/.test(threads.value ?? "");
      if (words.length === 0 && isSet) return [expandedText(threads), "\n"];
      return words.length === 0 || texts[0] === "--all" ? [cpusText(shell.starter.cpus), "\n"] : undefined;
    }
    case "getconf":
      return texts[0] === "_NPROCESSORS_ONLN" ? [cpusText(shell.starter.cpus), "\n"] : undefined;
    case "grep":
      return texts[0] === "-c" && /^\^?processor/.test(texts[1] ?? "") && texts[2] === "/proc/cpuinfo"
        ? [cpusText(shell.starter.cpus), "\n"]
        : undefined;
    case "dirname":
      return pathPart(
        words,
        (path) => /^(.*)\/+[^/]+\/*$/.exec(path)?.[1] ?? (path.startsWith("/") ? "/" : "."),
      );
    case "basename":
      return pathPart(words, (path) => path.replace(/\/+$/, "").split("/").at(-1) ?? "");
    default:
      return undefined;
  }
}

function pathPart(
  words: readonly ShellField[],
  part: (path: string) => string,
): readonly (string | Value<string>)[] | undefined {
  const [path, more] = words;
  if (path === undefined || more !== undefined) return undefined;
  return [derive("path", "dirname", [path.text], (text) => part(text) || "/"), "\n"];
}

/** A number of CPUs as a program prints it. */
export function cpusText(cpus: Starter["cpus"]): Value<string> {
  return derive("nproc", "as nproc prints it", [cpus], String);
}
