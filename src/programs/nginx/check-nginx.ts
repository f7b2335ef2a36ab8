import type { Version } from "../../model/facts.ts";
import { fileSpan } from "../../text/span.ts";
import { Candidates } from "./candidates.ts";
import { checkHttp } from "./check-http.ts";
import { checkMail } from "./check-mail.ts";
import { checkAffinity, checkConnections } from "./check-main.ts";
import { checkNulBytes } from "./check-nul-bytes.ts";
import { checkStream } from "./check-stream.ts";
import { checkThreadPools } from "./check-thread-pools.ts";
import { checkSizes } from "./check-zones.ts";
import { afterAll, type Complaint, Complaints, type NginxMessage } from "./complaint.ts";
import { checkContent, isContentBlock } from "./content-blocks.ts";
import { type Context, type DirectiveForm, directivesNamed, type KnownDirective } from "./directives.ts";
import { misplaced } from "./misplaced.ts";
import type { NginxPlacement } from "./place-nginx.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import { isChosen } from "./reader.ts";
import { checkSetter, nothingDeclared } from "./setter-checks.ts";
import { setterIn } from "./setter-versions.ts";
import { checkSlot } from "./slot-values.ts";
import { swallowedDirective } from "./swallowed.ts";
import { UnknownDirectives } from "./unknown-directives.ts";

/** What is known of the nginx that reads the configuration. */
export interface CheckOptions {
  readonly version: Version | undefined;
  /** Context of the top level; undefined where it cannot be told. */
  readonly top: Context | undefined;
  /** Whether nothing but these files makes up the configuration. */
  readonly complete: boolean;
  /** Whether it is openresty, which brings modules of its own. */
  readonly openresty?: boolean;
}

/** How the text of `nginx -g` is named. */
const commandLine = "nginx -g";

/** Kinds of setter that say "is duplicate" of a second directive at the same level. */
const once = new Set(["f", "n", "s", "p", "o", "m", "t", "e", "u", "z", "1"]);

const inside: Readonly<Record<string, Context>> = {
  "M events": "E",
  "M http": "H",
  "M stream": "T",
  "M mail": "A",
  "H server": "S",
  "H upstream": "U",
  "S location": "L",
  "S if": "I",
  "L location": "L",
  "L if": "J",
  "L limit_except": "K",
  "T server": "V",
  "T upstream": "W",
  "A server": "B",
};

/**
 * What nginx says of each directive while it reads the configuration, in its own order: name, context, `;` or `{`,
 * number of arguments, then the directive's own setter (src/core/ngx_conf_file.c ngx_conf_handler).
 */
export function checkNginx(placement: NginxPlacement, options: CheckOptions): Complaint[] {
  return inOrder(placement, check(placement, options));
}

/** The `[warn]` lines of `nginx -t`, in order; what comes after the first refusal nginx does not get to. */
export function nginxWarnings(placement: NginxPlacement, options: CheckOptions): NginxMessage[] {
  const complaints = check(placement, options);
  return complaints.printed(inOrder(placement, complaints).find(({ said }) => said !== undefined));
}

function inOrder(placement: NginxPlacement, complaints: Complaints): Complaint[] {
  return [...placement.complaints, ...complaints.list].sort((a, b) => a.order - b.order);
}

function check(placement: NginxPlacement, options: CheckOptions): Complaints {
  const complaints = new Complaints(placement.emptyPatterns);
  const checker = new Checker(placement, options, complaints);
  checker.level(placement.top, options.top);
  if (options.top === "M") checkAffinity(placement.top, complaints);
  if (options.top === "M" && options.complete) checkEvents(placement, complaints);
  checker.end();
  checkNulBytes(placement, complaints);
  return complaints;
}

/** Without an events block nginx says so after it has read everything. */
function checkEvents({ top, main }: NginxPlacement, complaints: Complaints): void {
  if (top.named("events").length > 0 || main.conditional) return;
  complaints.refuseAt(
    afterAll,
    { at: fileSpan(main.source) },
    "nginx/missing-events",
    'no "events" section in configuration',
    {
      help: "Write events {} even where the defaults are fine.",
    },
    undefined,
  );
}

class Checker {
  /** Modules that are not here may add directives. */
  readonly #modules: boolean;
  readonly #candidates: Candidates;
  /** Nothing is missing here that could hold more of the configuration. */
  readonly #whole: boolean;
  readonly #declared = nothingDeclared();
  readonly #unknown: UnknownDirectives;
  #blocks = false;

