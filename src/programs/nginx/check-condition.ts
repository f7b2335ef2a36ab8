import type { SetterCheck } from "./setter-call.ts";

/** The condition of an `if`, as src/http/modules/ngx_http_rewrite_module.c ngx_http_rewrite_if_condition reads it. */
export const checkCondition: SetterCheck = ({ placed }, refuse) => {
  const words = placed.directive.args;
  const texts = words.map((word) => word.text);
  const first = texts[0] ?? "";
  const help =
    "Write ($variable), ($variable = value), ($variable ~ regex) or (-f path), with spaces around the operator.";
  const invalid = (at: number, text = texts[at] ?? ""): void =>
    refuse(`invalid condition "${text}"`, words[at], { help });
  if (!first.startsWith("(")) {
    invalid(0);
    return;
  }
  let at = 0;
  if (first.length === 1) at = 1;
  else texts[0] = first.slice(1);
  let last = texts.length - 1;
  const end = texts[last] ?? "";
  if (!end.endsWith(")")) {
    invalid(last);
    return;
  }
  if (end.length === 1) last -= 1;
  else texts[last] = end.slice(0, -1);
  const subject = texts[at] ?? "";
  if (subject.length > 1 && subject.startsWith("$")) {
    if (at !== last && at + 2 !== last) {
      invalid(at);
      return;
    }
    const operator = texts[at + 1] ?? "";
    if (at !== last && !/^(?:!?=|!?~\*?)$/.test(operator))
      refuse(`unexpected "${operator}" in condition`, words[at + 1], { help });
    return;
  }
  const isTest = /^!?-.$/s.test(subject);
  if (!isTest || at + 1 !== last || !/^!?-[fdex]$/.test(subject)) invalid(at);
};
