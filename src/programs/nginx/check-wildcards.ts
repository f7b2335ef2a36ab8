import type { Complaints } from "./complaint.ts";
import type { Declared, DeclaredSocket } from "./setter-call.ts";

/**
 * An address with options of its own beside the wildcard of the same port: nginx opens both sockets, and the second
 * bind(2) fails. `nginx -t` lets EADDRINUSE pass (src/core/ngx_connection.c ngx_open_listening_sockets).
 */
export function checkWildcards({ sockets }: Declared, complaints: Complaints): void {
  for (const [key, socket] of sockets) {
    if (socket.options === undefined) continue;
    const wildcard = wildcardOf(key);
    const all = wildcard === undefined || wildcard === key ? undefined : sockets.get(wildcard);
    const [first] = all?.servers.values() ?? [];
    if (all === undefined || wildcard === undefined || first === undefined) continue;
    if (reuses(socket) && reuses(all)) continue;
    const address = wildcard.slice(wildcard.lastIndexOf(" ") + 1);
    complaints.warn(
      socket.options,
      "nginx/listen-wildcard-and-address",
      `nginx -t accepts this, but the start fails: bind() to ${address} failed (98: Address already in use)`,
      {
        because: [{ message: `this listens on all addresses of the port`, at: first.at }],
        help: "Leave out the options here and give them to the wildcard, whose socket then serves this address too.",
      },
    );
  }
}

function wildcardOf(key: string): string | undefined {
  const match = /^(\S+ \S+ )(.*):(\d+)$/.exec(key);
  if (match === null || key.includes(" unix:")) return undefined;
  const [, start = "", host = "", port = ""] = match;
  return `${start}${host.startsWith("[") ? "[::]" : "0.0.0.0"}:${port}`;
}

function reuses({ options }: DeclaredSocket): boolean {
  return options?.args.includes("reuseport") === true;
}
