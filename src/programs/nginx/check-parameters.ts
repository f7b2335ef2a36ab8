import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { parseNumber, parseOffset, parseSize, parseTime } from "./parse-value.ts";
import type { SetterCall, SetterCheck } from "./setter-call.ts";

const word = ({ placed }: SetterCall, number: number): NginxWord | undefined => placed.directive.arg(number);
const text = (call: SetterCall, number: number): string => word(call, number)?.text ?? "";

/** A parameter that can only be one word: `always`, `consistent`. */
export function onlyParameter(index: number, only: string): SetterCheck {
  return (call, refuse) => {
    const parameter = word(call, index);
    if (parameter !== undefined && parameter.text !== only)
      refuse(`invalid parameter "${parameter.text}"`, parameter, { help: `Only ${only} can stand here.` });
  };
}

/** src/http/modules/ngx_http_upstream_random_module.c */
export const checkRandom: SetterCheck = (call, refuse) => {
  for (const [index, only] of ["two", "least_conn"].entries()) {
    const parameter = word(call, index);
    if (parameter === undefined || parameter.text === only) continue;
    refuse(`invalid parameter "${parameter.text}"`, parameter);
    return;
  }
};

/** `mirror`: several, or `off` alone (src/http/modules/ngx_http_mirror_module.c). */
export const checkMirror: SetterCheck = ({ placed, seen }, refuse) => {
  const first = seen.get("mirror");
  if (first === undefined || first === placed || placed.directive.file.conditional) return;
  if (placed.args[0] === "off" || first.args[0] === "off")
    refuse('"mirror" directive is duplicate', undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "it is set here first", at: first.at }],
    });
};

/** `least_time` (src/http/modules/ngx_http_upstream_least_time_module.c and that of stream). */
export const checkLeastTime: SetterCheck = (call, refuse) => {
  const { placed, seen, context } = call;
  const [mode, option] = placed.directive.args;
  const first = seen.get(placed.name);
  const modes = context === "U" ? ["header", "last_byte"] : ["connect", "first_byte", "last_byte"];
  if (option !== undefined && option.text !== "inflight")
    refuse(`invalid parameter "${option.text}"`, option, { help: "Only inflight can stand here." });
  else if (first !== undefined && first !== placed)
    refuse('"least_time" directive is duplicate', undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "it is set here first", at: first.at }],
    });
  else if (mode !== undefined && !modes.includes(mode.text.toLowerCase()))
    refuse(`invalid value "${mode.text}"`, mode, { help: `It is one of ${modes.join(", ")}.` });
};

/**
 * `proxy_cookie_domain`, `proxy_cookie_path`, `proxy_cookie_flags`: two words and more, or `off` alone, once
 * (ngx_http_proxy_cookie_domain and its like).
 */
export const checkCookie: SetterCheck = (call, refuse) => {
  const { placed } = call;
  if (placed.directive.file.conditional) return;
  const before = placed.level
    .named(placed.name)
    .filter(({ order, directive }) => order < placed.order && !directive.file.conditional);
  const off = before.find(({ args }) => args[0] === "off" && args.length === 1);
  const alone = placed.directive.argCount === 1;
  const first = off ?? (alone && text(call, 0) === "off" ? before[0] : undefined);
  if (first !== undefined)
    refuse(`"${placed.name}" directive is duplicate`, undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "it is set here first", at: first.at }],
    });
  else if (alone && text(call, 0) !== "off")
    refuse(`invalid parameter "${text(call, 0)}"`, word(call, 0), {
      help: "Write what to replace and what by, or off.",
    });
};

