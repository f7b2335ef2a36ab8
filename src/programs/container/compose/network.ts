import type { ContainerNetwork, ContainerSysctl, PublishedPort } from "../../../model/container.ts";
import { unknown, type Value } from "../../../model/value.ts";
import type { Problem } from "../../../syntax/problem.ts";
import type { Span } from "../../../text/span.ts";
import { expanded, itemsOf, keysOf, type Layer, type Layers, under } from "./layers.ts";
import { textOf, unset } from "./setting-value.ts";

export function networkOf(service: string, at: Span, layers: Layers): Value<ContainerNetwork> {
  const label = `network_mode of ${service}`;
  const mode = textOf(label, under(layers, "network_mode"));
  if (mode === undefined) return unset(label, { kind: "own" }, "compose-spec, network_mode", at);
  return mode.known ? { ...mode, value: modeOf(mode.value) } : { known: false, label, origin: mode.origin };
}

function modeOf(mode: string): ContainerNetwork {
  if (mode === "host" || mode === "none") return { kind: mode };
  const shared = /^(?:service|container):(.+)$/.exec(mode);
  return shared?.[1] === undefined ? { kind: "own" } : { kind: "shared", with: shared[1] };
}

/** Networks by their keys; `default` where the service names none. */
export function networksOf(layers: Layers): string[] {
  const mode = textOf("network_mode", under(layers, "network_mode"));
  if (mode !== undefined) return mode.known && !mode.value.includes(":") ? [mode.value] : [];
  const section = under(layers, "networks");
  const names = [
    ...keysOf(section).keys(),
    ...itemsOf(section).flatMap((item) => expanded(item)?.text ?? []),
  ];
  return names.length === 0 ? ["default"] : [...new Set(names)];
}

/** Names of the service itself: its key, `container_name`, `hostname` and the aliases on its networks. */
export function hostNamesOf(service: string, layers: Layers): string[] {
  const names = [service];
  for (const key of ["container_name", "hostname"]) {
    const name = textOf(key, under(layers, key));
    if (name?.known && name.value !== "") names.push(name.value);
  }
  const networks = under(layers, "networks");
  for (const network of keysOf(networks).keys())
    for (const item of itemsOf(under(under(networks, network), "aliases"))) {
      const alias = expanded(item)?.whole("alias");
      if (alias?.known) names.push(alias.value);
    }
  return [...new Set(names)];
}

/** `links: [db:database]`: the service and the name that it gets. */
export function linksOf(layers: Layers): { readonly service: string; readonly alias: string }[] {
  return itemsOf(under(layers, "links")).flatMap((item) => {
    const [service, alias] = expanded(item)?.text.split(":") ?? [];
    return service === undefined || alias === undefined ? [] : [{ service, alias }];
  });
}

export function sysctlsOf(layers: Layers, problems: Problem[]): ContainerSysctl[] {
  const found = new Map<string, ContainerSysctl>();
  const set = (key: string, value: Value<string>, at: Span): void => {
    const dotted = key.replaceAll("/", ".");
    found.set(dotted, { key: dotted, value, at });
  };
  for (const { node, from } of under(layers, "sysctls")) {
    if (node.kind === "mapping")
      for (const { key, value } of node.entries) {
        const text = expanded({ node: value, from });
        if (text !== undefined)
          set(key.text, text.whole(key.text), { ...key.at, end: Math.max(key.at.end, value.at.end) });
      }
    for (const item of itemsOf([{ node, from }])) {
      const text = expanded(item);
      const equals = text?.text.indexOf("=") ?? -1;
      if (text === undefined) continue;
      if (equals === -1) {
        if (!text.hasUnknown)
          problems.push({
            rule: "container/compose",
            message: `the sysctl "${text.text}" has no =`,
            at: item.node.at,
          });
        continue;
      }
      const key = text.text.slice(0, equals);
      set(key, text.part(key, equals + 1, text.text.length), item.node.at);
    }
  }
  return [...found.values()];
}

export function portsOf(layers: Layers): PublishedPort[] {
  return itemsOf(under(layers, "ports")).flatMap((item) =>
    item.node.kind === "mapping" ? longPort(item) : shortPort(item),
  );
}

function longPort(item: Layer): PublishedPort[] {
  const target = textOf("target", under([item], "target"));
  if (!target?.known || !/^\d{1,5}$/.test(target.value)) return [];
  const host = textOf("host_ip", under([item], "host_ip"));
  const written = textOf("published port", under([item], "published"));
  return [
    {
      at: item.node.at,
      target: Number(target.value),
      published: written === undefined ? picked(item) : portNumber(written, 0),
      hostAddress: host?.known && host.value !== "" ? host.value : "*",
    },
  ];
}

function picked(item: Layer): Value<number> {
  return unknown("published port", "the engine picks one", { at: item.node.at });
}

/** A range with one target is a choice that the engine makes. */
function portNumber(text: Value<string>, offset: number): Value<number> {
  if (!text.known) return { known: false, label: text.label, origin: text.origin };
  const at = text.origin.at;
  if (!/^\d{1,5}$/.test(text.value))
    return unknown(text.label, "the engine picks one", at === undefined ? {} : { at });
  return { ...text, value: Number(text.value) + offset };
}

/** More than anybody publishes in one range. */
const mostPorts = 1000;

/** `[ADDRESS:][PUBLISHED:]TARGET[/PROTOCOL]`, each a port or a range. */
function shortPort(item: Layer): PublishedPort[] {
  const whole = expanded(item);
  const match = /^(?:(.*):)?(\d{1,5})(?:-(\d{1,5}))?(?:\/.*)?$/.exec(whole?.text ?? "");
  if (whole === undefined || match === null) return [];
  const [, before = "", first = "", last = first] = match;
  const colon = before.lastIndexOf(":");
  const address = before.slice(0, Math.max(colon, 0)).replace(/^\[|\]$/g, "");
  const isRange = first !== last;
  const start = isRange
    ? (/^\d+(?=-)/.exec(before.slice(colon + 1))?.[0].length ?? 0)
    : before.length - colon - 1;
  const written = whole.part("published port", colon + 1, colon + 1 + start, item.node.at);
  const ports: PublishedPort[] = [];
  for (let target = Number(first); target <= Number(last) && ports.length < mostPorts; target++)
    ports.push({
      at: item.node.at,
      target,
      published: start === 0 ? picked(item) : portNumber(written, target - Number(first)),
      hostAddress: address === "" ? "*" : address,
    });
  return ports;
}