  constructor(
    readonly placement: NginxPlacement,
    readonly options: CheckOptions,
    readonly complaints: Complaints,
  ) {
    this.#modules =
      options.openresty === true ||
      placement.top.named("load_module").length > 0 ||
      placement.missingIncludes.some((at) => /modules/.test(at.file.text.slice(at.start, at.end))) ||
      placement.top.directives.some(({ includedBy }) =>
        includedBy.some((each) => each.arg(0)?.text.includes("modules-enabled")),
      );
    this.#whole =
      options.top === "M" &&
      placement.missingIncludes.length === 0 &&
      !placement.files.some((file) => file.template);
    this.#unknown = new UnknownDirectives(complaints, this.#modules, options.version);
    this.#candidates = new Candidates(options.version, this.#modules, options.openresty === true);
  }

  /** What nginx looks at after it has read everything. */
  end(): void {
    if (!this.#whole) return;
    checkThreadPools(this.placement.top, this.#declared.threadPools, this.complaints);
    checkConnections(this.placement.top, this.complaints);
    checkSizes(this.#declared, this.complaints);
  }

  level(level: Level, context: Context | undefined): void {
    const seen = new Map<string, PlacedDirective>();
    for (const placed of level.directives)
      this.#directive(placed, placed.directive.file.source.path === commandLine ? "M" : context, seen);
  }

  #directive(
    placed: PlacedDirective,
    context: Context | undefined,
    seen: Map<string, PlacedDirective>,
  ): void {
    const { directive } = placed;
    if (directive.kind === "unterminated" || directive.words[0]?.hole) return;
    if (directive.file.source.path === commandLine && directive.kind !== "simple") return;
    const known = this.#accepted(placed, context);
    if (known === undefined) return;
    if (known.entry !== undefined) this.#setter(placed, known.entry, context, seen);
    const { block } = placed;
    if (block === undefined) return;
    if (isContentBlock(placed.name, context))
      checkContent(placed, block, this.options.version, this.#declared, this.complaints);
    else {
      const next = inside[`${context ?? ""} ${placed.name}`];
      if (next !== undefined) this.level(block, next);
    }
    if (placed.name === "upstream" && (context === "H" || context === "T")) this.#servers(placed, block);
    if (placed.name === "server" && (context === "T" || context === "A")) this.#listens(placed, block);
    if (context === "M" && inside[`M ${placed.name}`] !== undefined) this.#blocks = true;
    if (context === "M" && directive.close !== undefined) this.#ending(placed, block);
    if (context === "M" && placed.name === "http" && directive.close !== undefined)
      checkHttp(placed, block, this.#declared, this.complaints, {
        complete: this.#whole,
        version: this.options.version,
      });
  }

  #ending(placed: PlacedDirective, block: Level): void {
    const { complaints, options } = this;
    if (placed.name === "mail" && this.#whole) checkMail(placed, block, options.version, complaints);
    if (placed.name !== "stream" || !this.#whole) return;
    checkStream(placed, block, this.#declared, options.version, complaints);
  }

  /** The entry of the command table that takes the directive; undefined where none does or it is not certain. */
  #accepted(
    placed: PlacedDirective,
    context: Context | undefined,
  ): { entry: KnownDirective | undefined } | undefined {
    const { name, directive } = placed;
    const found = this.#candidates.find(name, context);
    if (found.kind === "vague") return undefined;
    if (found.kind === "unknown") {
      this.#unknown.refuse(placed, directivesNamed(name));
      return undefined;
    }
    const { all, fitting } = found;
    if (fitting.length === 0) {
      if (!isChosen(placed))
        this.#misplaced(
          placed,
          all.map(({ form }) => form),
        );
      return undefined;
    }
    // The counts of other modules are those of one version.
    if (fitting.some(({ entry, form }) => entry === undefined && !form.block)) return { entry: undefined };
    const forms = fitting.map(({ form }) => form);
    if (this.#badForm(placed, forms)) return undefined;
    const [first] = fitting;
    const only = fitting.every(({ entry }) => entry === first?.entry);
    if (directive.kind === "lua") return undefined;
    return { entry: only ? first?.entry : undefined };
  }

  /** `;` for `{`, `{` for `;`, or a wrong number of arguments. */
  #badForm(placed: PlacedDirective, forms: readonly DirectiveForm[]): boolean {
    const { name, directive } = placed;
    if (touchesHole(placed)) return false;
    const block = directive.kind !== "simple";
    if (forms.every((form) => form.block !== block)) {
      const message = block
        ? `directive "${name}" is not terminated by ";"`
        : `directive "${name}" has no opening "{"`;
      this.complaints.refuse(placed, "nginx/arguments", message, swallowedDetails(placed));
      return true;
    }
    if (forms.some((form) => form.block === block && takes(form, directive.argCount))) return false;
    const message = `invalid number of arguments in "${name}" directive`;
    this.complaints.refuse(placed, "nginx/arguments", message, swallowedDetails(placed));
    return true;
  }

  #setter(
    placed: PlacedDirective,
    entry: KnownDirective,
    context: Context | undefined,
    seen: Map<string, PlacedDirective>,
  ): void {
    const { complaints } = this;
    const { name } = placed;
    const setter = setterIn(entry, this.options.version);
    if (name === "load_module" && this.#blocks)
      complaints.refuse(placed, "nginx/context", '"load_module" directive is specified too late');
    const first = seen.get(name);
    if (first === undefined) seen.set(name, placed);
    else if (once.has(setter.kind) && !isChosen(placed) && !isChosen(first) && !mayRepeat(placed, first)) {
      complaints.refuse(placed, "nginx/duplicate", `"${name}" directive is duplicate`, {
        because: [{ message: "it is set here first", at: first.at }],
      });
      return;
    }
    if (touchesHole(placed) && isChosen(placed)) return;
    const swallowed = swallowedDirective(placed);
    if (swallowed !== undefined)
      complaints.warn(placed, "nginx/swallowed-directive", swallowed.message, swallowed);
    checkSlot(placed, setter, this.options.version, this.#declared, complaints);
    if (context !== undefined && !placed.directive.hole)
      checkSetter({
        placed,
        context,
        seen,
        version: this.options.version,
        declared: this.#declared,
        complete: this.#whole,
        complaints,
      });
  }

  /** A server of stream or mail listens nowhere by itself (ngx_stream_core_server, ngx_mail_core_server). */
  #listens(placed: PlacedDirective, block: Level): void {
    const { directive } = placed;
    const whole = !directive.file.conditional && this.#whole;
    if (block.named("listen").length > 0 || !whole || directive.close === undefined) return;
    this.complaints.refuseAt(
      placed.closed,
      placed,
      "nginx/value",
      'no "listen" is defined for server',
      {},
      { file: directive.file.source, line: directive.line },
    );
  }

  /** src/http/ngx_http_upstream.c and src/stream/ngx_stream_upstream.c, at the end of the block */
  #servers(placed: PlacedDirective, block: Level): void {
    const { directive } = placed;
    const whole = !directive.file.conditional && this.#whole;
    if (block.named("server").length > 0 || !whole || directive.close === undefined) return;
    if (block.directives.some(({ directive: each }) => each.file.template)) return;
    const line = directive.file.source.position(directive.close.start).line;
    this.complaints.refuseAt(
      placed.closed,
      placed,
      "nginx/value",
      "no servers are inside upstream",
      {},
      { file: directive.file.source, line },
    );
  }

  #misplaced(placed: PlacedDirective, forms: readonly DirectiveForm[]): void {
    const message = `"${placed.name}" directive is not allowed here`;
    this.complaints.refuse(placed, "nginx/context", message, misplaced(placed, forms));
  }
}

