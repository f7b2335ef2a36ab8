import { defineRule } from "../../src/lint/rule.ts";
import { connections } from "../../src/model/units.ts";
import { derive, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "The connection slots do not hold the declared load",
    since: "0.1.0",
    sources: [
      "nginx ngx_core_module, worker_connections",
      "nginx src/core/ngx_connection.c, ngx_get_connection: clients, backends, listening sockets and the channel take slots",
    ],
  },
  docs: () => ({
    what: "With a declared load (`--concurrent`, and `--headroom`, 2 unless declared) compares what is needed, load x headroom, with what the workers can hold: workers x (worker_connections - listening sockets - 1), halved where nginx proxies, because each request then holds a second connection to the backend.",
    why: "When a worker has no free slot, nginx accepts the next client and closes it at once; when only the backend's slot is missing the client gets a 500.",
    fix: "Raise `worker_connections` (and the file descriptor limit with it), or run more workers where there are CPUs for them. Connections are not spread evenly over workers: a headroom of 2 is a minimum, 3 to 5 for spiky traffic.",
    exceptions:
      "Not judged without a declared load. Where every proxying server speaks HTTP/2 to its clients the slots are not halved, since one client connection carries many requests.",
  }),
  examples: () => [
    {
      title: "2,000 clients in flight with a headroom of 3 behind a proxy",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes ⟦4⟧;\nevents {\n  worker_connections «1024»;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
      },
      facts: { concurrent: "2000", headroom: "3" },
      findings: ["nginx holds 2044 proxied clients at once, but the declared load needs 6000"],
    },
    {
      title: "Quiet: the same host with enough slots",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 4;\nevents {\n  worker_connections 4096;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
      },
      facts: { concurrent: "2000", headroom: "3" },
    },
    {
      title: "Quiet: no load is declared",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 1;\nevents {\n  worker_connections 64;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
  ],
  *check(host, ask) {
    const { concurrent, headroom } = host.facts;
    for (const { configuration, workers, clientsAtOnce, proxies } of host.nginx) {
      if (configuration.scope !== "main" || !configuration.serves) continue;
      const needed = derive(
        "clients of the declared load",
        "concurrent clients x headroom",
        [concurrent, headroom],
        (load, times) => connections(load * times),
      );
      const load = ask.value(needed);
      if (load === undefined || !ask.below(clientsAtOnce, needed)) continue;
      const share = (load * (proxies ? 2 : 1)) / (workers.known ? workers.value : 1);
      const slots = Math.ceil(share) + configuration.listens.length + 1;
      yield {
        at: placeOf(configuration.workerConnections) ?? configuration.main,
        message: `nginx holds ${valueText(clientsAtOnce)} ${proxies ? "proxied " : ""}clients at once, but the declared load needs ${valueText(needed)}`,
        why: "A worker without a free slot closes new clients without an answer.",
        because: [clientsAtOnce, needed],
        help: `worker_connections of at least ${slots}, with a nofile limit of at least twice that`,
      };
    }
  },
});
