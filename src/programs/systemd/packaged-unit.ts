/**
 * What is assumed of a unit of which only drop-ins are here, because a package brings the unit itself. The
 * nginx.service of Debian, Ubuntu, Fedora and nginx.org sets no limits, no quota, no account and no slice.
 */
export function packagedUnit(name: string): string | undefined {
  return name === "nginx.service" ? "the nginx.service of the package does not set it" : undefined;
}
