import type { Problem } from "../../../syntax/problem.ts";
import type { ConfigLocation } from "../config-location.ts";
import type { GunicornInput } from "../input.ts";
import type { EvaluatedConfig } from "./evaluate.ts";

export function evaluateConfig(
  location: Extract<ConfigLocation, { kind: "file" }>,
  input: GunicornInput,
): { readonly config: EvaluatedConfig; readonly problems: readonly Problem[] } {
  void location;
  void input;
  return { config: { worlds: [], choices: [] }, problems: [] };
}
