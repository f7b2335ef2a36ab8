import type { ProcessEnvironment } from "../../model/command.ts";
import type { Value } from "../../model/value.ts";

/** An environment with some variables set over it; without a base nothing else is set. */
export function overlaidEnvironment(
  base: ProcessEnvironment | undefined,
  changes: ReadonlyMap<string, Value<string | undefined>>,
): ProcessEnvironment {
  return {
    get: (name) => changes.get(name) ?? base?.get(name) ?? cleared(name),
    names: () => [...new Set([...(base?.names?.() ?? []), ...changes.keys()])],
  };
}

function cleared(name: string): Value<string | undefined> {
  return {
    known: true,
    label: name,
    value: undefined,
    origin: { kind: "default", program: "env", versions: "all", source: "env(1): -i" },
  };
}
