import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import { type Address, addressText } from "../../src/model/address.ts";
import type { Host, NginxProcess } from "../../src/model/host.ts";
import { type NginxProxy, proxyTargets } from "../../src/model/nginx.ts";
import { type Connections, connections, type Processes, processes } from "../../src/model/units.ts";
import { byDefault, derive, holds, type Value } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";
import type { Span } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "More connections to one backend address than there are local ports",
    since: "0.1.0",
    sources: [
      "Linux Documentation/networking/ip-sysctl.rst, ip_local_port_range",
      "ip(7), EADDRNOTAVAIL of connect(2)",
      "nginx ngx_http_proxy_module, proxy_bind",
    ],
  },
  docs: () => ({
    what: "Compares the connections that nginx may have open to its backend, half of the slots and descriptors of all workers, with the ports of `net.ipv4.ip_local_port_range` (28,232 by default) for each address of that backend.",
    why: "A connection needs a port that is free towards that address and port. The next one fails with `Cannot assign requested address`, and the client gets a 502 though everything else has room.",
    fix: "A unix socket for a backend of the same machine: it needs no ports. Or several addresses in the upstream, `keepalive` so that connections are used again, a wider `net.ipv4.ip_local_port_range`.",
    exceptions:
      "An info, since nobody may ever open that many; a warning where the declared load (`--concurrent`) needs them. Not judged with `proxy_bind`, for names, which may stand for several addresses, and for a gunicorn of this host that takes in fewer.",
  }),
  examples: () => [
    {
      title: "65,535 slots in front of one address",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 2;\nworker_rlimit_nofile 200000;\nevents {\n  worker_connections ⟦65535⟧;\n}\nhttp {\n  upstream backend {\n    «server 10.0.0.5:9000;»\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://backend;\n    }\n  }\n}\n",
      },
      findings: ["nginx may open 65532 connections to 10.0.0.5:9000, but has 28232 local ports for them"],
    },
    {
      title: "Several backends have one cause, and one finding",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 4;\nworker_rlimit_nofile 131072;\nevents {\n  worker_connections 32768;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      «proxy_pass http://10.0.0.5:9000;»\n    }\n    location /api/ {\n      proxy_pass http://10.0.0.6:9000;\n    }\n  }\n}\n",
      },
      findings: [
        "nginx may open 65532 connections to 10.0.0.5:9000 and as many to 1 more, but has 28232 local ports for them",
      ],
    },
    {
      title: "Quiet: a wider range and a second address",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 2;\nworker_rlimit_nofile 200000;\nevents {\n  worker_connections 65535;\n}\nhttp {\n  upstream backend {\n    server 10.0.0.5:9000;\n    server 10.0.0.6:9000;\n  }\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://backend;\n    }\n  }\n}\n",
        "etc/sysctl.d/50-ports.conf": "net.ipv4.ip_local_port_range = 1024 65535\n",
      },
    },
    {
      title: "Quiet: a unix socket needs no ports",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 2;\nworker_rlimit_nofile 200000;\nevents {\n  worker_connections 65535;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://unix:/run/backend.sock;\n    }\n  }\n}\n",
      },
    },
    {
      title: "Quiet: the usual 1,024 slots",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes auto;\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
      },
      facts: { cpus: "8" },
    },
  ],
  *check(host, ask) {
    const { concurrent, headroom } = host.facts;
    for (const nginx of host.nginx) {
      if (nginx.configuration.scope !== "main") continue;
      const { localPorts } = nginx.environment;
      const slots = bySlots(nginx);
      const open = withinDescriptors(nginx, slots);
      const load = derive(
        "clients of the declared load",
        "concurrent clients x headroom",
        [concurrent, headroom],
        (clients, times) => clients * times,
      );
      const backends = groupBy(
        nginx.configuration.proxies.flatMap((proxy) => backendOf(host, proxy)),
        ({ name }) => name,
      ).flatMap(([backend]) => backend ?? []);
      const short = groupBy(backends, ({ addresses }) => String(addresses)).flatMap((same) => {
        const ports = portsTo(same[0]?.addresses ?? 1, localPorts);
        if (holds([ports, slots], (least, most) => least < most) !== "yes") return [];
        return ask.below(ports, open) ? [{ same, ports }] : [];
      });
      for (const { same, ports } of short) {
        const [backend, ...others] = same;
        if (backend === undefined) continue;
        const expected = holds([ports, load], (room, clients) => room < clients) === "yes";
        const each =
          others.length === 0
            ? ""
            : ` and as many to ${others.length === 1 ? "1 more" : `each of ${others.length} more`}`;
        yield {
          at: backend.at,
          severity: expected ? "warning" : "info",
          message: `nginx may open ${valueText(open)} connections to ${backend.name}${each}, but has ${valueText(ports)} local ports for them`,
          why: "The next connection fails with `Cannot assign requested address`, and the client gets a 502.",
          because: [open, ports, ...(expected ? [load] : [])],
          help: "a unix socket, more addresses in the upstream, or a wider net.ipv4.ip_local_port_range",
        };
      }
    }
  },
});

