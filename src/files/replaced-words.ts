import { isPattern, matches } from "./glob.ts";
import { nameOf } from "./host-path.ts";

/** A word that `sed -i` puts something in the place of, and the last part of the path of a file in which it does. */
export interface ReplacedWord {
  readonly word: string;
  /** A pattern of glob(7): `*.conf`. */
  readonly name: string;
}

/** Each is looked for in the whole text of a file. */
const mostWords = 200;

/** A word of a command line; quotes stay. */
const shellWord = /(?:"[^"]*"|'[^']*'|[^\s"'])+/g;

/**
 * A substitution of a single word that nobody writes by chance: with a joint or a capital in it, unlike `auto` or
 * `localhost`. Whatever is more than one word (`listen 80`, `worker_processes.*`) is no mark that waits to be filled in.
 */
const substitution = /(?:^|[;{}\s\d,])s([^\w\s\\])([A-Za-z_](?=[\w.-]*[A-Z_.-])[\w.-]{2,})\1/g;

/** What the `sed -i` commands of a shell script or Dockerfile replace in files that they name. */
export function replacedWords(script: string): ReplacedWord[] {
  const found: ReplacedWord[] = [];
  if (!/\bsed\b/.test(script)) return found;
  for (const line of script.replace(/\\\r?\n/g, " ").split("\n")) {
    if (!line.includes("sed") || /^\s*#/.test(line)) continue;
    for (const command of sedCommands(line)) found.push(...replacedBy(command));
    if (found.length > mostWords) break;
  }
  return found.slice(0, mostWords);
}

/** The words behind each `sed` of a line. */
function sedCommands(line: string): string[][] {
  const commands: string[][] = [];
  let current: string[] | undefined;
  for (const word of line.match(shellWord) ?? []) {
    if (word === "sed" || word.endsWith("/sed")) {
      current = [];
      commands.push(current);
    } else if (/^(?:[&|;]|\d?>)/.test(word)) current = undefined;
    else {
      current?.push(word.replace(/;$/, ""));
      if (word.endsWith(";")) current = undefined;
    }
  }
  return commands;
}

function replacedBy(words: readonly string[]): ReplacedWord[] {
  const scripts: string[] = [];
  const operands: string[] = [];
  let inPlace = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (/^(?:-[a-zA-Z]*i|--in-place)/.test(word)) inPlace = true;
    if (/^-[a-zA-Z]*e$/.test(word) || word === "--expression") scripts.push(words[++at] ?? "");
    else if (word.startsWith("--expression=")) scripts.push(word.slice("--expression=".length));
    else if (!word.startsWith("-")) operands.push(word);
  }
  const first = scripts.length === 0 ? operands.shift() : undefined;
  if (first !== undefined) scripts.push(first);
  if (!inPlace) return [];
  const names = operands.flatMap((operand) => namePattern(operand) ?? []);
  return scripts.flatMap((script) =>
    [...script.replace(/["']/g, "").matchAll(substitution)].flatMap(([, , word = ""]) =>
      names.map((name) => ({ word, name })),
    ),
  );
}

/** Undefined where a variable is the whole name. */
function namePattern(operand: string): string | undefined {
  const path = operand.replace(/["']/g, "").replace(/\$\{[^}]*\}|\$\([^)]*\)|\$\w+/g, "*");
  const name = nameOf(path);
  return /[\w-]{2}/.test(name) ? name : undefined;
}

/** Which of the words a script replaces in a file. */
export function wordsIn(path: string, replaced: readonly ReplacedWord[]): string[] {
  const own = nameOf(path);
  const inFile = replaced.filter(({ name }) => (isPattern(name) ? matches(name, own) : name === own));
  return [...new Set(inFile.map(({ word }) => word))];
}
