import { inetNumber } from "./cidr.ts";
import type { Complaints } from "./complaint.ts";
import { parseTarget } from "./parse-address.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { Refuse, SetterCall, SetterCheck } from "./setter-call.ts";

/** An address in a `..._pass`, or the name of an upstream. */
export interface Target {
  /** In lower case, as upstreams compare. */
  readonly host: string;
  /** 0 where neither the address nor the directive gives one. */
  readonly port: number;
  readonly writesPort: boolean;
  readonly unix: boolean;
  readonly placed: PlacedDirective;
}

/** Schemes that stand before the address, by directive. */
const schemes: Readonly<Record<string, RegExp>> = {
  uwsgi_pass: /^s?uwsgi:\/\//i,
  grpc_pass: /^grpcs?:\/\//i,
};

/** `fastcgi_pass` and its like, and `proxy_pass` of stream, whose addresses have no port by default. */
export const checkPass: SetterCheck = (call, refuse) => {
  const word = call.placed.directive.arg(0);
  if (word === undefined || (word.text.includes("$") && call.placed.name !== "memcached_pass")) return;
  const address = word.text.replace(schemes[call.placed.name] ?? /^$/, "");
  const parsed = parseTarget(address, 0);
  if (!parsed.ok) refuse(`${parsed.error} in upstream "${address}"`, word);
  else addTarget(call, refuse, address, 0);
};

/** `pass` of stream: an address with a port, no name (src/stream/ngx_stream_pass_module.c). */
export const checkStreamPass: SetterCheck = (call, refuse) => {
  const word = call.placed.directive.arg(0);
  if (word === undefined || word.text.includes("$")) return;
  const parsed = parseTarget(word.text, 0);
  if (!parsed.ok) refuse(`${parsed.error} in "${word.text}" of the "pass" directive`, word);
  else if (parsed.address.kind === "tcp" && !isNumeric(parsed.address.host))
    refuse('"pass" directive has no addresses', word, {
      help: "Write an address: pass does not look up names.",
    });
  else if (parsed.address.kind === "tcp" && parsed.address.port === 0)
    refuse('"pass" directive has no port', word);
};

/** Whether it is an address and no name. */
export function isNumeric(host: string): boolean {
  return host.startsWith("[") || inetNumber(host) !== undefined;
}

/** Notes what a `..._pass` names; an upstream of that name may not be given a port (ngx_http_upstream_add). */
export function addTarget(call: SetterCall, refuse: Refuse, address: string, defaultPort: number): void {
  const parsed = parseTarget(address, defaultPort);
  if (!parsed.ok || call.placed.directive.file.conditional) return;
  const unix = parsed.address.kind === "unix";
  const writesPort = !unix && /:\d+$/.test(address) && !/\]$/.test(address);
  const port = parsed.address.kind === "tcp" ? parsed.address.port : 0;
  const host = parsed.address.kind === "tcp" ? parsed.address.host.toLowerCase() : address;
  const upstream = upstreamsOf(call).get(host);
  if (upstream !== undefined && writesPort) {
    refuse(`upstream "${hostText(address)}" may not have port ${port}`, call.placed.directive.arg(0), {
      because: [{ message: "the upstream is defined here; its servers have the ports", at: upstream.at }],
    });
    return;
  }
  const key = `${isStream(call) ? "stream" : "http"} ${host}`;
  const ports = call.declared.targetPorts.get(key);
  // One with another port is another upstream; one without a port is the first of its name.
  if (ports !== undefined && (port === 0 || ports.has(0) || ports.has(port))) return;
  if (ports === undefined) call.declared.targetPorts.set(key, new Set([port]));
  else ports.add(port);
  targetsOf(call).push({ host, port, writesPort, unix, placed: call.placed });
}

/** A `..._pass` that stood before the upstream it names, and gave it a port. */
export function checkEarlierPorts(call: SetterCall): void {
  const name = call.placed.args[0] ?? "";
  const before = targetsOf(call).find(({ host, writesPort }) => writesPort && host === name.toLowerCase());
  if (before === undefined) return;
  const { directive } = before.placed;
  call.complaints.refuseAt(
    call.placed.order,
    before.placed,
    "nginx/value",
    `upstream "${name}" may not have port ${before.port}`,
    { because: [{ message: "it names this upstream", at: call.placed.at }] },
    { file: directive.file.source, line: directive.line },
  );
}

