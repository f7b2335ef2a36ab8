import { pythonText, repr, type Term } from "./data.ts";
import type { CallArguments, Evaluator } from "./evaluator.ts";
import { formatValue } from "./format-text.ts";
import { Raised } from "./raised.ts";

/** `template.format(...)`; undefined where a part is not known or not read. */
export function formatTemplate(template: string, given: CallArguments, run: Evaluator): string | undefined {
  run.session.step();
  let next = 0;
  let known = true;
  const text = template.replace(
    /\{\{|\}\}|\{([^{}:!]*)(?:!([rsa]))?(?::([^{}]*))?\}|[{}]/g,
    (whole, field: string | undefined, conversion: string | undefined, spec: string | undefined) => {
      if (whole === "{{" || whole === "}}") return whole.charAt(0);
      if (field === undefined) {
        known = false;
        return "";
      }
      const position = field === "" ? next++ : /^\d+$/.test(field) ? Number(field) : undefined;
      let value: Term | undefined;
      if (position === undefined) {
        value = given.named.get(field);
        if (value === undefined && /^\w+$/.test(field)) throw new Raised("KeyError", `'${field}'`);
      } else {
        value = given.positional[position];
        if (value === undefined)
          throw new Raised(
            "IndexError",
            `Replacement index ${position} out of range for positional args tuple`,
          );
      }
      const piece = value === undefined ? undefined : formatted(value, conversion ?? "", spec ?? "");
      known &&= piece !== undefined;
      return piece ?? "";
    },
  );
  return known ? text : undefined;
}

/** One replacement field; undefined where it is not known. */
export function formatted(value: Term, conversion: string, spec: string): string | undefined {
  if (value.data.kind === "opaque") return undefined;
  if (conversion === "") return formatValue(value.data, spec);
  const text = conversion === "s" ? pythonText(value.data) : repr(value.data);
  return text === undefined ? undefined : formatValue({ kind: "str", value: text }, spec);
}
