import { addStickyZone } from "./check-zones.ts";
import { parseSize, parseTime } from "./parse-value.ts";
import type { Refuse, SetterCall, SetterCheck } from "./setter-call.ts";

const leastZone = 8 * 4096;

/** `sticky` of an upstream (since 1.29.6, src/http/modules/ngx_http_upstream_sticky_module.c). */
export const checkSticky: SetterCheck = (call, refuse) => {
  const { placed, seen } = call;
  const [method, ...words] = placed.directive.args;
  const first = seen.get("sticky");
  if (first !== undefined && first !== placed)
    refuse('"sticky" directive is duplicate', undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "it is set here first", at: first.at }],
    });
  else if (method?.text === "cookie") checkCookie(call, refuse);
  else if (method?.text === "learn") checkLearn(call, refuse);
  else if (method?.text !== "route")
    refuse(`unknown parameter "${method?.text}"`, method, { help: "It is cookie, route or learn." });
  else {
    const wrong = words.find(({ text }) => !text.startsWith("$"));
    if (wrong !== undefined) refuse(`invalid variable name "${wrong.text}"`, wrong, { help: "Write $name." });
  }
};

function checkCookie({ placed }: SetterCall, refuse: Refuse): void {
  const [, name, ...parameters] = placed.directive.args;
  if (name?.text === "") {
    refuse('"sticky" directive empty cookie name', name);
    return;
  }
  const keys = new Set<string>();
  for (const word of parameters) {
    const [, key, value = ""] =
      /^(domain|path|expires|samesite|httponly$|secure$)(?:=(.*))?$/s.exec(word.text) ?? [];
    const fault =
      key === undefined || (!/^(?:httponly|secure)$/.test(key) && !word.text.includes("="))
        ? `unknown parameter "${word.text}"`
        : keys.has(key)
          ? `"sticky" directive parameter "${key}" is duplicate`
          : cookieFault(key, value);
    if (fault !== undefined) {
      refuse(fault, word);
      return;
    }
    keys.add(key ?? "");
  }
}

function cookieFault(key: string, value: string): string | undefined {
  if ((key === "domain" || key === "path") && value === "") return `"sticky" directive no value for "${key}"`;
  if (key === "expires" && value !== "max" && parseTime(value, "seconds") === undefined)
    return '"sticky" directive invalid "expires" parameter value';
  if (key === "samesite" && !value.includes("$") && !/^(?:strict|lax|none)$/i.test(value))
    return '"sticky" directive invalid "samesite" parameter value';
  return undefined;
}

function checkLearn(call: SetterCall, refuse: Refuse): void {
  const keys = new Set<string>();
  for (const word of call.placed.directive.args.slice(1)) {
    const [, key, value = ""] = /^(zone|timeout|create|lookup)=(.*)$/s.exec(word.text) ?? [];
    if (word.text === "header") continue;
    const fault = key === undefined ? `unknown parameter "${word.text}"` : learnFault(key, value, keys);
    if (fault !== undefined) {
      refuse(key === undefined ? fault : `"sticky" directive ${fault}`, word);
      return;
    }
    keys.add(key ?? "");
  }
  const missing = ["lookup", "create", "zone"].find((key) => !keys.has(key));
  if (missing !== undefined) refuse(`"sticky" directive "${missing}" parameter is not specified`);
  else addStickyZone(call, refuse);
}

function learnFault(key: string, value: string, before: ReadonlySet<string>): string | undefined {
  if (key === "zone") {
    const [, name, size = ""] = /^([^:]*):(.*)$/s.exec(value) ?? [];
    const bytes = parseSize(size);
    if (before.has(key)) return "duplicate zone";
    if (name === undefined) return "zone size is not specified";
    if (name === "") return "zone name is not specified";
    if (bytes === undefined) return "invalid zone size";
    return bytes < leastZone ? "zone is too small" : undefined;
  }
  if (key === "timeout") {
    if (before.has(key)) return "duplicate timeout";
    return parseTime(value, "milliseconds") ? undefined : "invalid timeout";
  }
  return value.startsWith("$") ? undefined : `missing variable in the "${key}" parameter`;
}
