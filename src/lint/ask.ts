import { holds, type Unknown, type Value } from "../model/value.ts";
import type { Ask } from "./rule.ts";

/** Answers a rule's questions and notes those that cannot be answered. */
export function asking(note: (value: Unknown<unknown>) => void): Ask {
  const noteUnknown = (values: readonly Value<unknown>[]): void => {
    for (const value of values) if (!value.known) note(value);
  };
  const certain: Ask["certain"] = (from, test) => {
    const answer = holds(from, test);
    if (answer === "unknown") noteUnknown(from as readonly Value<unknown>[]);
    return answer === "yes";
  };
  return {
    certain,
    below: (a, b) => certain([a, b], (first, second) => first < second),
    value: (of) => {
      if (of.known) return of.value;
      note(of);
      return undefined;
    },
  };
}
