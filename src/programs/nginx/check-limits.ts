import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { Span } from "../../text/span.ts";
import { addLimitZone, nameZone } from "./check-zones.ts";
import { type Network, networkText, parseNetwork } from "./cidr.ts";
import type { Complaints } from "./complaint.ts";
import { parseNumber, parseSize } from "./parse-value.ts";
import type { PlacedDirective } from "./placement.ts";
import { namedBefore, type Refuse, type SetterCall, type SetterCheck } from "./setter-call.ts";

const leastZone = 8 * 4096;

/** `limit_req_zone` and `limit_conn_zone` (src/http/modules/ngx_http_limit_req_module.c, ..._limit_conn_module.c). */
export const checkLimitZone: SetterCheck = (call, refuse) => {
  const { placed, version } = call;
  let zone = false;
  for (const word of placed.directive.args.slice(1)) {
    const fault = zoneFault(word, placed.name);
    if (word.text.startsWith("zone=")) zone = true;
    if (fault === undefined || (word.text === "sync" && version === undefined)) continue;
    refuse(fault, word);
    return;
  }
  if (zone) addLimitZone(call, refuse);
  else refuse(`"${placed.name}" must have "zone" parameter`);
};

function zoneFault({ text }: NginxWord, directive: string): string | undefined {
  if (text.startsWith("zone=")) {
    const [, size] = /^zone=[^:]*:(.*)$/s.exec(text) ?? [];
    const bytes = size === undefined ? undefined : parseSize(size);
    if (bytes === undefined) return `invalid zone size "${text}"`;
    return bytes < leastZone ? `zone "${text}" is too small` : undefined;
  }
  if (directive === "limit_req_zone" && text.startsWith("rate=")) {
    const rate = text.slice("rate=".length).replace(/r\/[sm]$/, "");
    return parseNumber(rate) ? undefined : `invalid rate "${text}"`;
  }
  return `invalid parameter "${text}"`;
}

/** `limit_req`, which refuses a zone that its level already has. */
export const checkLimitReq: SetterCheck = (call, refuse) => {
  let zone: string | undefined;
  for (const word of call.placed.directive.args) {
    const [, key = word.text, value = ""] = /^(zone|burst|delay)=(.*)$/s.exec(word.text) ?? [];
    if (key === "zone") {
      zone = value;
      nameZone(call, refuse, value, "limit_req");
    } else if (key === "nodelay" || ((key === "burst" || key === "delay") && parseNumber(value))) continue;
    else {
      refuse(
        key === "burst" || key === "delay"
          ? `invalid ${key} value "${word.text}"`
          : `invalid parameter "${word.text}"`,
        word,
      );
      return;
    }
  }
  if (zone === undefined) refuse('"limit_req" must have "zone" parameter');
  else {
    refuseRepeated(call, refuse, zone);
  }
};

/** `limit_conn`, which refuses a zone that its level already has. */
export const checkLimitConn: SetterCheck = (call, refuse) => {
  const [zone = "", number = ""] = call.placed.args;
  nameZone(call, refuse, zone, "limit_conn");
  refuseRepeated(call, refuse, zone);
  const most = parseNumber(number);
  if (!most) refuse(`invalid number of connections "${number}"`, call.placed.directive.arg(1));
  else if (most > 65_535) refuse("connection limit must be less 65536", call.placed.directive.arg(1));
};

function refuseRepeated(call: SetterCall, refuse: Refuse, zone: string): void {
  const first = namedBefore(call, zone);
  if (first === undefined) return;
  refuse(`"${call.placed.name}" directive is duplicate`, undefined, {
    rule: "nginx/duplicate",
    because: [{ message: "it is set here first", at: first.at }],
  });
}

/** `allow` and `deny` (src/http/modules/ngx_http_access_module.c): an address, a network, `unix:` or `all`. */
export const checkAccess: SetterCheck = ({ placed, complaints }, refuse) => {
  const word = placed.directive.arg(0);
  if (word === undefined || word.text === "all" || word.text === "unix:") return;
  const network = parseNetwork(word.text);
  if (network === undefined)
    refuse(`invalid parameter "${word.text}"`, word, {
      help: "Write an address, a network such as 192.0.2.0/24, or all.",
    });
  else warnOfLowBits(placed, word, network, complaints);
};

/** `set_real_ip_from`, `debug_connection`, `geoip_proxy`; a name is asked of the machine. */
export const checkTrusted: SetterCheck = ({ placed, complaints }) => {
  const word = placed.directive.arg(0);
  const network = word === undefined ? undefined : parseNetwork(word.text);
  if (word !== undefined && network !== undefined) warnOfLowBits(placed, word, network, complaints);
};

/** Bits of an address behind the prefix, which nginx clears (ngx_ptocidr). */
export function warnOfLowBits(
  placed: PlacedDirective,
  { text, span }: { readonly text: string; readonly span: Span },
  network: Network,
  complaints: Complaints,
): void {
  if (!network.lowBits) return;
  complaints.print(placed, `low address bits of ${text} are meaningless`);
  complaints.warn(
    placed,
    "nginx/low-address-bits",
    `low address bits of ${text} are meaningless: nginx takes it for ${networkText(network)}`,
    {
      at: span,
      help: `Write ${networkText(network)}, or ${text.slice(0, text.indexOf("/"))} where only that address is meant.`,
    },
  );
}
