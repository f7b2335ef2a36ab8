/** The types of units that have files. */
const unitTypes = [
  "service",
  "socket",
  "slice",
  "timer",
  "path",
  "target",
  "mount",
  "automount",
  "swap",
  "device",
  "scope",
] as const;
export type UnitType = (typeof unitTypes)[number];

/** The parts of a unit name, systemd.unit(5): `prefix@instance.type`. */
export interface UnitName {
  /** The whole name. */
  readonly text: string;
  readonly type: UnitType;
  readonly prefix: string;
  /** Undefined for a plain unit and for a template. */
  readonly instance: string | undefined;
  /** `app@.service`, which runs only as an instance. */
  readonly isTemplate: boolean;
}

/** Undefined for what is no unit name: unit_name_is_valid of src/basic/unit-name.c. */
export function parseUnitName(text: string): UnitName | undefined {
  if (text.length >= 256) return undefined;
  const match = /^([A-Za-z0-9:_.\\-]+)(?:@([A-Za-z0-9:_.\\@-]*))?\.([a-z]+)$/.exec(text);
  const [, prefix = "", instance, suffix] = match ?? [];
  const type = unitTypes.find((each) => each === suffix);
  if (match === null || type === undefined) return undefined;
  return { text, type, prefix, instance: instance || undefined, isTemplate: instance === "" };
}

export function isUnitType(text: string): boolean {
  return unitTypes.some((each) => each === text);
}

/** `app@1.service` of `app@.service`. */
export function instantiate(template: UnitName, instance: string): string {
  return `${template.prefix}@${instance}.${template.type}`;
}

/** `app@.service` of `app@1.service`. */
export function templateOf(name: UnitName): string {
  return `${name.prefix}@.${name.type}`;
}

/** unit_name_unescape of src/basic/unit-name.c: `-` is a slash, `\x2d` a byte; undefined for a bad escape. */
export function unescapeUnitName(text: string): string | undefined {
  const parts = text.split("\\");
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [index, part] of parts.entries()) {
    if (index === 0) {
      bytes.push(...encoder.encode(part.replaceAll("-", "/")));
      continue;
    }
    const code = /^x([0-9a-fA-F]{2})/.exec(part)?.[1];
    if (code === undefined) return undefined;
    bytes.push(Number.parseInt(code, 16), ...encoder.encode(part.slice(3).replaceAll("-", "/")));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** unit_name_escape of src/basic/unit-name.c, for a text that is part of a unit name already. */
export function escapeUnitName(text: string): string {
  let escaped = "";
  for (const character of text)
    if (character === "/") escaped += "-";
    else if (/[A-Za-z0-9:_.]/.test(character) && !(character === "." && escaped === "")) escaped += character;
    else
      for (const byte of new TextEncoder().encode(character))
        escaped += `\\x${byte.toString(16).padStart(2, "0")}`;
  return escaped;
}
