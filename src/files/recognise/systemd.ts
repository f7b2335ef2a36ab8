import { nameOf } from "../host-path.ts";
import { isForeignFormat } from "./foreign-format.ts";
import type { Verdict } from "./recognised.ts";
import { installedName } from "./template-suffix.ts";

const unitName = /^.+\.(?:service|socket|slice|target|timer|mount|automount|swap|path|scope)$/;
const unitFolder =
  /^(.+\.(?:service|socket|slice|target|timer|mount|automount|swap|path|scope)|service|socket|slice)\.d$/;
const section =
  /^[ \t]*\[(Unit|Service|Install|Socket|Slice|Timer|Mount|Automount|Swap|Path|Scope)\][ \t]*\r?$/m;

const assignment = /^[ \t]*[A-Z][A-Za-z]+[ \t]*=/m;
const systemFolder = /(?:^|\/)systemd\/system\/[^/]+$/;

/** Whether the name or a folder makes a look inside worth it. */
export function maySystemdRead(path: string): boolean {
  const name = installedName(nameOf(path));
  return (
    unitName.test(name) ||
    /\.conf$/.test(name) ||
    (/(?:service|systemd|gunicorn|override|drop-?in)/i.test(name) &&
      !/\.(?:py|ini|cfg)$/.test(name) &&
      !isForeignFormat(name))
  );
}

/** Units, drop-ins and the settings of the system manager, by name and section (systemd.unit(5), systemd-system.conf(5)). */
export function recogniseSystemd(path: string, text: string): Verdict {
  if (!maySystemdRead(path)) return undefined;
  const name = installedName(nameOf(path));
  const folder = path.split("/").at(-2) ?? "";
  const dropIn = unitFolder.exec(folder)?.[1];
  const hasSection = section.test(text);
  const ofUsers = /(?:^|\/)systemd\/user(?:\.conf\.d)?\/|(?:^|\/)systemd\/user\.conf/.test(path);
  if (/^[ \t]*\[D-BUS Service\]/m.test(text))
    return unitName.test(name) ? { not: "it is a D-Bus service, not a systemd unit" } : undefined;
  if (
    /^[ \t]*\[Manager\]/m.test(text) &&
    /(?:^|\/)(?:system|user)\.conf(?:\.d\/|$)/.test(`${folder}/${name}`)
  ) {
    if (ofUsers || /user\.conf/.test(`${folder}/${name}`))
      return { not: "it sets the managers of logged-in users, which start no system service" };
    return { program: "systemd", what: "manager", name };
  }
  if (ofUsers && (hasSection || unitName.test(name)))
    return { not: "a unit of a user's own manager is no system service" };
  if (dropIn !== undefined && name.endsWith(".conf")) {
    // Without a header systemd ignores every line, which is worth a finding.
    if (hasSection || isComment(text) || assignment.test(text))
      return { program: "systemd", what: "drop-in", unit: dropIn, name };
    return { not: "it has no section of a systemd unit" };
  }
  if (unitName.test(name)) {
    if (hasSection || (systemFolder.test(path) && assignment.test(text)))
      return { program: "systemd", what: "unit", unit: name };
    return text.trim() === "" ? undefined : { not: "it has no section of a systemd unit" };
  }
  if (!hasSection) return undefined;
  if (/^[ \t]*ExecStart[ \t]*=/m.test(text) && !name.endsWith(".conf"))
    return {
      program: "systemd",
      what: "unit",
      unit: `${name.replace(/[._-]?(?:service|systemd)$/i, "") || name}.service`,
    };
  if (/^[ \t]*\[(?:Service|Socket|Slice)\]/m.test(text))
    return { not: "it is a drop-in, but its folder does not say of which unit" };
  return undefined;
}

function isComment(text: string): boolean {
  return text.split("\n").every((line) => /^\s*(?:[#;]|$)/.test(line));
}