/** src/http/modules/ngx_http_proxy_module.c ngx_http_proxy_redirect */
export const checkProxyRedirect: SetterCheck = ({ placed, seen }, refuse) => {
  const off = placed.level
    .named("proxy_redirect")
    .find(
      ({ order, args, directive }) =>
        order < placed.order && args[0] === "off" && !directive.file.conditional,
    );
  if (off !== undefined) {
    refuse('"proxy_redirect" directive is duplicate', undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "it is switched off here", at: off.at }],
    });
    return;
  }
  if (placed.directive.argCount !== 1 || placed.directive.file.conditional) return;
  const value = placed.directive.arg(0);
  const pass = placed.level.named("proxy_pass")[0];
  if (value?.text === "off") {
    const first = seen.get("proxy_redirect");
    if (first !== undefined && first !== placed && first.args[0] !== "off")
      refuse('"proxy_redirect" directive is duplicate', undefined, {
        rule: "nginx/duplicate",
        because: [{ message: "it is set here first", at: first.at }],
      });
  } else if (value?.text !== "default") refuse(`invalid parameter "${value?.text}"`, value);
  else if (pass?.directive.hole === true) return;
  else if (pass === undefined || pass.order > placed.order)
    refuse('"proxy_redirect default" should be placed after the "proxy_pass" directive', value);
  else if (pass.args[0]?.includes("$"))
    refuse('"proxy_redirect default" cannot be used with "proxy_pass" directive with variables', value);
};

/** src/http/ngx_http_core_module.c ngx_http_core_open_file_cache */
export const checkOpenFileCache: SetterCheck = (call, refuse) => {
  let most: number | undefined;
  for (const each of call.placed.directive.args) {
    const [, key, value = ""] = /^(max|inactive)=(.*)$/s.exec(each.text) ?? [];
    if (key === "max") {
      most = parseNumber(value);
      if (most !== undefined && most > 0) continue;
    } else if (key === "inactive" ? parseTime(value, "seconds") !== undefined : each.text === "off") {
      if (key === undefined) most = 0;
      continue;
    }
    refuse(`invalid "${call.placed.name}" parameter "${each.text}"`, each);
    return;
  }
  if (most === undefined) refuse(`"${call.placed.name}" must have the "max" parameter`);
};

/** The last word of `try_files` (ngx_http_try_files). */
export const checkTryFiles: SetterCheck = ({ placed }, refuse) => {
  const last = placed.directive.args.at(-1);
  if (last === undefined || !last.text.startsWith("=")) return;
  const code = parseNumber(last.text.slice(1));
  if (code === undefined || code > 999) refuse(`invalid code "${last.text}"`, last);
};

/** src/core/ngx_thread_pool.c; other parameters are passed over. */
export const checkThreads: SetterCheck = ({ placed }, refuse) => {
  let threads = 0;
  for (const parameter of placed.directive.args.slice(1)) {
    const [, key, value = ""] = /^(threads|max_queue)=(.*)$/s.exec(parameter.text) ?? [];
    const number = parseNumber(value);
    if (key !== undefined && (number === undefined || (key === "threads" && number === 0))) {
      refuse(`invalid ${key} value "${parameter.text}"`, parameter);
      return;
    }
    if (key === "threads") threads = number ?? 0;
  }
  if (threads === 0) refuse('"thread_pool" must have "threads" parameter');
};

/** Sizes that a module keeps as a power of two, from the least to the most. */
export function powerOfTwo(least: number, most: number, listed: string): SetterCheck {
  return (call, refuse) => {
    const size = parseSize(text(call, 0));
    if (size === undefined || (size >= least && size <= most && Number.isInteger(Math.log2(size)))) return;
    refuse(`"${call.placed.name}" directive must be ${listed}`, word(call, 0));
  };
}

/** src/http/v2/ngx_http_v2_module.c */
export const checkStreamsIndex: SetterCheck = (call, refuse) => {
  const size = parseNumber(text(call, 0));
  if (size !== undefined && (size === 0 || !Number.isInteger(Math.log2(size))))
    refuse('"http2_streams_index_size" directive must be a power of two', word(call, 0));
};

/** src/http/v2/ngx_http_v2_module.c ngx_http_v2_chunk_size: larger ones are cut. */
export const checkChunkSize: SetterCheck = (call, refuse) => {
  if (parseSize(text(call, 0)) === 0) refuse("the http2 chunk size cannot be zero", word(call, 0));
};

