import type { Address } from "../../model/address.ts";
import type { Facts } from "../../model/facts.ts";
import type { SystemdSocket } from "../../model/systemd.ts";
import { type Connections, connections } from "../../model/units.ts";
import { byDefault, derive, type Known, unknown, type Value, written } from "../../model/value.ts";
import { rejected } from "./complaint.ts";
import { parseListenAddress } from "./listen-address.ts";
import type { LoadedUnit, UnitReader } from "./loaded-unit.ts";
import { largest32, parseUnsigned } from "./numbers.ts";
import { concerns, holeText } from "./setting.ts";
import { UnitSettings } from "./unit-settings.ts";

/** A socket unit; undefined where its file is not here or it cannot be loaded. */
export function makeSocket(reader: UnitReader, facts: Facts, unit: LoadedUnit): SystemdSocket | undefined {
  if (unit.loadState !== "loaded" || unit.file === undefined) return undefined;
  const settings = new UnitSettings(reader, unit);
  const accept = settings.boolean("Socket", "Accept");
  const accepts = accept?.known === true && accept.value;
  const service = settings.text("Socket", "Service");
  const own = `${unit.name.text.slice(0, -".socket".length)}${accepts ? "@" : ""}.service`;
  return {
    name: unit.name.text,
    file: unit.file,
    service: service?.known ? service.value : own,
    accept: accepts,
    listens: listensOf(settings),
    backlog: backlogOf(settings, facts),
  };
}

/** ListenStream=, a list that an empty assignment of any Listen*= starts anew. */
function listensOf(settings: UnitSettings): Value<Address>[] {
  let listens: Value<Address>[] = [];
  for (const setting of settings.unit.settings) {
    if (setting.key === undefined || !concerns(setting, "Socket", listenKeys)) continue;
    const text = setting.value.text.text;
    if (text === "" && !setting.conditional) listens = [];
    if (text === "" || setting.key !== "ListenStream") continue;
    const label = `ListenStream= of ${settings.unit.name.text}`;
    if (setting.conditional || setting.value.holes.length > 0) {
      const why = setting.conditional ? "a condition of a template decides about it" : holeText(setting);
      listens.push(unknown<Address>(label, why, { at: setting.at }));
      continue;
    }
    const expanded = settings.expanded(setting);
    if (expanded.kind === "unknown")
      listens.push(unknown<Address>(label, expanded.value.origin.why, { at: setting.at }));
    if (expanded.kind === "rejected") settings.reader.complaints.add(expanded.complaint);
    if (expanded.kind !== "value") continue;
    const address = parseListenAddress(expanded.value);
    if (typeof address !== "string") listens.push(written(label, address, setting.at));
    else
      settings.reader.complaints.add(
        rejected(
          setting,
          `ListenStream=${text} is no address that systemd takes, so it ignores the line`,
          `Failed to parse address value in '${expanded.value}', ignoring: ${address}`,
          "write a port, ADDRESS:PORT, [IPV6]:PORT, an absolute path or @NAME",
        ),
      );
  }
  return listens;
}

const listenKeys = [
  "ListenStream",
  "ListenDatagram",
  "ListenSequentialPacket",
  "ListenFIFO",
  "ListenSpecial",
  "ListenNetlink",
  "ListenMessageQueue",
  "ListenUSBFunction",
];

/** Backlog=: config_parse_unsigned, so only whole numbers from 0. */
function backlogOf(settings: UnitSettings, facts: Facts): Value<Connections> {
  const found = settings.last<Connections>("Socket", "Backlog", (setting) => {
    const text = setting.value.text.text;
    const number = parseUnsigned(text, largest32);
    if (typeof number === "number") return { kind: "value", value: connections(number) };
    return {
      kind: "rejected",
      complaint: rejected(
        setting,
        `Backlog=${text} is no number from 0 on, so systemd ignores it`,
        (version) =>
          version < 253
            ? `Failed to parse unsigned value, ignoring: ${text}`
            : `Failed to parse Backlog=${text}, ignoring: ${number}`,
      ),
    };
  });
  return found ?? builtInBacklog(settings, facts);
}

/** SOMAXCONN of the C library before, no limit since 254 and in the stable series from 251 on. */
function builtInBacklog(settings: UnitSettings, { systemd, distribution }: Facts): Value<Connections> {
  const label = settings.label("Backlog");
  const at = settings.unit.file;
  const place = at === undefined ? {} : { at };
  const source = "systemd.socket(5); git log of src/core/socket.c";
  const make = (number: number, versions: string): Known<Connections> =>
    byDefault(label, connections(number), { program: "systemd", versions, source, ...place });
  const old = make(4096, "before 251, built with glibc 2.28 or later (SOMAXCONN)");
  const none = make(2147483647, "since 254, and in later releases of 251 to 253");
  if (systemd.known && systemd.value.atLeast("254")) return none;
  if (systemd.known && !systemd.value.atLeast("251")) return old;
  const patched = systemd.known ? /^252\.(\d+)/.exec(systemd.value.text)?.[1] : undefined;
  if (patched !== undefined) return Number(patched) >= 12 ? none : old;
  if (
    distribution.known &&
    distribution.value.name === "debian" &&
    distribution.value.release.startsWith("12")
  )
    return derive(label, "the default of Debian's 252.39", [none, distribution], (backlog, _) => backlog);
  return unknown<Connections>(
    label,
    systemd.known ? "later releases of 251 to 253 have another default" : systemd.origin.why,
    { fact: "systemd", candidates: [old, none], ...place },
  );
}
