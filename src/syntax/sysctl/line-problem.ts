import type { SourceFile } from "../../text/source-file.ts";
import type { Problem } from "../problem.ts";
import type { Stretch, SysctlLine } from "./tree.ts";

/** What is wrong with one line, whatever the kernel thinks of its value. */
export function lineProblem(file: SourceFile, line: SysctlLine): Problem | undefined {
  if (line.kind === "comment") return undefined;
  if (line.kind === "junk") {
    const text = shown(file, line);
    const [key, value] = /^([a-z][\w./-]*[./][\w./-]+)\s*[:\s]\s*(\S.*)$/.exec(text)?.slice(1) ?? [];
    return problem(
      file,
      line,
      `\`${text}\` has no \`=\`, so the line is skipped`,
      key === undefined ? undefined : `write \`${key} = ${value}\``,
    );
  }
  if (line.template !== undefined) return undefined;
  const key = file.text.slice(line.key.start, line.key.end);
  if (key === "") {
    if (line.value === undefined) return undefined;
    return problem(file, { start: line.key.start, end: line.value.end }, "there is no key before the `=`");
  }
  if (line.blankAfterMinus)
    return problem(
      file,
      { start: line.key.start - 1, end: line.key.end },
      `\`sysctl\` takes the blank after \`-\` as part of the key and sets nothing; at boot \`${shownKey(key)}\` is set`,
      `write \`-${shownKey(key)}\``,
    );
  const message = keyProblem(key);
  return message === undefined ? undefined : problem(file, line.key, message);
}

function keyProblem(key: string): string | undefined {
  const name = shownKey(key);
  if (key.startsWith("\ufeff"))
    return "the byte order mark at the start of the file becomes part of the key, so this line sets nothing";
  if (/[ \t]/.test(key)) return `the key \`${name}\` has a blank in it, so the line sets nothing`;
  if (/[^\x21-\x7e]/.test(key))
    return `the key \`${name}\` has a character that no kernel setting has in its name, so the line sets nothing`;
  if (/^\/?proc\/sys\//.test(key))
    return `keys count from /proc/sys/, so \`${name}\` names nothing and the line sets nothing`;
  if (key.length > 1 && /[./]$/.test(key))
    return `the key \`${name}\` ends with a separator: it is set at boot, but \`sysctl\` finds nothing under it`;
  return undefined;
}

/** Bytes that the programs take differently; each kind is told once. */
export function lineEndProblems(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  const nul = file.text.indexOf("\0");
  if (nul !== -1)
    problems.push(
      problem(
        file,
        { start: nul, end: nul + 1 },
        "a NUL byte: `sysctl` drops the rest of the line, at boot the rest counts as a new line",
      ),
    );
  const carriageReturn = /\r(?!\n|$)/.exec(file.text)?.index;
  if (carriageReturn !== undefined)
    problems.push(
      problem(
        file,
        { start: carriageReturn, end: carriageReturn + 1 },
        "a carriage return without a line feed ends the line at boot, but not for `sysctl`",
        "end lines with a line feed",
      ),
    );
  return problems;
}

function shown(file: SourceFile, { start, end }: Stretch): string {
  return shownKey(file.text.slice(start, Math.min(end, start + 80)));
}

function shownKey(key: string): string {
  return key.length > 80 ? `${key.slice(0, 79)}…` : key;
}

function problem(file: SourceFile, { start, end }: Stretch, message: string, help?: string): Problem {
  return {
    rule: "sysctl/syntax",
    message,
    at: { file, start, end: Math.min(end, start + 200) },
    ...(help === undefined ? {} : { help }),
  };
}
