import { isLoopback } from "../model/address.ts";
import type { Container } from "../model/container.ts";
import type { GunicornProcess, Link, Listener, NginxProcess, UnansweredTarget } from "../model/host.ts";
import { proxyTargets } from "../model/nginx.ts";
import { connects } from "./reach.ts";

/** Every place of nginx that hands requests to a gunicorn of the same host. */
export function linksBetween(nginx: readonly NginxProcess[], gunicorn: readonly GunicornProcess[]): Link[] {
  const links: Link[] = [];
  for (const process of nginx)
    for (const proxy of process.configuration.proxies)
      for (const target of proxyTargets(proxy))
        for (const app of gunicorn)
          for (const listener of app.listeners)
            if (connects(target.address, process.container, listener, app.container))
              links.push({ nginx: process, proxy, gunicorn: app, listener, at: target.at });
  return links;
}

/**
 * Addresses of the host itself on which none of its listeners answers: unix sockets, loopback addresses, and names of
 * its containers, which only containers know. Of an nginx in a container that is not here nothing can be said.
 */
export function unansweredTargets(
  nginx: readonly NginxProcess[],
  gunicorn: readonly GunicornProcess[],
  others: readonly Listener[],
): UnansweredTarget[] {
  const listening: { listener: Listener; place: Container | undefined }[] = [
    ...[...nginx, ...gunicorn].flatMap(({ listeners, container }) =>
      listeners.map((listener) => ({ listener, place: container })),
    ),
    ...others.map((listener) => ({ listener, place: undefined })),
  ];
  const containers = new Set(gunicorn.flatMap(({ container }) => container ?? []));
  const found: UnansweredTarget[] = [];
  for (const process of nginx) {
    const isUnseen = process.container === undefined && process.environment.kind === "container";
    if (isUnseen || process.container?.network.known === false) continue;
    for (const { address, at } of process.configuration.proxies.flatMap(proxyTargets)) {
      const to = process.container === undefined ? undefined : namedContainer(address, containers);
      const isOwn = address.kind === "unix" || (address.kind === "tcp" && isLoopback(address.host));
      if (!isOwn && to?.network.known !== true) continue;
      if (listening.some(({ listener, place }) => connects(address, process.container, listener, place)))
        continue;
      found.push({ nginx: process, address, at, to });
    }
  }
  return found;
}

function namedContainer(
  address: UnansweredTarget["address"],
  containers: ReadonlySet<Container>,
): Container | undefined {
  if (address.kind !== "tcp") return undefined;
  for (const container of containers)
    if (container.hostNames.some((name) => name.toLowerCase() === address.host.toLowerCase()))
      return container;
  return undefined;
}
