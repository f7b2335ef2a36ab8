import { parseNumber, parseSize, parseTime } from "./parse-value.ts";
import type { SetterCall, SetterCheck } from "./setter-call.ts";

/** `log_format` (src/http/modules/ngx_http_log_module.c ngx_http_log_set_format). */
export const checkLogFormat: SetterCheck = ({ placed, declared }, refuse) => {
  const [word, escaped] = placed.directive.args;
  const name = word?.text ?? "";
  const first = declared.logFormats.get(name);
  declared.formatNames.add(name.toLowerCase());
  if (first === undefined && name !== "combined") declared.logFormats.set(name, placed);
  else if (!placed.directive.file.conditional && first?.directive.file.conditional !== true)
    refuse(`duplicate "log_format" name "${name}"`, word, {
      rule: "nginx/duplicate",
      ...(first === undefined ? {} : { because: [{ message: "it is defined here first", at: first.at }] }),
    });
  const escaping = /^escape=(.*)$/s.exec(escaped?.text ?? "");
  if (escaping !== null && !/^(?:default|json|none)$/.test(escaping[1] ?? ""))
    refuse(`unknown log format escaping "${escaping[1]}"`, escaped);
};

/** `access_log` of http (ngx_http_log_set_log). A format must be defined before it is used. */
export const checkAccessLog: SetterCheck = (call, refuse) => {
  const [path, format, ...parameters] = call.placed.directive.args;
  if (path === undefined || (path.text === "off" && format === undefined)) return;
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
    const fault = parameterFault(key, value);
    if (fault !== undefined) {
      refuse(fault === "" ? `invalid parameter "${word.text}"` : fault, word);
      return;
    }
    if (key === "buffer" || key === "gzip") buffer = true;
    if (key === "flush") flush = true;
  }
  if (flush && !buffer) refuse(`no buffer is defined for access_log "${path.text}"`, path);
  else if (buffer && path.text.startsWith("syslog:")) refuse("logs to syslog cannot be buffered", path);
  else if (buffer && path.text.includes("$")) refuse("buffered logs cannot have variables in name", path);
};

function isFormat({ declared, complete }: SetterCall, name: string): boolean {
  return !complete || declared.formatNames.has(name.toLowerCase());
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
