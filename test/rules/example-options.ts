import { readConfiguration } from "../../src/cli/configuration-file.ts";
import { type LintOptions, rules } from "../../src/index.ts";
import type { RuleExample } from "../../src/lint/rule.ts";
import { optionsYaml } from "../../src/report/rule-options.ts";
import { SourceFile } from "../../src/text/source-file.ts";

/** The options of an example as a run is given them: by the hostlint.yaml that the page of the rule shows. */
export function exampleOptions(
  id: string,
  { options = {} }: Pick<RuleExample, "options">,
): Pick<LintOptions, "options"> {
  if (Object.keys(options).length === 0) return {};
  const file = new SourceFile("hostlint.yaml", optionsYaml(id, options));
  return { options: readConfiguration(file, "/", rules).options };
}
