import type { Version } from "../../model/facts.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { nearest } from "../../text/did-you-mean.ts";
import { checkBuildable } from "./check-hash.ts";
import { readsCertificates } from "./check-tls.ts";
import type { Complaints } from "./complaint.ts";
import { definedBy } from "./defined-variables.ts";
import { directivesNamed } from "./directives.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import { isKnownVariable, variables } from "./variable-names.ts";
import {
  type MergingModule,
  mergingModules,
  namesIn,
  textsOf,
  type VariableModule,
} from "./variable-texts.ts";

/** A use of a variable. */
interface Mention {
  /** In lower case, as nginx keeps it. */
  readonly name: string;
  readonly written: string;
  readonly word: NginxWord;
}

const longestMisspelling = 2;

/** Variables of the environment that envsubst or sed may fill in before nginx reads the file. */
const placeholder = /^[A-Z][A-Z0-9_]*$/;

/**
 * Variables that nothing defines. nginx looks for them when http or stream ends, in the order in which they were
 * first used, those of request headers to a backend last (ngx_http_variables_init_vars). Quiet where a directive of
 * another module is used, which may define some.
 */
export function checkUnknownVariables(
  module: VariableModule,
  owner: PlacedDirective,
  block: Level,
  version: Version | undefined,
  complaints: Complaints,
): void {
  const mentions = mentionsIn(block, module);
  if (mentions === undefined) return;
  const { defined } = mentions;
  const told = new Set<string>();
  for (const { name, written, word } of mentions.used) {
    if (defined.has(name) || told.has(name) || isKnownVariable(module, name, version)) continue;
    told.add(name);
    const near = nearest(name, [...variables[module].names, ...defined], longestMisspelling);
    complaints.refuseAt(
      owner.closed,
      { at: word.span },
      "nginx/value",
      `unknown "${name}" variable`,
      {
        help: near === undefined ? "Define it with set or map, or correct its name." : `Is $${near} meant?`,
        absent: true,
        ...(placeholder.test(written) ? { severity: "info" } : {}),
        ...(version === undefined && near === undefined && !placeholder.test(written)
          ? { severity: "warning" }
          : {}),
      },
      undefined,
    );
  }
  checkBuildable(
    { name: "variables_hash", levels: [block], defaults: { maxSize: 1024, bucketSize: 64 } },
    [...defined],
    owner.closed,
    complaints,
  );
}

/** undefined where it cannot be told what is defined. */
function mentionsIn(
  block: Level,
  module: VariableModule,
): { used: readonly Mention[]; defined: ReadonlySet<string> } | undefined {
  const used: Mention[] = [];
  const whenMerged = new Map<MergingModule, Mention[]>();
  const defined = new Set<string>();
  const waiting: { level: Level; next: number }[] = [{ level: block, next: 0 }];
  for (let frame = waiting.at(-1); frame !== undefined; frame = waiting.at(-1)) {
    const placed = frame.level.directives[frame.next];
    frame.next += 1;
    if (placed === undefined) {
      waiting.pop();
      continue;
    }
    const { directive } = placed;
    const inData = frame.level.owner !== undefined && dataBlocks.has(frame.level.owner.name);
    if (directive.file.template || directive.kind === "lua") return undefined;
    if (!inData && !directivesNamed(placed.name).some(({ built }) => built)) return undefined;
    for (const { name } of definedBy(placed, inData)) defined.add(name);
    const { texts, merged } = textsOf(placed, module, inData);
    for (const each of texts)
      for (const written of namesIn(each)) {
        const mention = { name: written.toLowerCase(), written, word: each.word };
        if (merged === undefined) used.push(mention);
        else {
          const mentions = whenMerged.get(merged);
          if (mentions === undefined) whenMerged.set(merged, [mention]);
          else mentions.push(mention);
        }
      }
    if (placed.block !== undefined) waiting.push({ level: placed.block, next: 0 });
  }
  if (block.named("server").length > 0)
    for (const each of mergingModules)
      if (each !== "ssl" || readsCertificates(block)) used.push(...(whenMerged.get(each) ?? []));
  return { used, defined };
}

const dataBlocks = new Set(["map", "geo", "split_clients", "types", "charset_map"]);