/**
 * Addresses without a port that are no upstream, which nginx finds when the block ends
 * (ngx_http_upstream_init_round_robin).
 */
export function checkPorts(
  owner: PlacedDirective,
  targets: readonly Target[],
  upstreams: ReadonlyMap<string, PlacedDirective>,
  complaints: Complaints,
): void {
  for (const { host, port, unix, placed } of targets) {
    if (port !== 0 || unix || upstreams.has(host)) continue;
    const { directive } = placed;
    const word = directive.arg(0);
    complaints.refuseAt(
      owner.closed,
      placed,
      "nginx/value",
      `no port in upstream "${hostText((word?.text ?? "").replace(schemes[placed.name] ?? /^$/, ""))}"`,
      {
        ...(word === undefined ? {} : { at: word.span }),
        help: "Write the port, or define an upstream of this name.",
        absent: true,
      },
      { file: directive.file.source, line: directive.line },
    );
  }
}

/** `resolve` without the zone or the resolver that it needs (since 1.27.3, ngx_http_upstream_init_round_robin). */
export function checkResolve(owner: PlacedDirective, block: Level, complaints: Complaints): void {
  for (const upstream of block.named("upstream")) {
    const level = upstream.block;
    // An address is not looked up.
    const server = level
      ?.named("server")
      .find(({ args: [address = "", ...parameters] }) => parameters.includes("resolve") && isName(address));
    if (level === undefined || server === undefined || upstream.directive.file.conditional) continue;
    const name = upstream.args[0] ?? "";
    const { source } = upstream.directive.file;
    const place = `upstream "${name}" in /${source.path}:${upstream.directive.line}`;
    const inMemory = level.named("zone").length > 0;
    if (inMemory && (level.named("resolver").length > 0 || block.named("resolver").length > 0)) continue;
    complaints.refuseAt(
      owner.closed,
      server,
      "nginx/value",
      inMemory
        ? `no resolver defined to resolve names at run time in ${place}`
        : `resolving names at run time requires ${place} to be in shared memory`,
      {
        message: inMemory
          ? `no resolver is defined to resolve the names of upstream "${name}" at run time`
          : `resolve needs a zone in upstream "${name}"`,
        help: inMemory ? "Write a resolver into http." : `Write zone ${name} 64k; into the upstream.`,
        absent: true,
      },
      undefined,
    );
  }
}

/** An upstream of which every server is a spare one (ngx_http_upstream_init_round_robin). */
export function checkSpares(owner: PlacedDirective, block: Level, complaints: Complaints): void {
  for (const upstream of block.named("upstream")) {
    const servers = upstream.block?.named("server") ?? [];
    const conditional = [upstream, ...servers].some(
      ({ directive }) => directive.file.conditional || directive.file.template,
    );
    if (servers.length === 0 || conditional) continue;
    const [first] = servers;
    if (first === undefined || !servers.every(({ args }) => args.slice(1).includes("backup"))) continue;
    const { directive } = upstream;
    complaints.refuseAt(
      owner.closed,
      first,
      "nginx/value",
      `no servers in upstream "${upstream.args[0] ?? ""}"`,
      {
        help: "At least one server must be without backup.",
        because: [{ message: "every server of it is a spare one", at: upstream.at }],
        absent: true,
      },
      { file: directive.file.source, line: directive.line },
    );
    return;
  }
}

function isName(address: string): boolean {
  const parsed = parseTarget(address, 80);
  return parsed.ok && parsed.address.kind === "tcp" && !isNumeric(parsed.address.host);
}

/** As nginx prints it: without the port. */
function hostText(address: string): string {
  return address.replace(/:\d+$/, "");
}

const isStream = ({ context }: SetterCall): boolean => "TVW".includes(context);

function upstreamsOf(call: SetterCall): Map<string, PlacedDirective> {
  return isStream(call) ? call.declared.streamUpstreams : call.declared.upstreams;
}

function targetsOf(call: SetterCall): Target[] {
  return isStream(call) ? call.declared.streamTargets : call.declared.targets;
}
