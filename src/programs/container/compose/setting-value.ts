import { byDefault, type Known, unknown, type Value } from "../../../model/value.ts";
import type { Problem } from "../../../syntax/problem.ts";
import type { Span } from "../../../text/span.ts";
import { deciding, expanded, type Layers } from "./layers.ts";
import { over } from "./project-variables.ts";

/** A scalar setting as text; undefined where nothing is written. The layers that lost stand in its origin. */
export function textOf(label: string, layers: Layers, isPath = false): Value<string> | undefined {
  const layer = deciding(layers);
  if (layer === undefined) return undefined;
  const text = expanded(layer, isPath);
  if (text === undefined) return unknown(label, "it is no text", { at: layer.node.at });
  const loser = expanded(layers.filter((each) => each !== layer).at(-1), isPath);
  const value = text.whole(label);
  return loser === undefined || loser.scalar.text === "" ? value : over(value, loser.whole(label));
}

/** A setting read by a function that gives undefined for what compose refuses. */
export function settingOf<T>(
  label: string,
  layers: Layers,
  read: (text: string) => T | undefined,
  expects: string,
  problems: Problem[],
): Value<T> | undefined {
  const layer = deciding(layers);
  const text = textOf(label, layers);
  if (text === undefined || layer === undefined) return undefined;
  if (!text.known) return { known: false, label, origin: text.origin };
  const value = read(text.value);
  if (value !== undefined) return { ...text, value };
  if (text.value !== "" || layer.node.kind !== "scalar" || layer.node.text === "")
    problems.push({
      rule: "container/compose",
      message: `${label} takes ${expects}, not "${text.value}"`,
      at: layer.node.at,
    });
  return unknown(label, `docker compose refuses "${text.value}"`, { at: layer.node.at });
}

/** What docker compose does where nothing is written. */
export function unset<T>(label: string, value: T, source: string, at: Span): Known<T> {
  return byDefault(label, value, { program: "docker compose", versions: "all", source, at });
}
