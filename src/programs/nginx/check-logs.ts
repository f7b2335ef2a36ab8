import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { syslogFault } from "./check-settings.ts";
import { variableHelp } from "./check-variables.ts";
import { parseNumber, parseSize, parseTime } from "./parse-value.ts";
import type { PlacedDirective } from "./placement.ts";
import type { Refuse, SetterCall, SetterCheck } from "./setter-call.ts";
import { variableFault } from "./variable-texts.ts";

/** `log_format` (src/http/modules/ngx_http_log_module.c ngx_http_log_set_format). */
export const checkLogFormat: SetterCheck = ({ placed, declared }, refuse) => {
  const [word] = placed.directive.args;
  const name = word?.text ?? "";
  const first = declared.logFormats.get(name);
  declared.formatNames.add(name.toLowerCase());
  if (first === undefined && name !== "combined") declared.logFormats.set(name, placed);
  else if (!placed.directive.file.conditional && first?.directive.file.conditional !== true)
    refuse(`duplicate "log_format" name "${name}"`, word, {
      rule: "nginx/duplicate",
      ...(first === undefined ? {} : { because: [{ message: "it is defined here first", at: first.at }] }),
    });
  checkEscaping(placed, refuse);
};

/** `escape=` of a log_format. */
export function checkEscaping(placed: PlacedDirective, refuse: Refuse): void {
  const escaped = placed.directive.arg(1);
  const escaping = /^escape=(.*)$/s.exec(escaped?.text ?? "");
  if (escaping !== null && !/^(?:default|json|none)$/.test(escaping[1] ?? ""))
    refuse(`unknown log format escaping "${escaping[1]}"`, escaped, { help: "It is default, json or none." });
}

/** `access_log` of http and stream (ngx_http_log_set_log, ngx_stream_log_set_log). A format must be defined before it is used. */
export const checkAccessLog: SetterCheck = (call, refuse) => {
  const [path, format, ...parameters] = call.placed.directive.args;
  if (path === undefined) return;
  if (path.text === "off") {
    if (format !== undefined) refuse(`invalid parameter "${format.text}"`, format);
    return;
  }
  const fault = path.text.startsWith("syslog:") ? syslogFault(path.text) : undefined;
  if (fault !== undefined) {
    refuse(fault, path);
    return;
  }
  const pathFault = path.text.startsWith("syslog:")
    ? undefined
    : variableFault({ text: path.text, word: path, form: "script" });
  if (pathFault !== undefined && !path.file.template) {
    refuse(pathFault, path, { help: variableHelp });
    return;
  }
  if (format === undefined && "TV".includes(call.context)) {
    refuse("log format is not specified", path, {
      help: "stream has no format of its own: define one with log_format.",
    });
    return;
  }
  if (format !== undefined && !isFormat(call, format.text)) {
    refuse(`unknown log format "${format.text}"`, format, {
      help: "A log_format must stand before the access_log that uses it.",
    });
    return;
  }
  let buffer = false;
  let flush = false;
  for (const word of parameters) {
    const [, key = word.text, value] = /^(buffer|flush|gzip|if)=(.*)$/s.exec(word.text) ?? [];
    const wrong =
      key === "if" && value !== undefined && !word.file.template
        ? variableFault({ text: value, word, form: "script" })
        : parameterFault(key, value);
    if (wrong !== undefined) {
      refuse(wrong === "" ? `invalid parameter "${word.text}"` : wrong, word);
      return;
    }
    if (key === "buffer" || key === "gzip") buffer = true;
    if (key === "flush") flush = true;
  }
  if (buffer && !path.text.includes("$")) checkBuffer(call, refuse, path.text, parameters);
  if (flush && !buffer) refuse(`no buffer is defined for access_log "${path.text}"`, path);
  else if (buffer && path.text.startsWith("syslog:")) refuse("logs to syslog cannot be buffered", path);
  else if (buffer && path.text.includes("$")) refuse("buffered logs cannot have variables in name", path);
};

/** What gzip alone stands for. */
const gzipDefault = { size: 64 * 1024, level: "1" };

/** A log has one buffer, however many access_log lead to it. */
function checkBuffer(
  { placed, declared }: SetterCall,
  refuse: Refuse,
  path: string,
  parameters: readonly NginxWord[],
): void {
  if (placed.directive.file.conditional) return;
  const value = (key: string): string | undefined =>
    parameters.findLast(({ text }) => text.startsWith(`${key}=`))?.text.slice(key.length + 1);
  const gzip = parameters.some(({ text }) => text === "gzip") ? gzipDefault.level : (value("gzip") ?? "0");
  const size = parseSize(value("buffer") ?? "") ?? gzipDefault.size;
  const buffer = `${size} ${parseTime(value("flush") ?? "0", "milliseconds")} ${gzip}`;
  const first = declared.bufferedLogs.get(path);
  if (first === undefined) declared.bufferedLogs.set(path, { buffer, placed });
  else if (first.buffer !== buffer)
    refuse(`access_log "${path}" already defined with conflicting parameters`, undefined, {
      because: [{ message: "it is defined here first", at: first.placed.at }],
      help: "Write the same buffer, flush and gzip everywhere.",
    });
}

function isFormat({ declared, complete, context }: SetterCall, name: string): boolean {
  const known = "TV".includes(context) ? declared.streamFormats : declared.formatNames;
  return !complete || known.has(name.toLowerCase());
}

/** Empty for a parameter that is none. */
function parameterFault(key: string, value: string | undefined): string | undefined {
  if (key === "buffer" && value !== undefined)
    return parseSize(value) ? undefined : `invalid buffer size "${value}"`;
  if (key === "flush" && value !== undefined)
    return parseTime(value, "milliseconds") ? undefined : `invalid flush time "${value}"`;
  if (key === "gzip" && value !== undefined) {
    const level = parseNumber(value) ?? 0;
    return level >= 1 && level <= 9 ? undefined : `invalid compression level "${value}"`;
  }
  if (key === "gzip" || (key === "if" && value !== undefined)) return undefined;
  return "";
}

const logLevels = new Set(["debug", "info", "notice", "warn", "error", "crit", "alert", "emerg"]);
const debugLevels = /^debug_(?:core|alloc|mutex|event|http|mail|stream)$/;

/** `error_log`: a file or syslog, then one level or levels of debugging (src/core/ngx_log.c ngx_log_set_levels). */
export const checkErrorLog: SetterCheck = ({ placed }, refuse) => {
  const target = placed.directive.arg(0);
  const fault = target?.text.startsWith("syslog:") === true ? syslogFault(target.text) : undefined;
  if (fault !== undefined) {
    refuse(fault, target);
    return;
  }
  let level: string | undefined;
  for (const each of placed.directive.args.slice(1)) {
    const details = { help: `The levels are ${[...logLevels].join(", ")}.` };
    if (logLevels.has(each.text)) {
      if (level !== undefined) refuse(`duplicate log level "${each.text}"`, each);
    } else if (!debugLevels.test(each.text) || logLevels.has(level ?? ""))
      refuse(`invalid log level "${each.text}"`, each, details);
    if (level !== undefined && logLevels.has(each.text)) return;
    level = each.text;
  }
};
