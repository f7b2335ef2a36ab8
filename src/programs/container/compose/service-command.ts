import type { Argument } from "../../../model/command.ts";
import { unknown, type Value, written } from "../../../model/value.ts";
import type { Problem } from "../../../syntax/problem.ts";
import { isNull } from "../../../syntax/yaml/tree.ts";
import { span } from "../../../text/span.ts";
import { expanded, type Layers } from "./layers.ts";
import { shellWords } from "./shell-words.ts";

/**
 * `command` or `entrypoint`: the last file decides, null too. Undefined where nothing is written or null; a list
 * as it is, a string split into words.
 */
export function commandOf(
  label: string,
  service: string,
  layers: Layers,
  problems: Problem[],
): Value<readonly Argument[]> | undefined {
  const layer = layers.at(-1);
  if (layer === undefined || isNull(layer.node)) return undefined;
  const { node, from } = layer;
  const at = node.at;
  if (node.kind === "sequence") {
    const words = node.items.map((item): Argument => {
      const text = expanded({ node: item, from });
      return { at: item.at, text: text?.whole(label) ?? unknown(label, "not a text", { at: item.at }) };
    });
    return written(label, words, at);
  }
  const text = expanded(layer);
  if (text === undefined) {
    problems.push({ rule: "container/compose", message: `${label} takes a text or a list`, at });
    return unknown(label, "it is neither a text nor a list", { at });
  }
  const { words, stoppedAt, invalid } = shellWords(text.text);
  if (invalid) {
    if (text.hasUnknown) return unknown(label, "it cannot be split without its variables", { at });
    problems.push({
      rule: "container/compose",
      message: `${label} of ${service} cannot be split into words: a quote does not end, or a parenthesis stands bare`,
      at,
    });
    return unknown(label, "docker compose cannot split it", { at });
  }
  if (stoppedAt !== undefined) {
    const source = text.place(stoppedAt, stoppedAt + 1);
    const rest = text.text.slice(stoppedAt);
    const operator = /^(?:&&|\|\||>>|<<|.)/.exec(rest)?.[0] ?? "";
    const kept = shortened(text.text.slice(0, stoppedAt).trim());
    const lost = shortened(rest.slice(operator.length).trim());
    problems.push({
      rule: "container/command-truncated",
      message: `no shell reads ${label} of ${service}: docker compose starts only "${kept}" and drops "${operator} ${lost}"`,
      at:
        source.end - source.start === 1
          ? span(source.file, source.start, source.start + operator.length)
          : source,
      help: `write ${label}: sh -c "..." with the whole line in quotes, or a list`,
    });
  }
  const made = words.map(
    ({ start, end }, index): Argument => wordOf(label, text, start, end, words[index]?.text ?? ""),
  );
  return written(label, made, at);
}

function wordOf(
  label: string,
  text: NonNullable<ReturnType<typeof expanded>>,
  start: number,
  end: number,
  word: string,
): Argument {
  const at = text.place(start, end);
  const raw = text.part(label, start, end, at);
  if (!raw.known || raw.value === word) return { at, text: raw };
  return { at, text: { ...raw, value: word } };
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(/\uF8FF/g, "...");
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
