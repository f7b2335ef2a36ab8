import type { LoadedUnit } from "./loaded-unit.ts";
import { concerns, type Setting } from "./setting.ts";

/** A set of capabilities: those named, or all but those named. */
interface CapabilitySet {
  readonly inverted: boolean;
  readonly names: ReadonlySet<string>;
}

const all: CapabilitySet = { inverted: true, names: new Set() };
const none: CapabilitySet = { inverted: false, names: new Set() };

/** The lines that decide about a capability, and what they come to. */
export interface CapabilityAnswer {
  readonly has: boolean;
  readonly settings: readonly Setting[];
}

/**
 * Whether CapabilityBoundingSet= or AmbientCapabilities= of a unit holds a capability: lines add up, `~` takes
 * away, an empty line empties (config_parse_capability_set of src/core/load-fragment.c).
 *
 * @param capability in lower case with its number, such as `cap_sys_resource` and `24`
 */
export function hasCapability(
  unit: LoadedUnit,
  key: "CapabilityBoundingSet" | "AmbientCapabilities",
  capability: readonly [name: string, number: string],
): CapabilityAnswer {
  const initial = key === "CapabilityBoundingSet" ? all : none;
  let set = initial;
  const settings: Setting[] = [];
  for (const setting of unit.settings) {
    if (setting.key === undefined || !concerns(setting, "Service", key)) continue;
    settings.push(setting);
    set = apply(set, initial, setting.value.text.text);
  }
  const [name, number] = capability;
  return { has: set.inverted !== (set.names.has(name) || set.names.has(number)), settings };
}

function apply(set: CapabilitySet, initial: CapabilitySet, text: string): CapabilitySet {
  const inverted = text.startsWith("~");
  const names = new Set(
    (inverted ? text.slice(1) : text)
      .toLowerCase()
      .split(/[ \t]+/)
      .filter((name) => /^(?:cap_[a-z_]+|\d+)$/.test(name)),
  );
  if (names.size === 0 || set === initial) return { inverted, names };
  if (inverted) return removed(set, names);
  return set.inverted
    ? { inverted: true, names: new Set([...set.names].filter((name) => !names.has(name))) }
    : { inverted: false, names: new Set([...set.names, ...names]) };
}

function removed(set: CapabilitySet, names: ReadonlySet<string>): CapabilitySet {
  return set.inverted
    ? { inverted: true, names: new Set([...set.names, ...names]) }
    : { inverted: false, names: new Set([...set.names].filter((name) => !names.has(name))) };
}
