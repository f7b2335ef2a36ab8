import type { NginxDirective, NginxFile } from "../../syntax/nginx/tree.ts";
import type { Span } from "../../text/span.ts";

/** A file that is read at this place: the include directive, and the inclusion that the directive itself came by. */
export interface Inclusion {
  /** Undefined for the first file and the text of `-g`. */
  readonly directive: NginxDirective | undefined;
  /** Host path; empty for the text of `-g`. */
  readonly path: string;
  readonly file: NginxFile;
  readonly parent: Inclusion | undefined;
  /** How many includes lead here. */
  readonly depth: number;
}

/** A directive at one of the places where it takes effect. The same file in two contexts is placed twice. */
export class PlacedDirective {
  readonly name: string;

  constructor(
    readonly directive: NginxDirective,
    readonly inclusion: Inclusion,
    /** Where it stands. */
    readonly level: Level,
  ) {
    this.name = directive.name;
  }

  /** What stands in its braces, included files in place; undefined for a directive without a block. */
  block: Level | undefined;

  /** Place in the order in which nginx meets everything, see `Complaint`. */
  order = 0;

  /** Where its block ends in that order. */
  closed = 0;

  /** Name, arguments and `;` or `{`. */
  get at(): Span {
    return this.directive.head;
  }

  /** The include directives that lead here, the outermost first. */
  get includedBy(): NginxDirective[] {
    const chain: NginxDirective[] = [];
    for (let each: Inclusion | undefined = this.inclusion; each !== undefined; each = each.parent)
      if (each.directive !== undefined) chain.push(each.directive);
    return chain.reverse();
  }

  get args(): string[] {
    return this.directive.args.map((word) => word.text);
  }
}

const fewDirectives = 12;

/** The top level of a configuration, or what stands between the braces of a block. */
export class Level {
  readonly directives: PlacedDirective[] = [];
  #byName: Map<string, PlacedDirective[]> | undefined;

  /** How many blocks stand around it. */
  readonly depth: number;

  /** @param owner the block; undefined at top level */
  constructor(readonly owner: PlacedDirective | undefined) {
    this.depth = owner === undefined ? 0 : owner.level.depth + 1;
  }

  get parent(): Level | undefined {
    return this.owner?.level;
  }

  /** The directives of this name that stand here, in order. To be asked once everything is placed. */
  named(name: string): readonly PlacedDirective[] {
    if (this.directives.length <= fewDirectives)
      return this.directives.filter((directive) => directive.name === name);
    if (this.#byName === undefined) {
      this.#byName = new Map();
      for (const directive of this.directives) {
        const same = this.#byName.get(directive.name);
        if (same === undefined) this.#byName.set(directive.name, [directive]);
        else same.push(directive);
      }
    }
    return this.#byName.get(name) ?? [];
  }
}
