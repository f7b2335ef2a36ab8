import type { HostSummary, LintResult } from "../lint/lint-result.ts";
import type { Colors } from "./colors.ts";
import { countsOf, countsText, numbered } from "./counts.ts";
import { harmless } from "./harmless-text.ts";
import { type NotCheckedGroup, notCheckedGroups, notCheckedRules } from "./not-checked-text.ts";
import { pathText, placeText } from "./place.ts";
import type { StylishOptions } from "./stylish-options.ts";
import { wrap } from "./text-layout.ts";

const wordWidth = "not checked".length;
const margin = 2 + wordWidth + 2;
const narrowest = 30;
const mostHosts = 4;
const mostReasons = 3;
const mostAside = 2;

/** What was taken for what, what could not be checked, and the counts on the last line. */
export function closingLines(result: LintResult, options: StylishOptions): string[] {
  const { colors } = options;
  const verbose = options.verbose === true;
  const width =
    options.width === undefined ? Number.POSITIVE_INFINITY : Math.max(options.width - margin, narrowest);
  const blocks: readonly (readonly [string, readonly string[]])[] = [
    [result.hosts.length === 1 ? "host" : "hosts", hostTexts(result.hosts, verbose)],
    ["not checked", notCheckedTexts(result, verbose)],
    ["left aside", asideTexts(result, verbose)],
  ];
  const lines = blocks.flatMap(([word, texts]) =>
    texts
      .flatMap((text) => wrap(text, width))
      .map((text, index) => `  ${colors.dim((index === 0 ? word : "").padEnd(wordWidth))}  ${text}`),
  );
  return [...lines, ...(lines.length > 0 ? [""] : []), lastLine(result, colors)];
}

function lastLine(result: LintResult, colors: Colors): string {
  if (result.hosts.length === 0 && result.diagnostics.length === 0) return "nothing found to lint";
  const counts = countsOf(result);
  const text = `${counts.findings === 0 ? "✔" : "✖"} ${countsText(counts)}`;
  const paint =
    counts.errors > 0
      ? colors.red
      : counts.warnings > 0
        ? colors.yellow
        : counts.infos > 0
          ? colors.blue
          : colors.green;
  const unchecked = notCheckedRules(result);
  const ignored = result.ignored === 0 ? "" : `, ${result.ignored} ignored`;
  const rest = `${ignored}${unchecked === 0 ? "" : `, ${numbered(unchecked, "rule")} not fully checked`}`;
  return colors.bold(paint(text)) + (rest === "" ? "" : colors.dim(rest));
}

function hostTexts(hosts: readonly HostSummary[], verbose: boolean): string[] {
  if (verbose)
    return hosts.flatMap((host) => [
      `${harmless(host.name)}:`,
      ...host.files.map(({ path, role }) => `  ${pathText(path)}: ${harmless(role)}`),
    ]);
  const texts = hosts.slice(0, mostHosts).map((host) => `${harmless(host.name)}: ${rolesText(host)}`);
  const rest = hosts.length - mostHosts;
  return rest > 0 ? [...texts, `and ${rest} more (--verbose lists them)`] : texts;
}

/** `nginx configuration (3), systemd unit`. */
function rolesText(host: HostSummary): string {
  const roles = new Map<string, number>();
  for (const { role } of host.files) roles.set(role, (roles.get(role) ?? 0) + 1);
  const texts = [...roles].map(([role, count]) => `${harmless(role)}${count === 1 ? "" : ` (${count})`}`);
  return texts.length === 0 ? "no files" : texts.join(", ");
}

function notCheckedTexts(result: LintResult, verbose: boolean): string[] {
  const groups = notCheckedGroups(result);
  if (verbose) return groups.flatMap(groupInFull);
  const declarable = groups.filter((group) => group.remedy !== undefined);
  const others = groups.filter((group) => group.remedy === undefined);
  const texts = [...declarable, ...others.slice(0, mostReasons)].map(groupText);
  const rest = others.length - mostReasons;
  return rest > 0 ? [...texts, `and for ${numbered(rest, "more reason")} (--verbose lists them)`] : texts;
}

function groupText({ rules, because, remedy }: NotCheckedGroup): string {
  const [only] = rules;
  const subject = rules.length === 1 && only !== undefined ? harmless(only) : numbered(rules.length, "rule");
  return `${subject} because ${harmless(because)}${remedy === undefined ? "" : ` (${remedy})`}`;
}

function groupInFull({ rules, because, remedy, members }: NotCheckedGroup): string[] {
  const places = members.flatMap(({ at }) => (at === undefined ? [] : [`  ${placeText(at)}`]));
  return [
    `${rules.map((rule) => harmless(rule)).join(", ")} because ${harmless(because)}${remedy === undefined ? "" : ` (${remedy})`}`,
    ...new Set(places),
  ];
}

function asideTexts({ aside }: LintResult, verbose: boolean): string[] {
  if (!verbose && aside.length > mostAside) return [`${aside.length} files (--verbose lists them)`];
  return aside.map(({ path, why }) => `${pathText(path)}: ${harmless(why)}`);
}
