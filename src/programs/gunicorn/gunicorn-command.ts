import type { Argument } from "./argument.ts";
import type { ProcessEnvironment } from "./input.ts";
export function gunicornArguments(_words: readonly Argument[], _environment: ProcessEnvironment): { arguments: readonly Argument[]; environment: ProcessEnvironment } | undefined {
  return undefined;
}
