import type { Problem } from "../problem.ts";
import type { UnitFault } from "./unit-file.ts";

/** A fault of a unit file in words. */
export function unitProblem(fault: UnitFault): Problem {
  const { message, help } = words(fault);
  return { rule: "systemd/syntax", at: fault.at, message, ...(help === undefined ? {} : { help }) };
}

/** Keys of [Unit], which every type of unit has. */
const ofEveryUnit =
  /^(?:Description|Documentation|After|Before|Requires|Requisite|Wants|BindsTo|PartOf|Conflicts|OnFailure|Condition\w+|Assert\w+) *=/;

function words(fault: UnitFault): { message: string; help?: string } {
  const text = excerpt(fault.text);
  switch (fault.kind) {
    case "outside-section":
      return {
        message: `\`${text}\` stands before any [Section] header, so systemd ignores it`,
        help: `put a header such as [${ofEveryUnit.test(text) ? "Unit" : "Service"}] above it`,
      };
    case "no-equals":
      return {
        message: `\`${text}\` has no \`=\`, so systemd ignores the line`,
        help: "a value goes on in the next line only after a backslash that is the very last character",
      };
    case "no-key":
      return { message: `\`${text}\` has no key before the \`=\`, so systemd ignores the line` };
    case "section-unknown":
      return {
        message: `[${text}] is no section of this type of unit, so systemd ignores everything in it`,
        help: "names of sections are case sensitive and take no blanks inside the brackets",
      };
    case "section-unclosed":
      return { message: `\`${text}\` has no closing \`]\`, so systemd does not load this file at all` };
    case "section-characters":
      return {
        message: `\`${text}\` holds characters that no section name may have, so systemd does not load this file at all`,
      };
    case "not-utf8":
      return { message: "this line is no valid UTF-8, so systemd does not load this file at all" };
    case "too-long":
      return { message: "this line is longer than 1 MiB, so systemd does not load this file at all" };
  }
}

function excerpt(text: string): string {
  const flat = text.replace(/\s+/g, " ");
  return flat.length <= 60 ? flat : `${flat.slice(0, 57)}...`;
}
