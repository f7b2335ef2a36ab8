import type { SourceFile } from "../../text/source-file.ts";
import { span } from "../../text/span.ts";
import type { Problem } from "../problem.ts";
import { domainRange } from "./domain.ts";
import { isLimitItem, isOtherItem, words } from "./item.ts";
import type { LimitsLine } from "./tree.ts";

/** What is wrong with a line that pam_limits reads; it ignores the line, or takes something else than is meant. */
export function entryProblem(file: SourceFile, line: LimitsLine): Problem | undefined {
  const problem = (field: { start: number; end: number }, message: string, help?: string): Problem => ({
    rule: "limits/syntax",
    message,
    at: span(file, field.start, field.end),
    ...(help === undefined ? {} : { help }),
  });
  const { domain } = line;
  if (domain.text.startsWith("\ufeff"))
    return problem(
      domain,
      "the byte order mark at the start of the file becomes part of the domain, so the line matches nobody",
    );
  if (
    [domain, line.type, ...(line.kind === "entry" ? [line.item, line.value] : [])].some(
      ({ hole }) => hole !== undefined,
    )
  )
    return undefined;
  if (domainRange(domain.text) === "malformed")
    return problem(domain, `\`${shown(domain.text)}\` is no range of ids, so the line is skipped`);
  if (line.kind === "exemption") return undefined;
  const item = line.item.text.toLowerCase();
  if (!isLimitItem(item)) {
    if (isOtherItem(item)) return undefined;
    return problem(
      line.item,
      `\`${shown(line.item.text)}\` is no item that pam_limits knows, so the line is ignored`,
    );
  }
  if (!["soft", "hard", "-"].includes(line.type.text.toLowerCase()))
    return problem(
      line.type,
      `\`${shown(line.type.text)}\` is no type of limit, so the line is ignored`,
      "write `soft`, `hard`, or `-` for both",
    );
  const value = line.value.text.toLowerCase();
  const bare = value.replace(/\s.*$/s, "");
  if (words.has(bare)) {
    if (words.has(value)) return undefined;
    return problem(
      line.value,
      `Linux-PAM 1.6.0 and later do not know \`${bare}\` with more text or a carriage return after it`,
    );
  }
  const number = /^\s*[+-]?\d+/.exec(value)?.[0];
  if (number === undefined)
    return problem(line.value, `\`${shown(line.value.text)}\` is no number, so the line is ignored`);
  const junk = value.slice(number.length);
  if (junk === "" || /^\s/.test(junk)) return undefined;
  return {
    rule: "limits/value",
    at: span(file, line.value.start, line.value.start + line.value.text.trimEnd().length),
    message: `pam_limits stops at the first character that is no digit: \`${shown(line.value.text.trim())}\` means ${number.trim()}`,
    help: "write the whole number in digits",
  };
}

export function invalidLine(file: SourceFile, content: string, start: number): Problem {
  const code = content.replace(/#.*$/s, "");
  const from = /^\s*/.exec(code)?.[0].length ?? 0;
  const text = code.trim();
  return {
    rule: "limits/syntax",
    message: `\`${shown(text)}\` is skipped: a line needs domain, type, item and value`,
    at: span(file, start + from, start + from + text.length),
  };
}

/** A problem of a whole line, pointed at with its beginning. */
export function longLine(file: SourceFile, start: number, end: number, message: string): Problem {
  return { rule: "limits/syntax", message, at: span(file, start, Math.min(end, start + 200)) };
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
