import type { DiscoveredHost } from "../files/discovered-host.ts";
import type { Facts } from "../model/facts.ts";
import type { SysctlSettings } from "../model/sysctl.ts";
import type { Nofile } from "../model/systemd.ts";

/** What every environment of one host is made from. */
export interface HostGround {
  readonly discovered: DiscoveredHost;
  readonly facts: Facts;
  readonly sysctl: SysctlSettings;
  readonly defaultNofile: Nofile;
}
