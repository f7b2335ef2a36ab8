import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { parseListen, parseTarget } from "./parse-address.ts";
import { parseNumber, parseTime } from "./parse-value.ts";
import type { SetterCheck } from "./setter-call.ts";

const isSeconds = (text: string): boolean => parseTime(text, "seconds") !== undefined;

/** src/core/nginx.c ngx_set_cpu_affinity */
export const checkCpuAffinity: SetterCheck = ({ placed }, refuse) => {
  const words = placed.directive.args;
  const auto = words[0]?.text === "auto";
  if (auto && words.length > 2) {
    refuse('invalid number of arguments in "worker_cpu_affinity" directive', words[2]);
    return;
  }
  for (const word of auto ? words.slice(1) : words) {
    if (word.text.length > mostCpus)
      refuse(`"worker_cpu_affinity" supports up to ${mostCpus} CPUs only`, word);
    else {
      const wrong = [...word.text].reverse().find((character) => !/[01 ]/.test(character));
      if (wrong === undefined) continue;
      refuse(`invalid character "${wrong}" in "worker_cpu_affinity"`, word, {
        help: "Write a mask of 0 and 1, the first CPU last.",
      });
    }
    return;
  }
};

const mostCpus = 1024;

/** `expires` (ngx_http_parse_expires); a variable is looked at when a request comes. */
export const checkExpires: SetterCheck = ({ placed }, refuse) => {
  const [first, second] = placed.directive.args;
  if (first === undefined) return;
  const modified = second !== undefined;
  if (modified && first.text !== "modified") {
    refuse('"expires" directive invalid value', first);
    return;
  }
  const word = second ?? first;
  const { text } = word;
  if (text.includes("$") || (!modified && /^(?:epoch|max|off)$/.test(text))) return;
  if (text.startsWith("@") && modified) {
    refuse('"expires" directive daily time cannot be used with "modified" parameter', word);
    return;
  }
  const seconds = parseTime(text.replace(/^[-+@]/, ""), "seconds");
  if (seconds === undefined)
    refuse('"expires" directive invalid value', word, {
      help: "Write a time such as 30d, or epoch, max, off.",
    });
  else if (text.startsWith("@") && seconds > 86_400)
    refuse('"expires" directive daily time value must be less than 24 hours', word);
};

/** `proxy_cache_valid` and its like (ngx_http_file_cache_valid_set_slot). */
export const checkCacheValid: SetterCheck = ({ placed }, refuse) => {
  const words = placed.directive.args;
  const time = words.at(-1);
  if (time !== undefined && !isSeconds(time.text)) {
    refuse(`invalid time value "${time.text}"`, time);
    return;
  }
  const wrong = words.slice(0, -1).find(({ text }) => {
    const status = parseNumber(text);
    return text !== "any" && (status === undefined || status < 100 || status > 599);
  });
  if (wrong !== undefined) refuse(`invalid status "${wrong.text}"`, wrong);
};

/** src/http/ngx_http_core_module.c ngx_http_disable_symlinks */
export const checkDisableSymlinks: SetterCheck = ({ placed }, refuse) => {
  const words = placed.directive.args;
  const wrong = words.find(({ text }) => !/^(?:off|on|if_not_owner|from=.*)$/s.test(text));
  const modes = words.filter(({ text }) => !text.startsWith("from="));
  if (wrong !== undefined) refuse(`invalid parameter "${wrong.text}"`, wrong);
  else if (modes.length === 0) refuse('"disable_symlinks" must have "off", "on" or "if_not_owner" parameter');
  else if (words.length === modes.length && words.length > 1)
    refuse(`duplicate parameters "${words[0]?.text} ${words[1]?.text}"`, words[1]);
  else if (words.length > 1 && modes.at(-1)?.text === "off")
    refuse('"from=" cannot be used with "off" parameter', words[1]);
};

