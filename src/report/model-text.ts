import { evidenceOf } from "../lint/evidence.ts";
import type { Host } from "../model/host.ts";
import { originText } from "../model/origin-text.ts";
import type { Value } from "../model/value.ts";
import { valueText } from "../model/value-text.ts";
import type { Colors } from "./colors.ts";
import { factFlags } from "./fact-flags.ts";
import { harmless } from "./harmless-text.ts";
import { hostSections, type Section } from "./model-sections.ts";
import { placeText } from "./place.ts";
import type { StylishOptions } from "./stylish-options.ts";
import { columnWidth } from "./text-layout.ts";

/**
 * The effective model for a person: one line for each value, `name  value  where it comes from`, and below it what
 * it was computed from or what it overrode.
 *
 * Settings that a program leaves at its default are shown where they decide a capacity; `verbose` shows all.
 */
export function modelText(hosts: readonly Host[], options: Omit<StylishOptions, "width">): string {
  const { colors } = options;
  const lines = hosts.flatMap((host) => [
    colors.bold(`host ${harmless(host.name)}`),
    ...hostSections(host).flatMap((section) => [
      "",
      ...sectionLines(section, colors, options.verbose === true),
    ]),
    "",
  ]);
  return lines.length === 0 ? "nothing found to show\n" : `${lines.join("\n")}\n`;
}

const widestName = 40;
const widestValue = 32;

function sectionLines(section: Section, colors: Colors, verbose: boolean): string[] {
  const place = section.at === undefined ? "" : `  ${colors.dim(placeText(section.at))}`;
  const rows = section.values
    .filter(({ minor }) => verbose || minor !== true)
    .filter(({ value }, index, all) => !all.slice(0, index).some((before) => isSame(before.value, value)))
    .map(({ value, unit }) => ({
      name: harmless(nameIn(section, value.label)),
      text: harmless(valueText(value, unit)),
      value,
    }));
  const nameWidth = columnWidth(
    rows.map(({ name }) => name),
    widestName,
  );
  const valueWidth = columnWidth(
    rows.map(({ text }) => text),
    widestValue,
  );
  return [
    colors.underline(harmless(section.name)) + place,
    ...rows.flatMap(({ name, text, value }) => [
      `  ${name.padEnd(nameWidth)}  ${colors.bold(text.padEnd(valueWidth))}  ${sourceText(value, colors)}`.trimEnd(),
      ...chainLines(value, colors),
    ]),
  ];
}

/** A soft and a hard limit that one line sets, workers that are as many as written. */
function isSame(a: Value<unknown>, b: Value<unknown>): boolean {
  return a.label === b.label && a.origin === b.origin;
}

/** `LimitNOFILE=` rather than `LimitNOFILE= of nginx.service` under the heading `nginx.service`. */
function nameIn(section: Section, label: string): string {
  const [, name = label, subject = ""] = /^(.+) (?:of|in force for) (\S+)$/.exec(label) ?? [];
  return section.name.split(" ").includes(subject) ? name : label;
}

function sourceText(value: Value<unknown>, colors: Colors): string {
  const { origin } = value;
  const place = origin.at === undefined ? "" : colors.dim(placeText(origin.at));
  if (origin.kind === "unknown" && origin.fact !== undefined) return `declare ${factFlags[origin.fact].flag}`;
  const text = harmless(origin.kind === "unknown" ? origin.why : originText(value));
  if (origin.kind === "written")
    return text.includes(harmless(valueText(value))) ? place : `${place}  ${text}`;
  return place === "" || origin.kind === "default" ? text : `${text}  ${place}`;
}

/** Inputs and overridden values, without the first step, which is the line itself. */
function chainLines(value: Value<unknown>, colors: Colors): string[] {
  return evidenceOf(withoutUndeclared(value))
    .slice(1)
    .map(({ message, at, depth }) => {
      const place = at === undefined ? "" : `  ${colors.dim(placeText(at))}`;
      return `  ${"  ".repeat(depth)}${harmless(message)}${place}`;
    });
}

/** `declare --cpus N` stands on the line already. */
function withoutUndeclared(value: Value<unknown>): Value<unknown> {
  if (value.known) return value;
  const from = value.origin.from?.filter(
    (input) => input.known || input.origin.fact === undefined || input.origin.from !== undefined,
  );
  return from === undefined ? value : { ...value, origin: { ...value.origin, from } };
}
