import type { ExecCommand, ExecWord } from "../../syntax/exec-line/parse-exec-line.ts";
import { parseExecLine } from "../../syntax/exec-line/parse-exec-line.ts";
import type { Span } from "../../text/span.ts";
import { type Complaint, rejected } from "./complaint.ts";
import type { Setting } from "./setting.ts";
import { expandSpecifiers, type SpecifierContext } from "./specifiers.ts";

/** A word after specifiers, before variables. */
export interface ExecArgument {
  readonly at: Span;
  /** As it stands in the file. */
  readonly raw: string;
  readonly text: string | undefined;
  /** Why the text is not known. */
  readonly why: string | undefined;
}

/** A command as systemd keeps it after loading the unit. */
export interface LoadedCommand {
  readonly at: Span;
  /** The program; variables are not expanded in it. */
  readonly program: ExecArgument;
  /** What the program gets, the zeroth argument first. */
  readonly argv: readonly ExecArgument[];
  /**
   * As in systemd.service(5): `-` a failure is fine, `:` variables stay, `+` runs with all privileges, `!` keeps
   * the account of the manager, `!!` is as if not there, `@` the first argument is the zeroth, `|` runs in a shell.
   */
  readonly prefixes: string;
}

export interface LoadedExecLine {
  readonly commands: readonly LoadedCommand[];
  readonly complaints: readonly Complaint[];
  /** Makes systemd refuse the whole file (ENOEXEC). */
  readonly fatal: Complaint | undefined;
}

/** What an Exec*= line gives: config_parse_exec of src/core/load-fragment.c. Commands before a fault stay. */
export function loadExecLine(setting: Setting, context: SpecifierContext): LoadedExecLine {
  const known = lines.get(setting);
  if (known !== undefined) return known;
  const line = readExecLine(setting, context);
  lines.set(setting, line);
  return line;
}

/** A setting belongs to one loading of one unit, so that its context never changes. */
const lines = new WeakMap<Setting, LoadedExecLine>();

function readExecLine(setting: Setting, context: SpecifierContext): LoadedExecLine {
  const version = context.version ?? newest;
  const line = parseExecLine(setting.value, version >= 258);
  const complaints: Complaint[] = line.unknownEscapes.map((word) =>
    rejected(
      setting,
      `\`${word.raw}\` holds a backslash that is no escape of systemd's, which keeps it as a character`,
      `Ignoring unknown escape sequences: "${word.text}"`,
      "write `\\\\` for a backslash and quote arguments that hold blanks",
    ),
  );
  const commands: LoadedCommand[] = [];
  for (const command of line.commands) {
    if (command.prefixes.includes("!!") && version >= 261)
      complaints.push({
        problem: undefined,
        journal: (current) =>
          current >= 261
            ? `${setting.path}:${setting.line}: The !! modifier for ${setting.key}= lines is no longer supported and is now ignored. Please update your unit files and remove the modifier.`
            : undefined,
      });
    const loaded = loadCommand(setting, command, context);
    if (loaded.command !== undefined) commands.push(loaded.command);
    if (loaded.complaint === undefined) continue;
    if (!command.prefixes.includes("-")) return { commands, complaints, fatal: loaded.complaint };
    complaints.push(loaded.complaint);
    return { commands, complaints, fatal: undefined };
  }
  if (line.unbalanced !== undefined) complaints.push(unbalanced(setting, line.unbalanced, false));
  return { commands, complaints, fatal: undefined };
}

const newest = 262;

function loadCommand(
  setting: Setting,
  command: ExecCommand,
  context: SpecifierContext,
): { command?: LoadedCommand; complaint?: Complaint } {
  const ignored = command.prefixes.includes("-");
  const program = argument(command.program, context);
  const fault =
    typeof program === "string"
      ? badSpecifier(setting, command.program, program, true, ignored)
      : programFault(setting, command, program, ignored);
  if (fault !== undefined || typeof program === "string")
    return fault === undefined ? {} : { complaint: fault };
  const argv: ExecArgument[] = command.prefixes.includes("@") ? [] : [program];
  for (const word of command.words) {
    const expanded = argument(word, context);
    if (typeof expanded === "string")
      return { complaint: badSpecifier(setting, word, expanded, false, ignored) };
    argv.push(expanded);
  }
  if (command.unbalanced !== undefined)
    return { complaint: unbalanced(setting, command.unbalanced, !ignored, command.at) };
  if (argv.length === 0)
    return {
      complaint: refused(
        setting,
        "has no zeroth argument after `@`",
        "Empty executable name or zeroeth argument",
        ignored,
      ),
    };
  return { command: { at: command.at, program, argv, prefixes: command.prefixes } };
}

