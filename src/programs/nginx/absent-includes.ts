import type { NginxDirective, NginxWord } from "../../syntax/nginx/tree.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { Span } from "../../text/span.ts";

/** Includes of one file that a finding shows. */
const mostShown = 20;

/** Files that includes name and that are not here. */
export class AbsentIncludes {
  readonly #includes = new Map<string, Map<NginxDirective, Span>>();

  /** The problem at the first include of a file; later ones become its evidence. nginx tells no more than the first. */
  problem(path: string, directive: NginxDirective, word: NginxWord, name: string): Problem | undefined {
    const known = this.#includes.get(path);
    if (known !== undefined) {
      if (known.size < mostShown && !known.has(directive)) known.set(directive, word.span);
      return undefined;
    }
    const includes = new Map([[directive, word.span]]);
    this.#includes.set(path, includes);
    return {
      rule: "nginx/include-missing",
      message: `${name} is not among these files`,
      at: word.span,
      // Asked for when all files are placed.
      get because() {
        const [, ...others] = includes.values();
        return others.map((at) => ({ message: "it is included here too", at }));
      },
      help: "add it; if something else puts it on the machine, name it in the option made-elsewhere of this rule",
    };
  }
}
