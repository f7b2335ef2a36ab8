import { type Ask, defineRule } from "../../src/lint/rule.ts";
import { isEveryAddress, isLoopback } from "../../src/model/address.ts";
import type { Listener } from "../../src/model/host.ts";
import { placeOf } from "../../src/model/value.ts";
import type { Span } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "gunicorn believes forwarded headers of everybody, on a port that others can reach",
    since: "0.1.0",
    sources: [
      "gunicorn documentation, Settings, forwarded_allow_ips and forwarder_headers",
      "gunicorn gunicorn/http/message.py, _peer_is_trusted_proxy (26.1)",
      "uvicorn middleware/proxy_headers.py: X-Forwarded-For of a trusted peer becomes the client address",
    ],
  },
  docs: () => ({
    what: "Reports `forwarded_allow_ips` of `*` (also by the variable FORWARDED_ALLOW_IPS) together with a TCP address that others than the local nginx can reach: an address of the machine other than the loopback, or a published port of a container.",
    why: "`*` makes every peer a trusted proxy. A client that connects directly may claim to come over HTTPS, set SCRIPT_NAME and, with uvicorn workers, choose the address that the application logs and limits.",
    fix: "Name the proxy: `--forwarded-allow-ips 127.0.0.1`, or the network of the proxy since gunicorn 24. Or bind to 127.0.0.1 or a unix socket, where only the proxy can connect; then `*` does no harm. Do not publish the port of a container that stands behind nginx.",
    exceptions:
      "In a container network without a published port `*` is usual and not reported. Where no nginx of this host is in front, a load balancer may be the only one that gets through: then it is an info.",
  }),
  examples: () => [
    {
      title: "Everybody is trusted on every interface",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn ⟦-b 0.0.0.0:8000⟧ «⟦--forwarded-allow-ips=*⟧» app:app\n",
      },
      findings: [
        "gunicorn (app.service) believes the forwarded headers of everybody (forwarded_allow_ips *) and listens on 0.0.0.0:8000",
      ],
    },
    {
      title: "Quiet: only nginx can connect",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b 127.0.0.1:8000 --forwarded-allow-ips=* app:app\n",
      },
    },
    {
      title: "Quiet: every interface with the default of 127.0.0.1",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -b 0.0.0.0:8000 app:app\n",
      },
    },
  ],
  *check(host, ask) {
    for (const gunicorn of host.gunicorn) {
      const { forwardedAllowIps } = gunicorn.configuration;
      const open = gunicorn.listeners.filter(isTcp);
      if (open.length === 0 || !ask.certain([forwardedAllowIps], (allowed) => allowed.includes("*")))
        continue;
      const place = open.map((listener) => reachableAt(listener, ask)).find((each) => each !== undefined);
      if (place === undefined) continue;
      yield {
        at: placeOf(forwardedAllowIps) ?? gunicorn.at,
        severity: host.links.some((link) => link.gunicorn === gunicorn) ? "warning" : "info",
        message: `${gunicorn.name} believes the forwarded headers of everybody (forwarded_allow_ips *) and ${place.message}`,
        why: `Whoever connects directly may claim HTTPS${gunicorn.program === "gunicorn" ? ", another path prefix" : ""} or another client address.`,
        because: [forwardedAllowIps, { message: place.message, at: place.at }],
        help: "name the proxy in forwarded_allow_ips, or let only the proxy connect",
      };
    }
  },
});

function isTcp({ address }: Listener): boolean {
  return address.kind === "tcp" && !isLoopback(address.host);
}

/** How others than the machine itself reach a listener; undefined where that is not certain. */
function reachableAt(
  { address, at, environment }: Listener,
  ask: Ask,
): { message: string; at: Span } | undefined {
  if (address.kind !== "tcp") return undefined;
  if (ask.certain([environment.ownNetwork], (own) => !own)) {
    const host = isEveryAddress(address.host) && address.host !== "[::]" ? "0.0.0.0" : address.host;
    return { message: `listens on ${host}:${address.port}`, at };
  }
  const port = environment.publishedPorts.find(
    (each) => each.target === address.port && !isLoopback(each.hostAddress),
  );
  return port && { message: `its port ${port.target} is published`, at: port.at };
}
