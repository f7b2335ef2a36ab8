import type { Version } from "../../model/facts.ts";
import {
  type Context,
  type DirectiveForm,
  directivesNamed,
  foreignDirectives,
  formsIn,
  isKnownElsewhere,
  type KnownDirective,
} from "./directives.ts";

/** An entry that may take a directive; one of a module that is no part of nginx has no `entry`. */
export interface Candidate {
  readonly entry: KnownDirective | undefined;
  readonly form: DirectiveForm;
}

/** `unknown`: no entry; `vague`: it can be of a module whose directives are not known closely enough. */
export type CandidateSet =
  | { readonly kind: "unknown" }
  | { readonly kind: "vague" }
  | { readonly kind: "some"; readonly all: readonly Candidate[]; readonly fitting: readonly Candidate[] };

/** The entries of all command tables that an nginx can have, by name and context. */
export class Candidates {
  readonly #sets = new Map<string, CandidateSet>();
  readonly #maybeForeign: boolean;

  /**
   * @param modules the configuration loads modules, or may load some
   * @param unlisted some of which no directives are known here
   */
  constructor(
    readonly version: Version | undefined,
    modules: boolean,
    readonly unlisted: boolean,
  ) {
    this.#maybeForeign = modules || version === undefined;
  }

  find(name: string, context: Context | undefined): CandidateSet {
    const key = `${context ?? "-"}${name}`;
    let set = this.#sets.get(key);
    if (set === undefined) {
      set = this.#find(name, context);
      if (set.kind !== "unknown") this.#sets.set(key, set);
    }
    return set;
  }

  #find(name: string, context: Context | undefined): CandidateSet {
    const entries = directivesNamed(name);
    const ofModules = foreignDirectives(name);
    const all: Candidate[] = entries
      .filter((entry) => entry.built)
      .flatMap((entry) => formsIn(entry, this.version).map((form) => ({ entry, form })));
    if (this.#maybeForeign) {
      const optional = entries
        .filter((entry) => !entry.built)
        .flatMap((entry) => formsIn(entry, this.version));
      for (const form of [...ofModules.flatMap(({ forms }) => forms), ...optional])
        all.push({ entry: undefined, form });
      if (ofModules.some(({ forms }) => forms.length === 0)) return { kind: "vague" };
      if (all.length === 0 && (ofModules.length > 0 || isKnownElsewhere(name))) return { kind: "vague" };
    }
    if (all.length === 0) return { kind: this.unlisted ? "vague" : "unknown" };
    const fitting = context === undefined ? all : all.filter(({ form }) => form.contexts.includes(context));
    return { kind: "some", all, fitting };
  }
}
