import type { Host } from "../model/host.ts";
import { originText } from "../model/origin-text.ts";
import type { Value } from "../model/value.ts";
import { literalText, type PrintedUnit, valueText } from "../model/value-text.ts";
import { factFlags } from "./fact-flags.ts";
import { harmlessJson } from "./harmless-text.ts";
import { hostSections, type Section, sectionKinds } from "./model-sections.ts";
import { placeJson } from "./place.ts";

/**
 * The effective model for programs. A value has a `text` for people, a `value` where it is known (a number, text,
 * list; `"infinity"` for no limit, null for not set), its origin, and what it was computed from or overrode.
 */
export function modelJson(hosts: readonly Host[]): string {
  return `${harmlessJson({
    version: 1,
    hosts: hosts.map((host) => {
      const sections = hostSections(host);
      const lists = sectionKinds.map((kind) => [
        kind,
        sections.filter((section) => section.kind === kind).map(sectionJson),
      ]);
      return { name: host.name, ...Object.fromEntries(lists) };
    }),
  })}\n`;
}

function sectionJson({ name, at, values }: Section): object {
  return {
    name,
    ...(at === undefined ? {} : placeJson(at)),
    values: Object.fromEntries(values.map(({ key, value, unit }) => [key, valueJson(value, 0, unit)])),
  };
}

/** Chains end long before; this only bounds what a program room could build by mistake. */
const deepest = 8;

function valueJson(value: Value<unknown>, depth: number, unit?: PrintedUnit): object {
  const { origin } = value;
  const inner = (values: readonly Value<unknown>[]): object[] =>
    depth < deepest ? values.map((each) => valueJson(each, depth + 1)) : [];
  return {
    label: value.label,
    known: value.known,
    text: valueText(value, unit),
    ...(value.known ? { value: plain(value.value) } : {}),
    ...(value.known || value.candidates === undefined
      ? {}
      : { candidates: value.candidates.map(({ value: each }) => plain(each)) }),
    origin: {
      kind: origin.kind,
      text: originText(value),
      ...(origin.at === undefined ? {} : placeJson(origin.at)),
      ...(origin.kind === "default"
        ? { program: origin.program, versions: origin.versions, source: origin.source }
        : {}),
      ...(origin.kind === "default" && origin.assuming !== undefined ? { assuming: origin.assuming } : {}),
      ...(origin.kind === "unknown" && origin.fact !== undefined
        ? { fact: origin.fact, declare: factFlags[origin.fact].flag }
        : {}),
    },
    ...(origin.kind === "written" ? { overrode: inner(origin.overrode) } : {}),
    ...(origin.kind === "derived" || origin.kind === "unknown" ? { from: inner(origin.from ?? []) } : {}),
  };
}

/** A number, text, list of texts or the like, whatever the model holds. */
function plain(value: unknown, depth = 0): unknown {
  if (value === Number.POSITIVE_INFINITY) return "infinity";
  if (value === undefined || value === null) return null;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
  if (Array.isArray(value) && depth < deepest) return value.map((each) => plain(each, depth + 1));
  return literalText(value);
}