/** src/core/ngx_resolver.c ngx_resolver_create; names are asked of the machine. */
export const checkResolver: SetterCheck = ({ placed, version }, refuse) => {
  let servers = 0;
  const off = new Set<string>();
  for (const word of placed.directive.args) {
    const [, key, value = ""] = /^(valid|ipv4|ipv6|status_zone)=(.*)$/s.exec(word.text) ?? [];
    if (key === "status_zone" && version === undefined) continue;
    const isFamily =
      key === "ipv6" || (key === "ipv4" && (version === undefined || version.atLeast("1.23.1")));
    if (isFamily && value === "off") off.add(key ?? "");
    if (key === "valid" ? isSeconds(value) : isFamily && /^(?:on|off)$/.test(value)) continue;
    if (key === "valid" || isFamily) {
      refuse(`invalid parameter: ${word.text}`, word);
      return;
    }
    const parsed = parseTarget(word.text, 53);
    if (!parsed.ok) {
      refuse(`${parsed.error} in resolver "${word.text}"`, word);
      return;
    }
    servers += 1;
  }
  if (off.size === 2) refuse('"ipv4" and "ipv6" cannot both be "off"');
  else if (servers === 0) refuse("no name servers defined");
};

/** `proxy_bind` and its like (ngx_http_upstream_bind_set_slot): an address, with a port since 1.11.2. */
export const checkBind: SetterCheck = ({ placed }, refuse) => {
  const [address, second] = placed.directive.args;
  if (address === undefined || (address.text === "off" && second === undefined)) return;
  if (!address.text.includes("$") && !isAddress(address))
    refuse(`invalid address "${address.text}"`, address);
  else if (second !== undefined && second.text !== "transparent")
    refuse(`invalid parameter "${second.text}"`, second);
};

/** ngx_parse_addr_port: IPv6 stands in brackets where a port follows. */
function isAddress({ text }: NginxWord): boolean {
  const [, bracketed, bracketedPort] = /^\[(.*)\]:(\d+)$/.exec(text) ?? [];
  if (bracketed !== undefined) return isInet6(bracketed) && isPort(bracketedPort ?? "");
  if (text.split(":").length > 2) return isInet6(text);
  const [host = "", port] = text.split(":");
  const parts = host.split(".");
  const inet = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return inet && (port === undefined || isPort(port));
}

function isInet6(text: string): boolean {
  return parseListen(`[${text}]`, 1).ok;
}

function isPort(text: string): boolean {
  const port = parseNumber(text);
  return port !== undefined && port >= 1 && port <= 65_535;
}

/** src/http/modules/ngx_http_log_module.c ngx_http_log_open_file_cache */
export const checkOpenLogFileCache: SetterCheck = ({ placed }, refuse) => {
  let most = 0;
  let off = false;
  for (const word of placed.directive.args) {
    const [, key, value = ""] = /^(max|min_uses|inactive|valid)=(.*)$/s.exec(word.text) ?? [];
    const number = key === "max" || key === "min_uses" ? parseNumber(value) : undefined;
    if (key === "max") most = number ?? 0;
    if (word.text === "off") off = true;
    else if (number === undefined && (key === undefined || /^m/.test(key) || !isSeconds(value))) {
      refuse(`invalid "open_log_file_cache" parameter "${word.text}"`, word);
      return;
    }
  }
  if (!off && most === 0) refuse('"open_log_file_cache" must have "max" parameter');
};

const facilities =
  /^(?:kern|user|mail|daemon|auth|intern|lpr|news|uucp|clock|authpriv|ftp|ntp|audit|alert|cron|local[0-7])$/;
const severities = /^(?:emerg|alert|crit|error|warn|notice|info|debug)$/;

/** What `syslog:` of a log is followed by (src/core/ngx_syslog.c ngx_syslog_parse_args); undefined where it is right. */
export function syslogFault(text: string): string | undefined {
  const seen = new Set<string>();
  for (const part of text.slice("syslog:".length).split(",")) {
    const [, key, value = ""] = /^(server|facility|severity|tag)=(.*)$/s.exec(part) ?? [];
    if (key === undefined && part !== "nohostname") return `unknown syslog parameter "${part}"`;
    if (key === undefined) continue;
    if (seen.has(key)) return `duplicate syslog "${key}"`;
    seen.add(key);
    if (key === "facility" && !facilities.test(value)) return `unknown syslog facility "${value}"`;
    if (key === "severity" && !severities.test(value)) return `unknown syslog severity "${value}"`;
    if (key === "tag" && value.length > 32) return "syslog tag length exceeds 32";
    if (key === "tag" && !/^[0-9a-z_]*$/i.test(value))
      return 'syslog "tag" only allows alphanumeric characters and underscore';
    const server = key === "server" ? parseTarget(value, 514) : undefined;
    if (server?.ok === false) return `${server.error} in syslog server "${value}"`;
  }
  return seen.has("server") ? undefined : "no syslog server specified";
}
