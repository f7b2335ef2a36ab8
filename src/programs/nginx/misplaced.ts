import type { ComplaintDetails } from "./complaint.ts";
import { contextNames } from "./context-names.ts";
import type { DirectiveForm } from "./directives.ts";
import type { PlacedDirective } from "./placement.ts";

/** What helps with a directive in a context that its forms do not allow. */
export function misplaced(placed: PlacedDirective, forms: readonly DirectiveForm[]): ComplaintDetails {
  const contexts = contextNames([...new Set(forms.flatMap((form) => [...form.contexts]))]);
  return { because: inclusionOf(placed), help: `It belongs into ${contexts}.` };
}

/** The include that decides the context: of a directive that stands in no block of its own file. */
function inclusionOf({ inclusion, level }: PlacedDirective): NonNullable<ComplaintDetails["because"]> {
  const { owner } = level;
  if (inclusion.directive === undefined || owner?.inclusion === inclusion) return [];
  const where = owner === undefined ? "outside of every block" : `in "${owner.name}"`;
  return [{ message: `the file is included here, ${where}`, at: inclusion.directive.head }];
}