function takes(form: DirectiveForm, count: number): boolean {
  const { counts } = form;
  if (counts === undefined) return true;
  const least = /^(\d)\+$/.exec(counts);
  return least === null ? count < 10 && counts.includes(String(count)) : count >= Number(least[1]);
}

/** Setters that refuse only some second directives; `checkSetter` knows them. */
function mayRepeat({ name }: PlacedDirective, _first: PlacedDirective): boolean {
  return name === "root" || name === "alias";
}

/** Whether a template fills in something between the name and the terminator. */
function touchesHole({ directive }: PlacedDirective): boolean {
  if (directive.hole) return true;
  const { text } = directive.file.source;
  const at = directive.terminator.start;
  // A mark that is none for certain, such as ${{x}}.
  if (directive.file.template && (text.charAt(at + 1) === "{" || /[${]/.test(text.charAt(at - 1))))
    return true;
  const { holes } = directive.file;
  const { start, end } = directive.head;
  let low = 0;
  let high = holes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((holes[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  return (holes[low]?.start ?? end) < end;
}

function swallowedDetails({ directive }: PlacedDirective): { help?: string } {
  const { source } = directive.file;
  const lines = directive.words.map((word) => source.position(word.start).line);
  return lines.at(-1) === lines[0] ? {} : { help: 'A ";" may be missing at the end of an earlier line.' };
}