function portsTo(addresses: number, localPorts: Value<Connections>): Value<Connections> {
  return derive(
    "local ports towards the backend",
    `ports of net.ipv4.ip_local_port_range x ${addresses} ${addresses === 1 ? "address" : "addresses"}`,
    [localPorts],
    (each) => connections(each * addresses),
  );
}

interface Backend {
  readonly name: string;
  readonly at: Span;
  /** Different addresses among which the requests are spread. */
  readonly addresses: number;
}

/** What a proxy_pass connects to; nothing where it is not certain that each connection needs a port of its own. */
function backendOf(host: Host, proxy: NginxProxy): Backend[] {
  const targets = proxyTargets(proxy);
  const [first] = targets;
  if (first === undefined || proxy.bound || targets.some(({ address }) => !isNumeric(address))) return [];
  if (proxy.upstream?.servers.some((server) => !server.address.known) === true) return [];
  const taken = host.links.filter((link) => link.proxy === proxy);
  if (taken.some(({ gunicorn }) => !isUnlimited(gunicorn.configuration.concurrency))) return [];
  const addresses = new Set(targets.map(({ address }) => addressText(address))).size;
  return [
    {
      name: addresses === 1 ? addressText(first.address) : `upstream ${proxy.upstream?.name ?? ""}`,
      at: first.at,
      addresses,
    },
  ];
}

function isNumeric(address: Address): boolean {
  return address.kind === "tcp" && /^(?:\d+\.\d+\.\d+\.\d+|\[.*\])$/.test(address.host);
}

function isUnlimited(concurrency: Value<number>): boolean {
  return concurrency.known && concurrency.value === Number.POSITIVE_INFINITY;
}

/** Where the number of CPUs decides and is not known, it is at least one. */
function workersOf({ workers }: NginxProcess): Value<Processes> {
  if (workers.known) return workers;
  return byDefault("nginx workers, at least", processes(1), {
    program: "nginx",
    versions: "all",
    source: "nginx ngx_core_module, worker_processes",
  });
}

/** A client and its backend take a slot each. */
function bySlots(nginx: NginxProcess): Value<Connections> {
  const { configuration } = nginx;
  const sockets = configuration.listens.length;
  return derive(
    "backend connections that the slots hold",
    "workers x (worker_connections - listening sockets - 1) / 2",
    [workersOf(nginx), configuration.workerConnections],
    (count, slots) => connections(count * Math.floor(Math.max(0, slots - sockets - 1) / 2)),
  );
}

function withinDescriptors(nginx: NginxProcess, slots: Value<Connections>): Value<Connections> {
  const { workerNofile, workerOverhead } = nginx;
  return derive(
    "backend connections at once",
    "as many as the slots hold, at most workers x (nofile limit - other descriptors) / 2",
    [slots, workersOf(nginx), workerNofile, workerOverhead],
    (most, each, limit, others) =>
      connections(Math.min(most, each * Math.floor(Math.max(0, limit - others) / 2))),
  );
}
