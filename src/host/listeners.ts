import type { Environment } from "../model/environment.ts";
import type { GunicornConfiguration } from "../model/gunicorn.ts";
import type { Listener } from "../model/host.ts";
import type { NginxConfiguration } from "../model/nginx.ts";
import type { SystemdSocket } from "../model/systemd.ts";
import { type Connections, connections } from "../model/units.ts";
import { derive, placeOf, type Value } from "../model/value.ts";

/**
 * The accept queue that a socket gets: the kernel cuts the backlog of listen(2) to net.core.somaxconn of its
 * network namespace, for TCP and unix sockets alike (net/socket.c __sys_listen; seen with ss on 5.10 to 7.2).
 */
function acceptQueue(backlog: Value<Connections>, environment: Environment): Value<Connections> {
  return derive(
    "accept queue",
    "the smaller of the backlog and net.core.somaxconn",
    [backlog, environment.sysctl("net.core.somaxconn")],
    (asked, ceiling) => connections(Math.min(asked, ceiling)),
  );
}

export function nginxListeners(
  owner: string,
  configuration: NginxConfiguration,
  environment: Environment,
): Listener[] {
  return configuration.listens
    .filter((listen) => !listen.udp)
    .map((listen) => ({
      address: listen.address,
      at: listen.at,
      owner,
      program: "nginx",
      environment,
      backlog: listen.backlog,
      acceptQueue: acceptQueue(listen.backlog, environment),
    }));
}

/**
 * The sockets of a gunicorn or uvicorn: its binds or, under socket activation, those of the socket units, on which
 * it calls listen(2) again with its own backlog (gunicorn/sock.py, seen with 20.1.0; asyncio create_server).
 */
export function gunicornListeners(
  program: "gunicorn" | "uvicorn",
  name: string,
  configuration: GunicornConfiguration,
  environment: Environment,
  activatedBy: readonly SystemdSocket[],
): Listener[] {
  const at = placeOf(configuration.binds) ?? configuration.at;
  const addresses =
    activatedBy.length > 0
      ? activatedBy.flatMap((socket) => heardBy(socket))
      : configuration.binds.known
        ? configuration.binds.value.map((address) => ({ address, at }))
        : [];
  return addresses.map((each) => ({
    ...each,
    owner: name,
    program,
    environment,
    backlog: configuration.backlog,
    acceptQueue: acceptQueue(configuration.backlog, environment),
  }));
}

/** The sockets that systemd opens and that no known gunicorn takes over. */
export function socketUnitListeners(socket: SystemdSocket, environment: Environment): Listener[] {
  return heardBy(socket).map((each) => ({
    ...each,
    owner: socket.name,
    program: "systemd",
    environment,
    backlog: socket.backlog,
    acceptQueue: acceptQueue(socket.backlog, environment),
  }));
}

function heardBy(socket: SystemdSocket): Pick<Listener, "address" | "at">[] {
  return socket.listens.flatMap((listen) =>
    listen.known ? [{ address: listen.value, at: placeOf(listen) ?? socket.file }] : [],
  );
}
