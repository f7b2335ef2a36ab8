import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { checkRegexes } from "./check-regex.ts";
import { checkBuiltIn } from "./check-variables.ts";
import { parseNumber } from "./parse-value.ts";
import type { SetterCall, SetterCheck } from "./setter-call.ts";

const text = ({ placed }: SetterCall, number: number): string => placed.directive.arg(number)?.text ?? "";
const word = ({ placed }: SetterCall, number: number): NginxWord | undefined => placed.directive.arg(number);

/** `error_page` (ngx_http_core_error_page). */
export const checkErrorPage: SetterCheck = (call, refuse) => {
  const words = call.placed.directive.args;
  const response = words.at(-2);
  const overwrites = response?.text.startsWith("=") === true;
  if (overwrites && (words.length === 2 || !/^=(?:\d+)?$/.test(response.text))) {
    refuse(`invalid value "${response.text}"`, response);
    return;
  }
  for (const code of words.slice(0, overwrites ? -2 : -1)) {
    const number = parseNumber(code.text);
    if (number === undefined || number === 499) refuse(`invalid value "${code.text}"`, code);
    else if (number < 300 || number > 599) refuse(`value "${code.text}" must be between 300 and 599`, code);
    else continue;
    return;
  }
};

/** `return` (ngx_http_rewrite_return). */
export const checkReturn: SetterCheck = (call, refuse) => {
  const code = text(call, 0);
  const number = parseNumber(code);
  if (number !== undefined ? number <= 999 : isRedirect(call, code)) return;
  refuse(`invalid return code "${code}"`, word(call, 0));
};

function isRedirect({ placed }: SetterCall, code: string): boolean {
  return placed.directive.argCount === 1 && /^(?:https?:\/\/|\$scheme)/.test(code);
}

/** `rewrite` (ngx_http_rewrite). */
export const checkRewrite: SetterCheck = (call, refuse) => {
  if (text(call, 1) === "") {
    refuse("empty replacement", word(call, 1));
    return;
  }
  checkRegexes(call, refuse);
  checkBuiltIn(call, "http", refuse);
  const last = word(call, 2);
  if (last !== undefined && !/^(?:last|break|redirect|permanent)$/.test(last.text))
    refuse(`invalid parameter "${last.text}"`, last, {
      help: "It is one of last, break, redirect, permanent.",
    });
};

/** `set` of http and stream. */
export const checkSet: SetterCheck = (call, refuse) => {
  const name = text(call, 0);
  if (!name.startsWith("$") || name === "$")
    refuse(`invalid variable name "${name}"`, word(call, 0), {
      help: `Write set ${name === "$" || name === "" ? "$name" : `$${name}`} ...;`,
    });
};
