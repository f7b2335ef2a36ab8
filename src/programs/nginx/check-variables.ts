import { readsCertificates } from "./check-tls.ts";
import type { Complaints } from "./complaint.ts";
import { builtInAgain, definedBy } from "./defined-variables.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { Declared, Refuse, SetterCall } from "./setter-call.ts";
import { type MergingModule, textsOf, type VariableModule, variableFault } from "./variable-texts.ts";

/** What is to be written where a `$` stands that begins no name. */
export const variableHelp =
  "A $ begins the name of a variable: letters, digits and _. nginx has no way to write $ alone; geo $dollar { default $; } makes a variable of it.";

/** Faults in the spelling of variables, which nginx finds when it compiles a text (src/http/ngx_http_script.c). */
export function checkVariableTexts(
  { placed, declared }: SetterCall,
  module: VariableModule,
  refuse: Refuse,
): void {
  if (placed.directive.file.template) return;
  const { texts, merged } = textsOf(placed, module, false);
  for (const each of texts) {
    const fault = variableFault(each);
    if (fault === undefined) continue;
    if (merged !== undefined) declared.unreadable.push({ placed, word: each.word, fault, merged });
    else refuse(fault, each.word, { help: variableHelp });
    return;
  }
}

/** A variable that is nginx's own may not be made again. */
export function checkBuiltIn({ placed, version }: SetterCall, module: VariableModule, refuse: Refuse): void {
  const again = builtInAgain(definedBy(placed, false), module, version);
  if (again === undefined) return;
  refuse(`the duplicate "${again.written}" variable`, again.word, {
    rule: "nginx/duplicate",
    help: `nginx itself sets $${again.written}, and a file may not; take another name.`,
  });
}

/**
 * Texts that a module reads when the levels are merged; nginx names the end of the block. Certificates and keys are
 * read together.
 */
export function checkMergedTexts(
  owner: PlacedDirective,
  block: Level,
  module: MergingModule,
  { unreadable }: Pick<Declared, "unreadable">,
  complaints: Complaints,
): void {
  if (module === "ssl" && !readsCertificates(block)) return;
  const { source } = owner.directive.file;
  for (const { placed, word, fault, merged } of unreadable) {
    if (merged !== module || !enclosedBy(placed, owner)) continue;
    complaints.refuseAt(
      owner.closed,
      placed,
      "nginx/value",
      fault,
      { at: word.span, help: variableHelp },
      { file: source, line: source.position(owner.directive.close?.start ?? 0).line },
    );
  }
}

function enclosedBy(placed: PlacedDirective, owner: PlacedDirective): boolean {
  for (let level = placed.level.owner; level !== undefined; level = level.level.owner)
    if (level === owner) return true;
  return false;
}
