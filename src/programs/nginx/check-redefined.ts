import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { PlacedDirective } from "./placement.ts";
import { namedBefore, type Protocols, type SetterCall, type SetterCheck } from "./setter-call.ts";

/** One check, then the other. */
export function inTurn(one: SetterCheck, other: SetterCheck): SetterCheck {
  return (call, refuse) => {
    one(call, refuse);
    other(call, refuse);
  };
}

/** Words of a bit mask that the level has already (src/core/ngx_conf_file.c ngx_conf_set_bitmask_slot). */
export function warnOfRepeated(call: Pick<SetterCall, "placed" | "declared" | "complaints">): void {
  const { placed, complaints } = call;
  for (const word of placed.directive.args) {
    const first = namedBefore(call, word.text.toLowerCase());
    if (first === undefined) continue;
    const said = `duplicate value "${word.text}"`;
    complaints.print(placed, said);
    complaints.warn(placed, "nginx/repeated-value", said, {
      at: word.span,
      ...(first === placed ? {} : { because: [{ message: "it stands here first", at: first.at }] }),
      help: `Remove ${word.text} here.`,
    });
  }
}

/** Since 1.29.7 `keepalive` is no method of its own. */
const keepaliveApart = "1.29.7";

/** A method of load balancing, of which the last counts (`peer.init_upstream` of ngx_http_upstream_srv_conf_t). */
export function balancing(check?: SetterCheck): SetterCheck {
  return (call, refuse) => {
    warnOfMethod(call);
    check?.(call, refuse);
  };
}

const methods = ["hash", "ip_hash", "least_conn", "least_time", "random"];

function warnOfMethod({ placed, seen, version, complaints, context }: SetterCall): void {
  if (placed.directive.file.conditional) return;
  const earlier = (name: string): PlacedDirective | undefined => {
    const first = seen.get(name);
    return first === placed || first?.directive.file.conditional ? undefined : first;
  };
  const said = "load balancing method redefined";
  const at = placed.directive.nameSpan;
  const [method] = methods.flatMap((name) => earlier(name) ?? []);
  if (method !== undefined) {
    complaints.print(placed, said);
    const twice = placed.name === method.name;
    complaints.warn(
      placed,
      twice ? "nginx/repeated-value" : "nginx/replaced-value",
      `${said}: ${placed.name} ${twice ? "stands twice" : `replaces ${method.name}`}`,
      { at, because: [{ message: "it stands here first", at: method.at }], help: "Keep one of the two." },
    );
    return;
  }
  const sticky = earlier("sticky");
  const apart = version?.atLeast(keepaliveApart) === true;
  const lost = sticky ?? (context === "U" && !apart ? earlier("keepalive") : undefined);
  if (lost === undefined) return;
  const certain = sticky !== undefined || version !== undefined;
  if (certain) complaints.print(placed, said);
  const until = certain ? "" : ` up to nginx ${keepaliveApart}`;
  complaints.warn(
    placed,
    "nginx/replaced-value",
    `${placed.name} after ${lost.name} switches ${lost.name} off${until}`,
    {
      at,
      because: [{ message: "it stands here first", at: lost.at }],
      help: `Write ${lost.name} after ${placed.name}.`,
      ...(certain ? {} : { severity: "info" }),
    },
  );
}

const bits: Readonly<Record<string, number>> = { proxy_protocol: 1, ssl: 2, http2: 4 };

/**
 * `ssl`, `http2` and `proxy_protocol` belong to the address; nginx warns where its listens differ in a way that can
 * be no oversight: since 1.23.4 in http, since 1.25.5 in stream (ngx_http_add_addresses, ngx_stream_add_addresses).
 *
 * @param set whether this listen sets options of the socket
 * @param wasSet whether an earlier one did
 */
export function warnOfProtocols(
  { placed, version, context, complaints }: SetterCall,
  before: Protocols | undefined,
  parameters: readonly NginxWord[],
  address: string,
  [set, wasSet]: readonly [boolean, boolean],
): Protocols {
  const own = parameters.reduce(
    (sum, { text }) => sum | (Object.hasOwn(bits, text) ? (bits[text] ?? 0) : 0),
    0,
  );
  if (before === undefined) return { all: own, usual: undefined, changed: false, first: placed };
  const earlier = before.all;
  const added = (own | earlier) !== earlier;
  const removed = (own | earlier) !== own;
  const unusual = before.usual !== undefined && own !== before.usual;
  const redefined = added
    ? (wasSet && !set) || before.changed || removed
    : removed
      ? set || unusual
      : (set && before.changed) || unusual;
  const since = context === "S" ? "1.23.4" : "1.25.5";
  if (redefined && version?.atLeast(since) === true) {
    const said = `protocol options redefined for ${address}`;
    complaints.print(placed, said);
    complaints.warn(
      placed,
      "nginx/replaced-value",
      `${said}: all listens of the address together have ${named(own | earlier)}, this one says ${named(own)}`,
      {
        because: [{ message: "it is listened on here first", at: before.first.at }],
        help: "Write the same of ssl, http2 and proxy_protocol in each listen of the address.",
      },
    );
  }
  before.all |= own;
  before.usual = added ? earlier : own;
  before.changed ||= added || removed;
  return before;
}

function named(set: number): string {
  const names = Object.keys(bits).filter((name) => (set & (bits[name] ?? 0)) !== 0);
  return names.length === 0 ? "none of ssl, http2, proxy_protocol" : names.join(", ");
}
