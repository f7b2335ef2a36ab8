import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { locationName } from "./check-location.ts";
import { addTarget, checkEarlierPorts, isNumeric } from "./check-targets.ts";
import { parseTarget } from "./parse-address.ts";
import { parseNumber, parseTime } from "./parse-value.ts";
import type { Refuse, SetterCall, SetterCheck } from "./setter-call.ts";

/** Methods of balancing: the last one before a server decides whether it can be a spare one. */
const methods = /^(?:ip_hash|hash|random|least_conn|least_time)$/;
const withBackup = /^least_/;

/** The name of an upstream (ngx_http_upstream and that of stream). */
export const checkUpstreamName: SetterCheck = (call, refuse) => {
  const name = call.placed.args[0] ?? "";
  const { upstreams, streamUpstreams } = call.declared;
  const known = call.context === "T" ? streamUpstreams : upstreams;
  const first = known.get(name.toLowerCase());
  if (first === undefined) {
    checkEarlierPorts(call);
    known.set(name.toLowerCase(), call.placed);
  } else if (!call.placed.directive.file.conditional && !first.directive.file.conditional)
    refuse(`duplicate upstream "${name}"`, undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "it is defined here first", at: first.at }],
    });
};

/** Bytes of a session's route: an MD5 sum in hexadecimal digits. */
const longestRoute = 32;

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
    if (!isParameter(call, key, value))
      refuse(`invalid parameter "${text}"`, word, { help: parameterHelp(call, key) });
    else if (key === "route" && value === "") refuse("route is empty", word);
    else if (key === "route" && value.length > longestRoute)
      refuse(`route is longer than ${longestRoute}`, word);
    else if (key === "service" && value === "") refuse("service is empty", word);
    else continue;
    return;
  }
  checkServerAddress(call, refuse, address, parameters);
};

function checkServerAddress(
  call: SetterCall,
  refuse: Refuse,
  address: NginxWord,
  parameters: readonly NginxWord[],
): void {
  const service = parameters.find(({ text }) => text.startsWith("service="));
  const { text } = address;
  if (service !== undefined && !parameters.some((word) => word.text === "resolve")) {
    refuse(`service upstream "${text}" requires "resolve" parameter`, service, {
      help: "A service is looked up in DNS at run time: write resolve, too.",
    });
    return;
  }
  const parsed = parseTarget(text, 80);
  const writesPort = /^unix:|:\d+$/i.test(text) && !text.endsWith("]");
  if (!parsed.ok) refuse(`${parsed.error} in upstream "${text}"`, address);
  else if (call.context === "W" && !writesPort && service === undefined)
    refuse(`no port in upstream "${text}"`, address, { help: "Write the port: stream has no default." });
  else if (service === undefined) return;
  else if (writesPort && parsed.address.kind === "tcp")
    refuse(`service upstream "${text}" may not have port`, address, {
      help: "The SRV records of the service tell the port.",
    });
  else if (parsed.address.kind !== "tcp" || isNumeric(parsed.address.host))
    refuse(`service upstream "${text}" requires domain name`, address, {
      help: "service= asks DNS for the SRV records of a name: an address has none.",
    });
}

function methodBefore({ placed }: SetterCall): string | undefined {
  const before = placed.level.directives.filter(({ order }) => order < placed.order);
  return before.findLast(({ name }) => methods.test(name))?.name;
}

/** Parameters of nginx Plus that nginx has taken over since, with the version. */
const takenOver: Readonly<Record<string, string>> = {
  resolve: "1.27.3",
  service: "1.27.3",
  route: "1.29.6",
  drain: "1.29.6",
};

function isParameter({ version, context }: SetterCall, key: string, value: string): boolean {
  if (key === "weight") return (parseNumber(value) ?? 0) > 0;
  if (key === "max_conns" || key === "max_fails") return parseNumber(value) !== undefined;
  if (key === "fail_timeout") return parseTime(value, "seconds") !== undefined;
  if (key === "down") return true;
  if (context === "W" && (key === "route" || key === "drain")) return version === undefined;
  const since = takenOver[key];
  if (since !== undefined) return version === undefined || version.atLeast(since);
  return version === undefined && key === "slow_start";
}

function parameterHelp({ context }: SetterCall, key: string): string {
  if (key === "weight") return "Write a whole number from 1 on.";
  if (key === "max_conns" || key === "max_fails") return "Write a whole number.";
  if (key === "fail_timeout") return "Write a time such as 10s.";
  const since = context === "W" && /^(?:route|drain)$/.test(key) ? undefined : takenOver[key];
  if (since !== undefined) return `nginx knows ${key} since ${since}.`;
  if (key === "slow_start") return "Only nginx Plus knows it.";
  return "The parameters of a server are weight=, max_conns=, max_fails=, fail_timeout=, backup and down.";
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
  const end = unix ? rest.indexOf(":", "unix:".length) : rest.search(rest.startsWith("[") ? /\// : /[/?]/);
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
