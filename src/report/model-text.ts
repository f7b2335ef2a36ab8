import picocolors from "picocolors";
import { evidenceOf } from "../lint/evidence.ts";
import type { Host } from "../model/host.ts";
import { originText } from "../model/origin-text.ts";
import type { Value } from "../model/value.ts";
import { valueText } from "../model/value-text.ts";
import { factFlags } from "./fact-flags.ts";
import { harmless } from "./harmless-text.ts";
import { hostSections, type Section } from "./model-sections.ts";
import { placeText } from "./place.ts";
import type { Colors, StylishOptions } from "./stylish-options.ts";
import { columnWidth } from "./text-layout.ts";

/**
 * The effective model for a person: one line for each value, `name  value  where it comes from`, and below it what
 * it was computed from or what it overrode.
 *
 * Settings that a program leaves at its default are shown where they decide a capacity; `verbose` shows all.
 */
export function modelText(hosts: readonly Host[], options: Omit<StylishOptions, "width">): string {
  const colors = picocolors.createColors(options.colors);
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
    .map(({ value }) => ({ name: harmless(value.label), text: harmless(valueText(value)), value }));
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

function sourceText(value: Value<unknown>, colors: Colors): string {
  const { origin } = value;
  const place = origin.at === undefined ? "" : colors.dim(placeText(origin.at));
  if (origin.kind === "unknown" && origin.fact !== undefined) return `declare ${factFlags[origin.fact].flag}`;
  const text = harmless(origin.kind === "unknown" ? origin.why : originText(value));
  if (origin.kind === "written")
    return text.includes(harmless(valueText(value))) ? place : `${place}  ${text}`;
  return place === "" ? text : `${text}  ${place}`;
}

/** Inputs and overridden values, without the first step, which is the line itself. */
function chainLines(value: Value<unknown>, colors: Colors): string[] {
  return evidenceOf(value)
    .slice(1)
    .map(({ message, at, depth }) => {
      const place = at === undefined ? "" : `  ${colors.dim(placeText(at))}`;
      return `  ${"  ".repeat(depth)}${harmless(message)}${place}`;
    });
}
