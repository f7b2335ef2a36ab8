import { type Known, unknown, type Value } from "../model/value.ts";
import { kernelDefault } from "../programs/sysctl/kernel-defaults.ts";
import { namespaceValue } from "../programs/sysctl/network-namespace.ts";
import type { HostGround } from "./host-ground.ts";

/**
 * A numeric kernel setting as a process sees it after boot: what the sysctl files set, else the kernel's default;
 * in a network namespace of its own what a new namespace gets.
 *
 * @param key with dots: net.core.somaxconn
 * @param ownNetwork whether the process has a network namespace of its own
 */
export function kernelSetting(ground: HostGround, key: string, ownNetwork: Value<boolean>): Value<number> {
  const written = ground.sysctl.boot(key.replaceAll(".", "/"));
  const fresh =
    kernelDefault(key, ground.facts) ??
    unknown<number>(key, `the kernel's default of ${key} is not recorded`);
  const ofHost = written === undefined ? fresh : asNumber(key, written);
  if (ownNetwork.known && !ownNetwork.value) return ofHost;
  const inNamespace = namespaceValue(key, ground.facts.kernel);
  if (!inNamespace.known) return unknown(key, inNamespace.origin.why, { from: [ofHost] });
  if (inNamespace.value === "absent")
    return unknown(key, `${key} does not exist in a network namespace of its own`);
  if (inNamespace.value !== "fresh") return ofHost;
  if (ownNetwork.known) return fresh;
  const candidates = [...candidatesOf(ofHost), ...candidatesOf(fresh)];
  return unknown(key, ownNetwork.origin.why, {
    from: [ofHost],
    ...(candidates.length > 1 ? { candidates } : {}),
  });
}

function candidatesOf(value: Value<number>): readonly Known<number>[] {
  return value.known ? [value] : (value.candidates ?? []);
}

function asNumber(key: string, text: Value<string>): Value<number> {
  if (!text.known) {
    const { candidates, ...rest } = text;
    return {
      ...rest,
      ...(candidates && { candidates: candidates.map((each) => ({ ...each, value: Number(each.value) })) }),
    };
  }
  const value = Number(text.value);
  if (!Number.isFinite(value))
    return unknown(key, `${key} is not one number: ${text.value}`, { from: [text] });
  return { ...text, value };
}
