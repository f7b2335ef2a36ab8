import { type Distribution, Version } from "../../model/facts.ts";
import type { Value } from "../../model/value.ts";

/** A pam_limits as distributions ship it. */
export interface PamVariant {
  /** With Debian's patches: groups and `*` never reach root, a limit that the kernel refuses is passed over. */
  readonly debian: boolean;
  readonly version: Version;
}

const debian = (version: string): PamVariant => ({ debian: true, version: new Version(version) });
const upstream = (version: string): PamVariant => ({ debian: false, version: new Version(version) });

/** Packages of libpam-modules. */
const shipped: ReadonlyMap<string, PamVariant> = new Map([
  ["debian 10", debian("1.3.1")],
  ["debian 11", debian("1.4.0")],
  ["debian 12", debian("1.5.2")],
  ["debian 13", debian("1.7.0")],
  ["debian sid", debian("1.7.0")],
  ["ubuntu 20.04", debian("1.3.1")],
  ["ubuntu 22.04", debian("1.4.0")],
  ["ubuntu 24.04", debian("1.5.3")],
]);

/** The variants that a host may have: one where the distribution is known, otherwise one of every kind. */
export function pamVariants(distribution: Value<Distribution>): readonly PamVariant[] {
  const everyDebian = [debian("1.4.0"), debian("1.5.2"), debian("1.7.0")];
  if (!distribution.known) return [...everyDebian, upstream("1.3.1"), upstream("1.5.2"), upstream("1.7.2")];
  const { name, release } = distribution.value;
  const parts = release.split(".");
  const known = shipped.get(`${name} ${name === "debian" ? parts[0] : parts.slice(0, 2).join(".")}`);
  if (known !== undefined) return [known];
  return name === "debian" || name === "ubuntu"
    ? everyDebian
    : [upstream("1.3.1"), upstream("1.5.2"), upstream("1.7.2")];
}

/** Sessions begin with the limits of process 1, not with those of the caller (Debian's patch up to 1.5, NEWS of 1.7.0). */
export function startsFromInit(
  { debian: patched, version }: PamVariant,
  arguments_: readonly string[],
): boolean {
  return arguments_.includes("set_all") || (patched && !version.atLeast("1.7.0"));
}

/** `unlimited` nofile means fs.nr_open (Linux-PAM 1.5.2). */
export function unlimitedIsNrOpen({ version }: PamVariant): boolean {
  return version.atLeast("1.5.2");
}

/** A missing limits.conf is no error (Linux-PAM 1.5.3). */
export function mayLackConfiguration({ version }: PamVariant): boolean {
  return version.atLeast("1.5.3");
}

/** Lines of any length, fields by blank and tab (Linux-PAM 1.6.0). */
export function readsWholeLines({ version }: PamVariant): boolean {
  return version.atLeast("1.6.0");
}
