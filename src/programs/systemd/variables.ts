import type { SystemdWord } from "../../model/systemd.ts";
import { derive, unknown, type Value, written } from "../../model/value.ts";
import { extractWord } from "../../syntax/exec-line/extract-word.ts";
import type { ExecArgument } from "./exec-commands.ts";

/** Looks a variable up; undefined where it is certain that nothing sets it. */
export type Lookup = (name: string) => Value<string | undefined>;

/**
 * The words that an argument becomes: `$A` as a word of its own splits on blanks, `${A}` stays one word, `$$` is
 * a dollar (replace_env_argv of src/basic/env-util.c). Quotes do not stop it.
 */
export function expandArgument(argument: ExecArgument, label: string, lookup: Lookup): SystemdWord[] {
  const { at, text, why } = argument;
  if (text === undefined) return [{ at, text: unknown<string>(label, why ?? "not known", { at }) }];
  if (text.startsWith("$") && text.charAt(1) !== "{" && text.charAt(1) !== "$") {
    const name = text.slice(1);
    const value = lookup(name);
    if (!value.known) return [{ at, text: unknown<string>(label, value.origin.why, { at, from: [value] }) }];
    return split(value.value ?? "").map((part) => ({
      at,
      text: derive(label, `a word of $${name}`, [value], (_) => part, at),
    }));
  }
  const parts = variableParts(text);
  const values = parts.flatMap((part) => (part.name === undefined ? [] : [lookup(part.name)]));
  if (values.length === 0) return [{ at, text: written(label, parts.map((part) => part.text).join(""), at) }];
  const joined = derive(
    label,
    `${argument.raw} with its variables`,
    values,
    (...found) => {
      let next = 0;
      return parts.map((part) => (part.name === undefined ? part.text : (found[next++] ?? ""))).join("");
    },
    at,
  );
  return [{ at, text: joined }];
}

interface Part {
  readonly text: string;
  /** The variable that stands here instead of text. */
  readonly name: string | undefined;
}

/** replace_env_n without its extended flags: `${A:-x}` is left as it is. */
function variableParts(text: string): Part[] {
  const parts: Part[] = [];
  const pattern = /\$(?:\{([^}:]*)\}|\$)/g;
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push({ text: text.slice(from, match.index), name: undefined });
    parts.push(match[1] === undefined ? { text: "$", name: undefined } : { text: "", name: match[1] });
    from = match.index + match[0].length;
  }
  parts.push({ text: text.slice(from), name: undefined });
  return parts;
}

function split(value: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < value.length; ) {
    const word = extractWord(value, at, { escapes: false, relaxed: true });
    if (word.kind !== "word") break;
    words.push(word.text);
    at = word.next;
  }
  return words;
}
