import type { Problem } from "../../syntax/problem.ts";
import type { Span } from "../../text/span.ts";
import { commentAfterValue } from "./comment-after-value.ts";
import type { Setting } from "./setting.ts";

/** Something that systemd complains about when it loads units. */
export interface Complaint {
  /** Undefined for what another rule tells from the model. */
  readonly problem: Problem | undefined;
  /** The line that PID 1 writes to the journal, by major version; undefined where it writes none. */
  readonly journal: (version: number) => string | undefined;
}

/** Collects complaints; units that share a file complain once per place. */
export class Complaints {
  readonly #all = new Map<string, Complaint>();
  readonly #files = new Map<object, number>();

  add(complaint: Complaint): void {
    const { problem } = complaint;
    const key =
      problem === undefined
        ? (complaint.journal(newest) ?? "")
        : `${problem.rule} ${this.#fileNumber(problem.at)} ${problem.at.start} ${problem.message}`;
    if (!this.#all.has(key)) this.#all.set(key, complaint);
  }

  problems(): Problem[] {
    return [...this.#all.values()].flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  }

  journal(version: number): string[] {
    return [...this.#all.values()].flatMap((complaint) => complaint.journal(version) ?? []);
  }

  #fileNumber(at: Span): number {
    const number = this.#files.get(at.file) ?? this.#files.size;
    this.#files.set(at.file, number);
    return number;
  }
}

const newest = 262;

/**
 * A value that systemd does not take, so that an earlier one or the default stays. One with a comment behind it, and
 * an empty limit, are told of by rules of their own.
 */
export function rejected(
  setting: Setting,
  message: string,
  journal: string | ((version: number) => string),
  help?: string,
): Complaint {
  const { key = "" } = setting;
  const { text } = setting.value.text;
  const told =
    (!key.startsWith("Exec") && commentAfterValue(text) !== undefined) ||
    (text === "" && /^Limit[A-Z]+$/.test(key));
  return {
    problem: told
      ? undefined
      : {
          rule: "systemd/value",
          message,
          at: setting.value.text.text === "" ? setting.keyAt : setting.value.text.at,
          ...(help === undefined ? {} : { help }),
        },
    journal: (version) =>
      `${setting.path}:${setting.line}: ${typeof journal === "string" ? journal : journal(version)}`,
  };
}

/** The wording of DEFINE_CONFIG_PARSE and log_syntax_parse_error since 254: `Failed to parse X=v, ignoring: why`. */
export function parseError(setting: Setting, why = "Invalid argument"): string {
  return `Failed to parse ${setting.key}=${setting.value.text.text}, ignoring: ${why}`;
}
