import { readFileSync } from "node:fs";
import type { FileTree } from "../../../src/files/file-tree.ts";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { Version } from "../../../src/model/facts.ts";
import { fact, unknown } from "../../../src/model/value.ts";
import { checkNginx, nginxWarnings } from "../../../src/programs/nginx/check-nginx.ts";
import type { NginxMessage } from "../../../src/programs/nginx/complaint.ts";
import { type InterpretedNginx, interpretNginx } from "../../../src/programs/nginx/interpret-nginx.ts";
import { placeNginx } from "../../../src/programs/nginx/place-nginx.ts";

type Content = string | { readonly latin1: string };
type Token = readonly [kind: string, line: number, words: readonly string[], file: string];

interface Outcome {
  readonly exit: number;
  readonly stderr_lines: readonly string[];
}

/** One recorded run of `nginx -t`; fixtures/programs/nginx/<topic>.json holds them by name. */
export interface RecordedCase extends Outcome {
  readonly nginx: string;
  readonly cmd: string;
  /** The account that ran it, where it is not root. */
  readonly uid?: string;
  readonly files: Readonly<Record<string, Content>>;
  readonly same_in: readonly string[];
  readonly differs_in?: Readonly<Record<string, Outcome>>;
  readonly dump_tokens?: { readonly mode: string; readonly tokens: readonly Token[] };
}

export function recordedCases(topic: string): [name: string, recorded: RecordedCase][] {
  const text = readFileSync(`fixtures/programs/nginx/${topic}.json`, "utf8");
  return Object.entries(JSON.parse(text) as Record<string, RecordedCase>);
}

/** The recorded <PREFIX>. */
const prefix = "/prefix";

export function treeOf(recorded: RecordedCase): FileTree {
  return memoryTree(
    Object.fromEntries(
      Object.entries(recorded.files).map(([path, content]) => [
        `${prefix}/${path}`,
        typeof content === "string" ? content : Buffer.from(content.latin1, "latin1"),
      ]),
    ),
  );
}

export function mainPath(recorded: RecordedCase): string {
  const [, main = "nginx.conf"] = /-c <PREFIX>\/(\S+)/.exec(recorded.cmd) ?? [];
  return `${prefix}/${main}`;
}

/** The text of `-g`. */
export function globalsOf({ cmd }: RecordedCase): string | undefined {
  return /-g '?([^']*)/.exec(cmd)?.[1];
}

export function interpret(recorded: RecordedCase, version: string | undefined): InterpretedNginx {
  const globals = globalsOf(recorded);
  return interpretNginx(
    treeOf(recorded),
    mainPath(recorded),
    version === undefined ? unknown("nginx", "not declared") : fact("nginx", new Version(version), "--nginx"),
    globals,
  );
}

/** What each recorded version said: its first error with file and line, or undefined where it started. */
export function refusals(recorded: RecordedCase): [version: string, refusal: string | undefined][] {
  const outcomes: [string, Outcome][] = [
    [recorded.nginx, recorded],
    ...recorded.same_in.map((version): [string, Outcome] => [version, recorded]),
    ...Object.entries(recorded.differs_in ?? {}),
  ];
  return outcomes.map(([version, outcome]) => {
    const first = outcome.stderr_lines.find((line) => /\[(?:emerg|crit|alert|error)\]/.test(line));
    const refused = outcome.exit !== 0 && first !== undefined;
    return [version, refused ? first.replace(/^.*?\[\w+\] /, "").replaceAll("<PREFIX>", prefix) : undefined];
  });
}

/** The `[warn]` lines that each recorded version printed. */
export function recordedWarnings(recorded: RecordedCase): [version: string, warnings: string[]][] {
  const outcomes: [string, Outcome][] = [
    [recorded.nginx, recorded],
    ...recorded.same_in.map((version): [string, Outcome] => [version, recorded]),
    ...Object.entries(recorded.differs_in ?? {}),
  ];
  return outcomes.map(([version, { stderr_lines: lines }]) => [
    version,
    lines
      .filter((line) => line.includes("[warn]"))
      .map((line) => line.replace(/^.*?\[warn\] /, "").replaceAll("<PREFIX>", prefix)),
  ]);
}

function placed(recorded: RecordedCase, version: string) {
  const options = { version: new Version(version), top: "M", complete: true } as const;
  const globals = globalsOf(recorded);
  return {
    placement: placeNginx(treeOf(recorded), mainPath(recorded), globals, options.version),
    options,
  };
}

/** The first message that is predicted, as nginx prints it; undefined where the configuration is accepted. */
export function predicted(recorded: RecordedCase, version: string): string | undefined {
  const { placement, options } = placed(recorded, version);
  const said = checkNginx(placement, options).find((complaint) => complaint.said !== undefined)?.said;
  return said === undefined ? undefined : asPrinted(said);
}

/** The warnings that are predicted, as nginx prints them. */
export function predictedWarnings(recorded: RecordedCase, version: string): string[] {
  const { placement, options } = placed(recorded, version);
  return nginxWarnings(placement, options).map(asPrinted);
}

function asPrinted({ message: text, line }: NginxMessage): string {
  if (line === undefined) return text;
  const { path, encoding } = line.file;
  // The recordings show a byte that is no UTF-8 as \\xNN.
  const message =
    encoding === "utf-8"
      ? text
      : text.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
  return path === "nginx -g" ? `${message} in command line` : `${message} in /${path}:${line.line}`;
}
