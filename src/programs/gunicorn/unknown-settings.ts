import type { Problem } from "../../syntax/problem.ts";
import type { Expression, PythonSettings, Statement } from "../../syntax/python-settings/tree.ts";
import { nearest } from "../../text/did-you-mean.ts";
import type { SourceFile } from "../../text/source-file.ts";
import { span } from "../../text/span.ts";
import { settingRows } from "./settings-table.ts";

/** Names that people write for a setting, which are neither its name nor its flag. */
const wrongNames: ReadonlyMap<string, string> = new Map([
  ["access_log", "accesslog"],
  ["access_log_file", "accesslog"],
  ["bind_address", "bind"],
  ["error_log", "errorlog"],
  ["error_log_file", "errorlog"],
  ["keep_alive_timeout", "keepalive"],
  ["keepalive_timeout", "keepalive"],
  ["max_request", "max_requests"],
  ["max_request_jitter", "max_requests_jitter"],
  ["num_threads", "threads"],
  ["num_workers", "workers"],
  ["number_of_workers", "workers"],
  ["pid_file", "pidfile"],
  ["process_name", "proc_name"],
  ["worker", "workers"],
  ["worker_count", "workers"],
  ["worker_processes", "workers"],
  ["worker_threads", "threads"],
  ["worker_type", "worker_class"],
  ["workers_count", "workers"],
]);

const settingNames: ReadonlySet<string> = new Set(settingRows.map(({ name }) => name));

/** `keep_alive` of `--keep-alive`, where the setting has another name. */
const flagNames: ReadonlyMap<string, string> = new Map(
  settingRows.flatMap(({ name, flags }) =>
    flags
      .filter((flag) => flag.startsWith("--") && !flag.startsWith("--no-"))
      .map((flag) => [flag.slice(2).replaceAll("-", "_"), name] as const)
      .filter(([flag]) => !settingNames.has(flag)),
  ),
);

/** Names that are also used for other things, with the kinds of expression by which they are meant for gunicorn. */
const everydayNames: ReadonlyMap<string, readonly Expression["kind"][]> = new Map([
  ["name", ["string"]],
  ["env", ["list", "tuple"]],
  ["pid", ["string"]],
  ["log_file", ["string"]],
  ["worker", ["string", "int"]],
]);

/** Shorter names are near to too many words. */
const shortestMisspelling = 6;

/**
 * Names that a configuration file assigns, that look like settings and that nothing in it uses: gunicorn ignores a
 * name that it does not know without a word (gunicorn.app.base.Application.load_config_from_module_name_or_filename).
 */
export function unknownSettings(file: SourceFile, { statements, problems }: PythonSettings): Problem[] {
  const assigned = assignments(statements);
  if (problems.length > 0 || assigned.length === 0 || readsNames.test(file.text)) return [];
  const names = new Set(assigned.map(({ target }) => target.name));
  let code: string | undefined;
  return assigned.flatMap(({ target, value }) => {
    const { name } = target;
    const meant = meantSetting(name);
    if (meant === undefined || names.has(meant)) return [];
    if (everydayNames.get(name.toLowerCase())?.includes(value.kind) === false) return [];
    code ??= withoutComments(file.text);
    if (uses(code, name) > assigned.filter((each) => each.target.name === name).length) return [];
    return [
      {
        rule: "gunicorn/unknown-setting",
        message: `gunicorn has no setting ${name} and ignores it; it is called ${meant}`,
        at: span(file, target.start, target.end),
        help: `write ${meant} = ...`,
      },
    ];
  });
}

/** The setting that a name stands for; undefined where it is one, or looks like none. */
function meantSetting(name: string): string | undefined {
  if (settingNames.has(name) || name.startsWith("_")) return undefined;
  const lower = name.toLowerCase();
  if (settingNames.has(lower)) return lower;
  const known = wrongNames.get(lower) ?? flagNames.get(lower);
  if (known !== undefined || name.length < shortestMisspelling || lower !== name) return known;
  return nearest(name, settingNames, name.length < 12 ? 1 : 2);
}

interface Assignment {
  readonly target: Extract<Expression, { kind: "name" }>;
  readonly value: Expression;
}

/** What is assigned at module level, under conditions too. */
function assignments(statements: readonly Statement[]): Assignment[] {
  const found: Assignment[] = [];
  const pending: Statement[] = [...statements].reverse();
  for (let statement = pending.pop(); statement !== undefined; statement = pending.pop()) {
    if (statement.kind === "assign") {
      for (const target of statement.targets)
        if (target.kind === "name") found.push({ target, value: statement.value });
    } else if (statement.kind === "if")
      pending.push(...statement.branches.flatMap(({ body }) => body), ...statement.otherwise);
    else if (statement.kind === "try")
      pending.push(...statement.body, ...statement.handlers.flatMap(({ body }) => body));
  }
  return found;
}

/** The file looks at its own names by their text, or hands them all to something else. */
const readsNames = /\b(?:globals|locals|vars|exec|eval|__all__|__dict__)\b/;

function withoutComments(text: string): string {
  return text.replace(/(?:^|\s)#.*$/gm, "");
}

/** How often the name stands in the text as a word of its own, not as the attribute of something. */
function uses(code: string, name: string): number {
  return code.match(new RegExp(`(?<![\\w.])${name}(?!\\w)`, "g"))?.length ?? 0;
}