/** The expanded word, or the specifier that systemd does not know. */
function argument(word: ExecWord, context: SpecifierContext): ExecArgument | string {
  const base = { at: word.at, raw: word.raw };
  const [hole] = word.holes;
  if (hole !== undefined)
    return { ...base, text: undefined, why: `\`${word.raw}\` is filled in by a template` };
  const expansion = expandSpecifiers(word.text, context);
  if (expansion.kind === "invalid") return expansion.specifier;
  return expansion.kind === "text"
    ? { ...base, text: expansion.text, why: undefined }
    : { ...base, text: undefined, why: expansion.why };
}

function programFault(
  setting: Setting,
  command: ExecCommand,
  program: ExecArgument,
  ignored: boolean,
): Complaint | undefined {
  const { text } = program;
  if (text === undefined || (text === "" && command.prefixes.includes("|"))) return undefined;
  const value = setting.value.text.text;
  if (text === "")
    return refused(setting, "names no program", "Empty path in command line", ignored, `'${value}'`);
  if (/[\x01-\x1f"'\\\x7f]/.test(text))
    return refused(
      setting,
      `names a program with a quote, backslash or control character, \`${text}\``,
      "Executable name contains special characters",
      ignored,
      text,
    );
  if (text.endsWith("/"))
    return refused(
      setting,
      `names a directory, \`${text}\``,
      "Executable path specifies a directory",
      ignored,
      text,
    );
  if (isProgramPath(text)) return undefined;
  return refused(
    setting,
    `names \`${text}\`, which is neither an absolute path nor a bare name`,
    "Neither a valid executable name nor an absolute path",
    ignored,
    text,
  );
}

function isProgramPath(text: string): boolean {
  const parts = text.split("/").filter((part) => part !== "");
  if (text.startsWith("/")) return text.length < 4096 && parts.every((part) => part.length <= 255);
  return !text.includes("/") && text !== "." && text !== ".." && text.length <= 255;
}

function refused(
  setting: Setting,
  what: string,
  journal: string,
  ignored: boolean,
  detail?: string,
): Complaint {
  const consequence = ignored ? "systemd ignores the line" : "systemd refuses to start the unit";
  return rejected(
    setting,
    `${setting.key}= ${what}, so ${consequence}`,
    `${journal}${ignored ? ", ignoring" : ""}: ${detail ?? setting.value.text.text}`,
  );
}

function badSpecifier(
  setting: Setting,
  word: ExecWord,
  specifier: string,
  isProgram: boolean,
  ignored: boolean,
): Complaint {
  const consequence = ignored ? "systemd ignores the line" : "systemd refuses to start the unit";
  return rejected(
    setting,
    `\`${specifier}\` in \`${word.raw}\` is no specifier, so ${consequence}`,
    (version) => {
      const quoted = isProgram ? version >= 250 : version >= 253;
      return `Failed to resolve unit specifiers in ${quoted ? `'${word.text}'` : word.text}${ignored ? ", ignoring" : ""}: Invalid slot`;
    },
    "write `%%` for a percent sign",
  );
}

function unbalanced(setting: Setting, at: Span, fatal: boolean, command?: Span): Complaint {
  const value = setting.value.text.text;
  const from = command === undefined ? at : command;
  const start = Math.max(0, value.length - (setting.value.text.at.end - from.start));
  return {
    problem: {
      rule: "systemd/syntax",
      message: `a quote is not closed here, so systemd ${fatal ? "refuses to start the unit" : "ignores the line"}`,
      at,
      help: "close it, or write `\\'` or `\\\"` for the character itself",
    },
    journal: () => `${setting.path}:${setting.line}: Unbalanced quoting, ignoring: "${value.slice(start)}"`,
  };
}
