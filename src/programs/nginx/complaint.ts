import type { Problem } from "../../syntax/problem.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { Span } from "../../text/span.ts";
import type { PlacedDirective } from "./placement.ts";

/** What nginx prints when it refuses a configuration. */
export interface NginxMessage {
  readonly message: string;
  /** The place that it names after the message, if any. */
  readonly line: { readonly file: SourceFile; readonly line: number } | undefined;
}

/** Something wrong, at its place in the order in which nginx meets directives, ends of blocks and ends of files. */
export interface Complaint {
  readonly order: number;
  readonly problem: Problem;
  /** Present where nginx refuses the configuration for it. */
  readonly said?: NginxMessage;
}

/** A `[warn]` line of `nginx -t`: nginx accepts the configuration all the same. */
export interface Warning {
  readonly order: number;
  /** How many complaints had been made before it. */
  readonly after: number;
  readonly printed: NginxMessage;
}

/** After everything that stands in the files. */
export const afterAll = Number.MAX_SAFE_INTEGER;

/** What a complaint says beyond its message. */
export interface ComplaintDetails {
  /** The words to change; the whole directive by default. */
  readonly at?: Span;
  readonly because?: Problem["because"];
  readonly help?: string;
  /** What to tell the user where nginx's own words say too little. */
  readonly message?: string;
  readonly severity?: Problem["severity"];
  /** What is missing may stand in a file that a pattern of an include finds on the machine. */
  readonly absent?: boolean;
}

/** Collects complaints; a file that is placed twice tells each of them once. */
export class Complaints {
  readonly list: Complaint[] = [];
  readonly warnings: Warning[] = [];
  readonly #told = new Map<SourceFile, Set<string>>();

  /** @param mayHoldMore files may be missing, so that what is absent is only mentioned */
  constructor(readonly mayHoldMore: boolean) {}

  /** nginx refuses the directive when it reads it. */
  refuse(placed: PlacedDirective, rule: string, message: string, details: ComplaintDetails = {}): void {
    const { directive } = placed;
    this.refuseAt(placed.order, placed, rule, message, details, {
      file: directive.file.source,
      line: directive.line,
    });
  }

  /** nginx refuses the directive later, and names another line or none. */
  refuseAt(
    order: number,
    placed: { readonly at: Span },
    rule: string,
    message: string,
    details: ComplaintDetails,
    line: NginxMessage["line"],
  ): void {
    const severity = details.absent === true && this.mayHoldMore ? { severity: "info" as const } : {};
    this.#add(order, problemOf(placed, rule, message, { ...details, ...severity }), { message, line });
  }

  /** nginx prints a warning of the directive when it reads it. */
  print(placed: PlacedDirective, message: string): void {
    const { directive } = placed;
    this.printAt(placed.order, message, { file: directive.file.source, line: directive.line });
  }

  /** nginx prints a warning later, and names another line or none. */
  printAt(order: number, message: string, line: NginxMessage["line"]): void {
    this.warnings.push({ order, after: this.list.length, printed: { message, line } });
  }

  /** What nginx prints before it refuses the configuration, or all where it accepts it. */
  printed(refusal: Complaint | undefined): NginxMessage[] {
    const at = refusal === undefined ? -1 : this.list.indexOf(refusal);
    return this.warnings
      .filter(
        ({ order, after }) =>
          refusal === undefined || order < refusal.order || (order === refusal.order && after <= at),
      )
      .sort((a, b) => a.order - b.order)
      .map(({ printed }) => printed);
  }

  /** nginx accepts it. */
  warn(placed: PlacedDirective, rule: string, message: string, details: ComplaintDetails = {}): void {
    this.#add(placed.order, problemOf(placed, rule, message, details), undefined);
  }

  #add(order: number, problem: Problem, said: NginxMessage | undefined): void {
    const key = `${problem.at.start} ${problem.message}`;
    let told = this.#told.get(problem.at.file);
    if (told === undefined) {
      told = new Set();
      this.#told.set(problem.at.file, told);
    }
    if (told.has(key)) return;
    told.add(key);
    this.list.push({ order, problem, ...(said === undefined ? {} : { said }) });
  }
}

function problemOf(
  placed: { readonly at: Span },
  rule: string,
  message: string,
  { at, because, help, message: own, severity }: ComplaintDetails,
): Problem {
  return {
    rule,
    message: own ?? message,
    at: at ?? placed.at,
    ...(because === undefined ? {} : { because }),
    ...(help === undefined ? {} : { help }),
    ...(severity === undefined ? {} : { severity }),
  };
}
