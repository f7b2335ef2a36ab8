import type { Version } from "../../model/facts.ts";
import { nearest } from "../../text/did-you-mean.ts";
import type { Complaints } from "./complaint.ts";
import {
  directiveNames,
  foreignDirectives,
  isKnownElsewhere,
  type KnownDirective,
  versionsOf,
} from "./directives.ts";
import type { PlacedDirective } from "./placement.ts";
import { isChosen } from "./reader.ts";

/** So many names are compared with all that are known; more of them unknown are no misspellings. */
const mostMeant = 200;

/** Tells of names that stand in no command table of the nginx that reads them. */
export class UnknownDirectives {
  /** Names that may well be known to the nginx that runs: each is told once. */
  readonly #told = new Set<string>();
  /** Unknown names with what was probably meant. */
  readonly #meant = new Map<string, string>();

  /** @param modules modules that are not here may add directives */
  constructor(
    readonly complaints: Complaints,
    readonly modules: boolean,
    readonly version: Version | undefined,
  ) {}

  /** @param entries of other versions or builds, which know the name */
  refuse(placed: PlacedDirective, entries: readonly KnownDirective[]): void {
    const { name, directive } = placed;
    if (isChosen(placed)) return;
    const message = `unknown directive "${name.split("\0")[0]}"`;
    const at = directive.nameSpan;
    const known = knownElsewhere(name, entries);
    if (known !== undefined) {
      if (this.#told.has(name)) return;
      this.#told.add(name);
      const details = { at, message: `${message}: ${known}`, severity: "info" } as const;
      this.complaints.refuse(placed, "nginx/unknown-directive", message, details);
      return;
    }
    const near = this.#didYouMean(name);
    if (near === "" && this.#told.has(name)) return;
    this.#told.add(name);
    this.complaints.refuse(placed, "nginx/unknown-directive", message, {
      at,
      message: `${message}${near}`,
      ...(near === ""
        ? {
            help: "correct the spelling; if a module that is built into this nginx brings it, leave it as it is",
          }
        : {}),
      ...(this.modules || near === "" ? { severity: this.#mayBeBuiltIn() ? "info" : "warning" } : {}),
    });
  }

  /** Servers with modules of their own (zstd, pagespeed, naxsi) are met often; the stock build is only certain with a version. */
  #mayBeBuiltIn(): boolean {
    return this.modules || this.version === undefined;
  }

  #didYouMean(name: string): string {
    let meant = this.#meant.get(name);
    if (meant === undefined) {
      const near =
        this.#meant.size < mostMeant ? nearest(name, directiveNames(), name.length < 6 ? 1 : 2) : undefined;
      meant = near === undefined ? "" : `, did you mean ${near}?`;
      this.#meant.set(name, meant);
    }
    return meant;
  }
}

/** Which nginx knows the name, in words. */
function knownElsewhere(name: string, [entry]: readonly KnownDirective[]): string | undefined {
  if (entry !== undefined)
    return entry.built ? `nginx knows it ${versionsOf(entry)}` : "it is of a module that is seldom built in";
  const module = foreignDirectives(name)[0]?.module;
  if (module !== undefined) return `it is of ${module}, which has to be loaded`;
  return isKnownElsewhere(name) ? "it is of another edition of nginx" : undefined;
}
