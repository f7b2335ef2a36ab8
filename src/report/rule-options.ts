import type { Rule, RuleExample } from "../lint/rule.ts";
import type { OptionHeld, RuleOption } from "../lint/rule-options.ts";
import { yamlScalar } from "./yaml-scalar.ts";

/** A value as hostlint.yaml writes it: `2`, `true`, `[dev, "lua_*"]`. */
export function optionText(value: OptionHeld): string {
  return typeof value === "object" ? `[${value.map(yamlScalar).join(", ")}]` : String(value);
}

/** What values an option takes: `a number of seconds from 1`, `a list of globs of paths`. */
export function optionForm(option: RuleOption): string {
  switch (option.kind) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number of ${option.unit}, from ${option.least}`;
    case "number":
      return `a number of ${option.unit}, from ${option.least}`;
    case "texts":
      return `a list of ${option.unit}`;
    case "globs":
      return `a list of globs of ${option.unit}`;
  }
}

/** The hostlint.yaml that sets options of a rule. */
export function optionsYaml(id: string, options: NonNullable<RuleExample["options"]>): string {
  const lines = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`    ${name}: ${optionText(value)}`],
  );
  return ["rules:", `  ${id}:`, ...lines, ""].join("\n");
}

/** Each option of a rule with a value other than the default, taken from the examples. */
export function exampleOptions({ options = {}, examples }: Rule): NonNullable<RuleExample["options"]> {
  return Object.fromEntries(
    Object.keys(options).flatMap((name) => {
      const value = examples.map((example) => example.options?.[name]).find((each) => each !== undefined);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
