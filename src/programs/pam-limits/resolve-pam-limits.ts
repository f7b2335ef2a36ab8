import type { FileTree } from "../../files/file-tree.ts";
import type { Facts } from "../../model/facts.ts";
import type { Account, PamLimit, PamLimits, PamSession } from "../../model/limits.ts";
import {
  byDefault,
  type FactName,
  type Known,
  relabel,
  unknown,
  type Value,
  written,
} from "../../model/value.ts";
import { isLimitItem, limitNumber } from "../../syntax/limits/item.ts";
import type { LimitsTree } from "../../syntax/limits/tree.ts";
import type { Problem } from "../../syntax/problem.ts";
import { span } from "../../text/span.ts";
import { kernelDefault } from "../sysctl/kernel-defaults.ts";
import { limitsInputs } from "./limits-files.ts";
import { reachingLines } from "./reaching-lines.ts";
import { openSession, type SessionOutcome, type SessionStart } from "./session.ts";
import { type PamVariant, pamVariants } from "./variant.ts";

export interface PamOptions extends Partial<SessionStart> {
  /** The variants of pam_limits that this host can have; by default what the distribution ships. */
  readonly variants?: readonly PamVariant[];
}

/** Conditions beyond this number are not tried out one by one. */
const mostConditions = 5;

/**
 * limits.conf and limits.d of a host. Where the answer depends on the variant of pam_limits, or on ids and groups
 * that are not known, it is unknown with the answers as candidates.
 */
export function resolvePamLimits(
  tree: FileTree,
  facts: Pick<Facts, "distribution" | "kernel" | "systemd">,
  options: PamOptions = {},
): { readonly limits: PamLimits; readonly problems: readonly Problem[] } {
  const start = sessionStart(facts, options);
  const variants = options.variants ?? pamVariants(facts.distribution);
  const configuration = start.moduleArguments.find((word) => word.startsWith("conf="))?.slice("conf=".length);
  const inputs = limitsInputs(tree, configuration);
  const trees = inputs.flatMap((input) => (input.tree === undefined ? [] : [input.tree]));

  const session = (account: Account, item: string): PamSession => {
    const outcomes = variants.map((variant) => {
      const lines = reachingLines(inputs, account, item, variant);
      const conditions = [...new Set(lines.flatMap(({ condition }) => condition ?? []))];
      const cases = conditions.length > mostConditions ? [[], conditions] : subsets(conditions);
      const tried = cases
        .map((each) => new Set(each))
        .map((holding) =>
          openSession(
            lines.filter(({ condition }) => condition === undefined || holding.has(condition)),
            inputs,
            account,
            item,
            variant,
            start,
          ),
        );
      const complete = conditions.length <= mostConditions;
      return agreed(
        tried,
        `it depends on ids or groups of ${account.name} that are not known: ${conditions.join(", ")}`,
        undefined,
        complete,
      );
    });
    return agreed(outcomes, "it depends on the pam_limits of the distribution", "distribution", true);
  };

  return {
    limits: { present: trees.length > 0, entries: trees.flatMap(entriesOf), session },
    problems: trees.flatMap(({ problems }) => problems),
  };
}

function entriesOf(tree: LimitsTree): PamLimit[] {
  return tree.lines.flatMap((line): PamLimit[] => {
    if (line.kind !== "entry") return [];
    const type = line.type.text.toLowerCase();
    const item = line.item.text.toLowerCase();
    if (!isLimitItem(item) || !(type === "soft" || type === "hard" || type === "-")) return [];
    const at = span(tree.file, line.value.start, line.value.end);
    const number = limitNumber(item, line.value.text.toLowerCase());
    const { hole } = line.value;
    if (number === undefined && hole === undefined) return [];
    return [
      {
        at: span(tree.file, line.domain.start, line.value.end),
        domain: line.domain.text,
        type: type === "-" ? "both" : type,
        item,
        text: line.value.text.trim(),
        conditional: line.conditional,
        value:
          number === undefined || hole !== undefined
            ? unknown(item, `it is a template: ${hole}`, { at })
            : written(item, number, at),
      },
    ];
  });
}

function sessionStart(
  facts: Pick<Facts, "distribution" | "kernel" | "systemd">,
  options: PamOptions,
): SessionStart {
  const nrOpen =
    options.nrOpen ??
    kernelDefault("fs.nr_open", facts) ??
    unknown<number>("fs.nr_open", "it is not recorded");
  const old = facts.systemd.known && !facts.systemd.value.atLeast("240");
  const inherited = (label: string, value: number): Value<number> =>
    byDefault(label, value, {
      program: "systemd",
      versions: old ? "before 240" : "since 240",
      source: "NEWS of systemd 240",
      assuming: "the session begins in a systemd service without LimitNOFILE=",
    });
  const ofInit = relabel("nofile of process 1", nrOpen);
  return {
    nrOpen,
    init: options.init ?? { soft: ofInit, hard: ofInit },
    caller: options.caller ?? {
      soft: inherited("soft nofile", 1024),
      hard: inherited("hard nofile", old ? 4096 : 524288),
    },
    moduleArguments: options.moduleArguments ?? [],
    complete: options.complete ?? false,
  };
}

function subsets(conditions: readonly string[]): string[][] {
  const all: string[][] = [[]];
  for (const each of conditions) all.push(...all.map((holding) => holding.concat(each)));
  return all;
}

/** What all outcomes say; unknown where they differ. */
function agreed(
  outcomes: readonly SessionOutcome[],
  why: string,
  fact: FactName | undefined,
  complete: boolean,
): SessionOutcome {
  const [first] = outcomes;
  if (first === undefined) throw new Error("a session has at least one outcome");
  return {
    soft: agreedValue(
      "soft limit",
      outcomes.map(({ soft }) => soft),
      why,
      fact,
      complete,
    ),
    hard: agreedValue(
      "hard limit",
      outcomes.map(({ hard }) => hard),
      why,
      fact,
      complete,
    ),
    refused:
      agreedValue(
        "session refused",
        outcomes.map(({ refused }) => refused),
        why,
        fact,
        complete,
      ) ?? first.refused,
  };
}

function agreedValue<T>(
  label: string,
  values: readonly (Value<T> | undefined)[],
  why: string,
  fact: FactName | undefined,
  complete: boolean,
): Value<T> | undefined {
  const [first, ...others] = values;
  if (complete && others.every((other) => isSame(first, other))) return first;
  const known = values.filter((value): value is Known<T> => value?.known === true);
  const distinct = [...new Map(known.map((value) => [value.value, value])).values()];
  return unknown<T>(first?.label ?? label, why, {
    ...(fact === undefined ? {} : { fact }),
    ...(complete && known.length === values.length ? { candidates: distinct } : {}),
    from: distinct,
  });
}

function isSame<T>(a: Value<T> | undefined, b: Value<T> | undefined): boolean {
  if (a?.known === true && b?.known === true) return Object.is(a.value, b.value);
  return a?.known === b?.known;
}
