import { reaches } from "../model/address.ts";
import type { GunicornProcess, Link, NginxProcess } from "../model/host.ts";
import { proxyTargets } from "../model/nginx.ts";

/** Every place of nginx that hands requests to a gunicorn of the same host. */
export function linksBetween(nginx: readonly NginxProcess[], gunicorn: readonly GunicornProcess[]): Link[] {
  const links: Link[] = [];
  for (const process of nginx)
    for (const proxy of process.configuration.proxies)
      for (const target of proxyTargets(proxy))
        for (const app of gunicorn)
          for (const listener of app.listeners)
            if (reaches(target.address, listener.address))
              links.push({ nginx: process, proxy, gunicorn: app, listener, at: target.at });
  return links;
}
