/** Ends the reading of scripts that would take too long: it leaves everything that encloses it. */
export class ReadingEnds extends Error {}

const mostSteps = 20_000;
const mostCharacters = 4_000_000;
const deepest = 150;

/** What may be spent on one command line, all scripts that it leads to together. */
export class ShellBudget {
  #steps = 0;
  #characters = 0;
  #depth = 0;

  /** One command, one branch, one copied variable. */
  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > mostSteps) throw new ReadingEnds("the scripts run too many commands to follow");
  }

  /** Text that an expansion makes. */
  text(length: number): void {
    this.#characters += length;
    if (this.#characters > mostCharacters) throw new ReadingEnds("the scripts make too much text to follow");
  }

  /** A function, a sourced file, a shell in a shell, a part of a script inside of another. */
  deeper<T>(run: () => T): T {
    if (this.#depth >= deepest) throw new ReadingEnds("the scripts are nested too deeply or call themselves");
    this.#depth++;
    try {
      return run();
    } finally {
      this.#depth--;
    }
  }
}
