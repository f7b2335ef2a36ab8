import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";

/** One process type of a Procfile. */
export interface ProcfileEntry {
  readonly name: string;
  /** The command, which a shell runs. */
  readonly command: string;
  readonly at: Span;
  readonly commandAt: Span;
}

/**
 * A Procfile as foreman and honcho read it: `NAME: COMMAND` lines, all others are ignored, the last of a name
 * wins (honcho 2.0 environ.py, foreman 0.88 procfile.rb).
 */
export function parseProcfile(file: SourceFile): readonly ProcfileEntry[] {
  const entries = new Map<string, ProcfileEntry>();
  const line = /^\uFEFF?([A-Za-z0-9_-]+):[ \t]*([^\r\n]*?)[ \t]*$/;
  for (let number = 1, start = 0; number <= file.lineCount; number++) {
    const text = file.line(number);
    const found = line.exec(text);
    const [, name = "", command = ""] = found ?? [];
    if (found !== null && command !== "") {
      const from = start + text.lastIndexOf(command);
      entries.delete(name);
      entries.set(name, {
        name,
        command,
        at: span(file, start, start + text.length),
        commandAt: span(file, from, from + command.length),
      });
    }
    const end = file.text.indexOf("\n", start);
    start = end === -1 ? file.text.length : end + 1;
  }
  return [...entries.values()];
}
