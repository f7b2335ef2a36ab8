import type { FactName } from "../../../model/value.ts";

/** Something that the files do not decide. */
export interface Choice {
  readonly why: string;
  readonly fact?: FactName;
}

/** Ways to run a file that are followed; beyond that nothing is certain. */
const mostWorlds = 32;

/** The decisions of one run: those of `given` first, then the first option of each new one. */
export class Choices {
  readonly #given: readonly number[];
  readonly #taken: number[] = [];
  readonly #counts: number[] = [];
  readonly #reasons: Choice[] = [];

  constructor(given: readonly number[]) {
    this.#given = given;
  }

  /** Which of `count` options holds in this run. */
  decide(count: number, choice: Choice): number {
    const taken = this.#given[this.#taken.length] ?? 0;
    this.#taken.push(taken);
    this.#counts.push(count);
    this.#reasons.push(choice);
    return taken;
  }

  get reasons(): readonly Choice[] {
    return this.#reasons;
  }

  /** The option that was taken, by its reason. */
  decisions(): ReadonlyMap<string, number> {
    return new Map(this.#reasons.map(({ why }, index) => [why, this.#taken[index] ?? 0]));
  }

  /** Runs that differ from this one in a decision that it was the first to meet. */
  others(): number[][] {
    const others: number[][] = [];
    for (let index = this.#given.length; index < this.#taken.length; index++)
      for (let option = 1; option < (this.#counts[index] ?? 0); option++)
        others.push([...this.#taken.slice(0, index), option]);
    return others;
  }
}

/** Every run of a program with decisions; undefined when there are too many, with what they depend on. */
export function explore<T>(run: (choices: Choices) => T): {
  readonly results: readonly T[] | undefined;
  readonly choices: readonly Choice[];
} {
  const results: T[] = [];
  const reasons = new Map<string, Choice>();
  const pending: number[][] = [[]];
  for (let given = pending.shift(); given !== undefined; given = pending.shift()) {
    if (results.length >= mostWorlds) return { results: undefined, choices: [...reasons.values()] };
    const choices = new Choices(given);
    results.push(run(choices));
    for (const reason of choices.reasons) reasons.set(reason.why, reason);
    pending.push(...choices.others());
  }
  return { results, choices: [...reasons.values()] };
}
