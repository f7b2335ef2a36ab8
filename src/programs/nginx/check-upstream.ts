import { locationName } from "./check-location.ts";
import { addTarget } from "./check-targets.ts";
import { parseTarget } from "./parse-address.ts";
import { parseNumber, parseTime } from "./parse-value.ts";
import type { SetterCall, SetterCheck } from "./setter-call.ts";

/** Methods of balancing: the last one before a server decides whether it can be a spare one. */
const methods = /^(?:ip_hash|hash|random|least_conn|least_time)$/;
const withBackup = /^least_/;

/** `server` of an upstream (src/http/ngx_http_upstream.c ngx_http_upstream_server, and that of stream). */
export const checkUpstreamServer: SetterCheck = (call, refuse) => {
  const [address, ...parameters] = call.placed.directive.args;
  if (address === undefined) return;
  for (const word of parameters) {
    const { text } = word;
    const [, key = text, value = ""] =
      /^(weight|max_conns|max_fails|fail_timeout|slow_start|route|service)=(.*)$/s.exec(text) ?? [];
    if (key === "backup") {
      const method = methodBefore(call);
      if (method === undefined || withBackup.test(method)) continue;
      refuse('balancing method does not support parameter "backup"', word);
      return;
    }
    if (isParameter(call, key, value)) continue;
    refuse(`invalid parameter "${text}"`, word);
    return;
  }
  const parsed = parseTarget(address.text, 80);
  if (!parsed.ok) refuse(`${parsed.error} in upstream "${address.text}"`, address);
  else if (
    call.context === "W" &&
    !/^unix:|:\d+$/i.test(address.text) &&
    !parameters.some((word) => /^service=/.test(word.text))
  )
    refuse(`no port in upstream "${address.text}"`, address);
};

function methodBefore({ placed }: SetterCall): string | undefined {
  const before = placed.level.directives.filter(({ order }) => order < placed.order);
  return before.findLast(({ name }) => methods.test(name))?.name;
}

function isParameter({ version }: SetterCall, key: string, value: string): boolean {
  if (key === "weight") return (parseNumber(value) ?? 0) > 0;
  if (key === "max_conns" || key === "max_fails") return parseNumber(value) !== undefined;
  if (key === "fail_timeout") return parseTime(value, "seconds") !== undefined;
  if (key === "down") return true;
  // Parameters of nginx Plus that nginx has taken over since, and those that it has not.
  if (key === "resolve" || key === "service") return version === undefined || version.atLeast("1.27.3");
  return version === undefined && /^(?:slow_start|route|drain)$/.test(key);
}

/** `proxy_pass` of http (src/http/modules/ngx_http_proxy_module.c ngx_http_proxy_pass). */
export const checkProxyPass: SetterCheck = (call, refuse) => {
  const word = call.placed.directive.arg(0);
  if (word === undefined || word.text.includes("$")) return;
  const scheme = /^https?:\/\//i.exec(word.text)?.[0];
  if (scheme === undefined) {
    refuse("invalid URL prefix", word, { help: `"${word.text}" must begin with http:// or https://.` });
    return;
  }
  const rest = word.text.slice(scheme.length);
  const unix = /^unix:/i.test(rest);
  const end = unix ? rest.indexOf(":", "unix:".length) : rest.search(/[/?]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const parsed = parseTarget(authority, scheme.length === 7 ? 80 : 443);
  if (!parsed.ok) {
    refuse(`${parsed.error} in upstream "${rest}"`, word);
    return;
  }
  addTarget(call, refuse, authority, scheme.length === 7 ? 80 : 443);
  const path = end === -1 ? "" : rest.slice(unix ? end + 1 : end);
  if (path === "" || !hasNoPath(call)) return;
  refuse(
    '"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block',
    word,
    { help: `Leave out "${path}".` },
  );
};

function hasNoPath({ placed, context }: SetterCall): boolean {
  const owner = placed.level.owner;
  if (context === "J" || context === "K") return true;
  if (owner?.name !== "location" || owner.directive.hole) return false;
  const location = locationName(owner);
  return location?.kind === "regex" || location?.kind === "named";
}
