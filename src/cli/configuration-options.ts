import type { OptionHeld, RuleOption } from "../lint/rule-options.ts";
import { expected, kindText } from "./configuration-schema.ts";

/** What is wrong with a value, or with one entry of a list. */
interface OptionFault {
  readonly fault: string;
  readonly index?: number;
}

/**
 * The value of an option as a hostlint.yaml writes it.
 *
 * @param written scalars as the text that is written
 */
export function readOption(
  option: RuleOption,
  written: unknown,
): { readonly value: OptionHeld } | OptionFault {
  switch (option.kind) {
    case "boolean":
      if (written === "true" || written === "false") return { value: written === "true" };
      return { fault: expected(`true or false, such as ${!option.default}`)({ input: written }) };
    case "integer":
    case "number": {
      const isForm = typeof written === "string" && amountForms[option.kind].test(written);
      if (isForm && Number(written) >= option.least) return { value: Number(written) };
      const what = option.kind === "integer" ? "a whole number" : "a number";
      return {
        fault: expected(`${what} from ${option.least}, such as ${option.default}`)({ input: written }),
      };
    }
    case "texts":
    case "globs": {
      if (!Array.isArray(written)) return { fault: expected(`a list of ${option.unit}`)({ input: written }) };
      const entries: readonly unknown[] = written;
      const texts = entries.filter((entry): entry is string => typeof entry === "string" && entry !== "");
      if (texts.length === entries.length) return { value: texts };
      const index = entries.findIndex((entry) => typeof entry !== "string" || entry === "");
      return { fault: `expected a text, not ${kindText(entries[index])}`, index };
    }
  }
}

/** Nine digits are more than anything that a rule compares. */
export const amountForms = { integer: /^\d{1,9}$/, number: /^\d{1,9}(?:\.\d{1,9})?$/ } as const;
