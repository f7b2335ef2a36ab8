import { type Connections, connections } from "../model/units.ts";
import { byDefault, derive, unknown, type Value } from "../model/value.ts";
import type { HostGround } from "./host-ground.ts";

const key = "net.ipv4.ip_local_port_range";

/**
 * How many connections one address may have open to another address and port: the ports of
 * net.ipv4.ip_local_port_range (Documentation/networking/ip-sysctl.rst; a new network namespace gets the default).
 *
 * @param ownNetwork whether the process has a network namespace of its own
 * @param asked what is written for that namespace
 */
export function localPorts(
  ground: HostGround,
  ownNetwork: Value<boolean>,
  asked?: Value<string>,
): Value<Connections> {
  const range = asked ?? rangeOf(ground, ownNetwork);
  return derive("local ports", "last - first + 1", [range], (text) => {
    const [, first = 32768, last = 60999] = /^\s*(\d+)(?:\s+(\d+))?/.exec(text) ?? [];
    return connections(Math.max(0, Number(last) - Number(first) + 1));
  });
}

function rangeOf({ sysctl }: HostGround, ownNetwork: Value<boolean>): Value<string> {
  const fresh = byDefault(key, "32768 60999", {
    program: "Linux",
    versions: "since 3.2",
    source: "Documentation/networking/ip-sysctl.rst",
  });
  const written = sysctl.boot(key.replaceAll(".", "/"));
  if (written === undefined) return fresh;
  if (!ownNetwork.known) return unknown(key, ownNetwork.origin.why, { from: [written] });
  return ownNetwork.value ? fresh : written;
}