/** src/http/v2/ngx_http_v2_module.c ngx_http_v2_recv_buffer_size: two states of 16 bytes at least. */
export const checkReceiveBuffer: SetterCheck = (call, refuse) => {
  const size = parseSize(text(call, 0));
  if (size !== undefined && size < 32)
    refuse('"http2_recv_buffer_size" directive value is too small', word(call, 0));
};

/** ngx_http_core_directio */
export const checkDirectio: SetterCheck = (call, refuse) => {
  if (text(call, 0) !== "off" && parseOffset(text(call, 0)) === undefined)
    refuse('"directio" directive invalid value', word(call, 0), { help: "Write a size such as 4m, or off." });
};

/** src/http/modules/ngx_http_userid_filter_module.c */
export const checkUseridMark: SetterCheck = (call, refuse) => {
  if (!/^(?:off|[0-9A-Za-z=])$/.test(text(call, 0)))
    refuse('"userid_mark" directive value must be "off" or a single letter, digit or "="', word(call, 0));
};

/** src/http/modules/ngx_http_userid_filter_module.c */
export const checkUseridExpires: SetterCheck = (call, refuse) => {
  const value = text(call, 0);
  if (value !== "max" && value !== "off" && parseTime(value, "seconds") === undefined)
    refuse('"userid_expires" directive invalid value', word(call, 0));
};

/** ngx_http_auth_request_set */
export const checkVariableName: SetterCheck = (call, refuse) => {
  const name = text(call, 0);
  if (!name.startsWith("$") || name === "$") refuse(`invalid variable name "${name}"`, word(call, 0));
};

/** `map`, `geo`, `split_clients`: the variable that they make comes last. */
export const checkMadeVariable: SetterCheck = (call, refuse) => {
  const { args } = call.placed.directive;
  // Both words of geo are names.
  const made =
    call.placed.name === "geo"
      ? (args.find(({ text: each }) => !each.startsWith("$") || each === "$") ?? args.at(-1))
      : args.at(-1);
  if (made !== undefined && (!made.text.startsWith("$") || made.text === "$"))
    refuse(`invalid variable name "${made.text}"`, made, {
      help: "The name of the new variable begins with $.",
    });
};

/** ngx_http_sub_filter */
export const checkSubFilter: SetterCheck = (call, refuse) => {
  if (text(call, 0) === "") refuse("empty search pattern", word(call, 0));
};

/** ngx_http_fastcgi_split_path_info: the script and its path info. */
export const checkSplitPathInfo: SetterCheck = (call, refuse) => {
  const pattern = text(call, 0);
  const plain = pattern.replace(/\\./gs, "").replace(/\[\^?\]?[^\]]*\]/g, "");
  const captures = plain.match(/\((?!\?)|\(\?P?<(?![=!])|\(\?'/g)?.length ?? 0;
  if (captures !== 2 && !/\(\?[|R]|\(\*|\\Q/.test(pattern))
    refuse(`pattern "${pattern}" must have 2 captures`, word(call, 0), {
      help: "The first pair of parentheses is the script, the second its path info.",
    });
};

/** Words of bit masks that every protocol takes (ngx_http_upstream.c). */
export function masked(known: readonly string[]): SetterCheck {
  const lower = new Set(known.map((each) => each.toLowerCase()));
  return ({ placed }, refuse) => {
    const wrong = placed.directive.args.find((each) => !lower.has(each.text.toLowerCase()));
    if (wrong !== undefined)
      refuse(`invalid value "${wrong.text}"`, wrong, { help: `It is one of ${known.join(", ")}.` });
  };
}

export const useridStates = ["off", "log", "v1", "on"];

export const cacheMethods = ["GET", "HEAD", "POST"];

export const ignoredHeaders = [
  "X-Accel-Redirect",
  "X-Accel-Expires",
  "X-Accel-Limit-Rate",
  "X-Accel-Buffering",
  "X-Accel-Charset",
  "Expires",
  "Cache-Control",
  "Set-Cookie",
  "Vary",
];
