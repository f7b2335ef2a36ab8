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
  if (word === undefined || word.text.includes("$")) return;
  const address = word.text.replace(schemes[call.placed.name] ?? /^$/, "");
  const parsed = parseTarget(address, 0);
  if (!parsed.ok) refuse(`${parsed.error} in upstream "${address}"`, word);
  else addTarget(call, refuse, address, 0);
};

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
    const server = level?.named("server").find(({ args }) => args.slice(1).includes("resolve"));
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
