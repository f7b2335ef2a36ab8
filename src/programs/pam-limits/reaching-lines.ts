import type { Account } from "../../model/limits.ts";
import type { LimitsLine, LimitsTree } from "../../syntax/limits/tree.ts";
import { type Match, matchEntry, matchExemption, type Rank } from "./account-match.ts";
import type { LimitsInput } from "./limits-files.ts";
import { type PamVariant, readsWholeLines } from "./variant.ts";

/** A line that may concern an account and an item. */
export interface ReachingLine {
  readonly tree: LimitsTree;
  readonly line: LimitsLine;
  readonly rank: Rank;
  /** What decides whether it applies, where that is not certain. */
  readonly condition: string | undefined;
}

/** The lines that a variant of pam_limits reads and that may reach the account, in order. */
export function reachingLines(
  inputs: readonly LimitsInput[],
  account: Account,
  item: string,
  variant: PamVariant,
): ReachingLine[] {
  const reaching: ReachingLine[] = [];
  for (const { tree } of inputs) {
    if (tree === undefined) continue;
    for (const line of readsWholeLines(variant) ? tree.lines : tree.linesBefore16) {
      if (line.kind === "entry" && line.item.hole === undefined && line.item.text.toLowerCase() !== item)
        continue;
      const match = matchOf(account, line, variant);
      if (match === undefined) continue;
      const isTemplate =
        line.conditional ||
        [line.domain, line.type, ...(line.kind === "entry" ? [line.item] : [])].some(
          ({ hole }) => hole !== undefined,
        );
      const place = `line ${line.line} of ${tree.file.path}, a template`;
      const condition = isTemplate ? place : match.certain ? undefined : line.domain.text;
      reaching.push({ tree, line, rank: match.rank, condition });
    }
  }
  return reaching;
}

function matchOf(account: Account, line: LimitsLine, { debian }: PamVariant): Match {
  if (line.domain.hole !== undefined) return { rank: "user", certain: false };
  return line.kind === "entry"
    ? matchEntry(account, line.domain.text, debian)
    : matchExemption(account, line.domain.text);
}
