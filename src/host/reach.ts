import { type Address, isEveryAddress, isLoopback, reaches } from "../model/address.ts";
import type { Container } from "../model/container.ts";
import type { Listener } from "../model/host.ts";

/** Where a process runs, as far as its connections go; undefined for the machine itself. */
type Place = Container | undefined;

/**
 * Whether a connection that a process of one place makes reaches a listener of another one. Names of containers
 * mean their own network, published ports the machine; a unix socket is the same file only where both mount it.
 */
export function connects(target: Address, from: Place, listener: Listener, to: Place): boolean {
  if (target.kind === "unix") return samePath(target.path, from, listener.address, to);
  if (target.kind !== "tcp" || listener.address.kind !== "tcp") return false;
  if (sharesNetwork(from, to)) return reaches(target, listener.address) || byName(target, listener, to);
  if (to !== undefined && byName(target, listener, to))
    return from !== undefined && haveCommonNetwork(from, to);
  if (to !== undefined && isMachine(from)) return byPublishedPort(target, listener, to);
  return false;
}

/** Whether two places have the same network interfaces. */
export function sharesNetwork(from: Place, to: Place): boolean {
  return namespaceOf(from) === namespaceOf(to);
}

/** Containers that share a namespace have one name for it; that of the machine is empty. */
function namespaceOf(place: Place): string {
  if (place === undefined) return "";
  const { network } = place;
  if (!network.known) return `unknown ${place.name}`;
  if (network.value.kind === "host") return "";
  return network.value.kind === "shared" ? network.value.with : place.name;
}

function isMachine(place: Place): boolean {
  return namespaceOf(place) === "";
}

/** Containers of which no network is known are each on one of their own. */
function haveCommonNetwork(from: Container, to: Container): boolean {
  return from.networks.some((network) => to.networks.includes(network));
}

function byName(target: Address, { address }: Listener, to: Place): boolean {
  if (to === undefined || target.kind !== "tcp" || address.kind !== "tcp" || isLoopback(address.host))
    return false;
  const named = (names: readonly string[]): boolean =>
    names.some((name) => name.toLowerCase() === target.host.toLowerCase());
  const own = target.port === address.port;
  const services = (to.services ?? []).filter(({ hostNames }) => named(hostNames));
  if (services.length === 0) return own && named(to.hostNames);
  // A Service with an address of its own only takes connections to its ports; a headless one gives those of the pods.
  return services.some(
    ({ headless, ports }) =>
      (own && (!headless.known || headless.value)) ||
      ports.some(
        ({ port, target: inside }) => port === target.port && inside.known && inside.value === address.port,
      ),
  );
}

/** Docker forwards a published port to the address that the container has in its network, not to its loopback. */
function byPublishedPort(target: Address, { address }: Listener, to: Container): boolean {
  if (target.kind !== "tcp" || address.kind !== "tcp" || isLoopback(address.host)) return false;
  return to.ports.some(
    (port) =>
      port.target === address.port &&
      port.published.known &&
      port.published.value === target.port &&
      (isLoopback(target.host) || isEveryAddress(target.host)) &&
      (isEveryAddress(port.hostAddress) || isLoopback(port.hostAddress)),
  );
}

function samePath(path: string, from: Place, address: Address, to: Place): boolean {
  if (address.kind !== "unix") return false;
  if (from === to) return path === address.path;
  return sourceOf(path, from) === sourceOf(address.path, to);
}

/** The file that a path is, in a name that is the same for everyone who mounts it. */
function sourceOf(path: string, place: Place): string {
  if (place === undefined) return `machine ${path}`;
  for (const file of place.files.toReversed()) {
    if (path !== file.path && !path.startsWith(`${file.path}/`)) continue;
    const below = path.slice(file.path.length);
    if (file.source.kind === "volume")
      return file.source.name.startsWith("/")
        ? `machine ${file.source.name}${below}`
        : `volume ${file.source.name}${below}`;
    if (file.source.kind === "repository" && !place.image.files.includes(file))
      return `repository ${file.source.path}${below}`;
    break;
  }
  return `container ${place.name} ${path}`;
}
