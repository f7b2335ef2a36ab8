import { isWithin } from "../../files/host-path.ts";
import { derive, relabel, unknown, type Value } from "../../model/value.ts";
import { concerns, reading } from "./setting.ts";
import type { UnitSettings } from "./unit-settings.ts";

/**
 * Whether the mounts of a service let it write to a directory: ProtectSystem= with the exceptions of the tables of
 * src/core/namespace.c (systemd 247 to 257), ReadWritePaths=, the directories that systemd makes for it, and its
 * private /tmp. Permissions are another matter.
 */
export function writableIn(
  settings: UnitSettings,
  privateTmp: Value<boolean>,
): (directory: string) => Value<boolean> {
  const system = protectSystem(settings);
  return (directory) => {
    const label = `${directory} of ${settings.unit.name.text} is writable`;
    if (!system.known) return relabel<boolean>(label, system as Value<never>);
    const table = readOnly[system.value] ?? [];
    const covered = table.some((path) => isWithin(directory, path));
    const other = otherMounts(settings);
    if (other !== undefined)
      return unknown(label, `${other}= also decides what it may write to`, { from: [system] });
    if (!covered) return derive(label, "ProtectSystem=", [system], () => true);
    if (isTemporary(directory))
      return privateTmp.known && !privateTmp.value
        ? withExceptions(settings, label, directory, system, privateTmp)
        : derive(label, "a directory of its own", [privateTmp], (own) => own);
    return withExceptions(settings, label, directory, system, privateTmp);
  };
}

/** READONLY entries of protect_system_yes_table, _full_table and _strict_table. */
const readOnly: Readonly<Record<string, readonly string[]>> = {
  no: [],
  yes: ["/usr", "/boot", "/efi"],
  full: ["/usr", "/boot", "/efi", "/etc"],
  strict: ["/"],
};

/** READWRITE entries of protect_system_strict_table; ProtectHome= decides about the last three. */
const strictExceptions = ["/proc", "/sys", "/dev"];
const homes = ["/home", "/root", "/run/user"];

/** Settings that mount something else somewhere; what they leave writable is not worked out. */
const othersKeys = [
  "RootDirectory",
  "RootImage",
  "TemporaryFileSystem",
  "BindPaths",
  "BindReadOnlyPaths",
  "ReadOnlyPaths",
  "ReadOnlyDirectories",
  "InaccessiblePaths",
  "InaccessibleDirectories",
  "MountImages",
  "ExtensionImages",
  "ExtensionDirectories",
  "JoinsNamespaceOf",
];

function otherMounts({ unit }: UnitSettings): string | undefined {
  return othersKeys.find((key) =>
    unit.settings.some((setting) => setting.key === key && setting.value.text.text !== ""),
  );
}

function isTemporary(directory: string): boolean {
  return isWithin(directory, "/tmp") || isWithin(directory, "/var/tmp");
}

function protectSystem(settings: UnitSettings): Value<string> {
  const dynamic = settings.boolean("Service", "DynamicUser");
  if (dynamic !== undefined && !(dynamic.known && !dynamic.value))
    return dynamic.known
      ? { ...dynamic, label: settings.label("ProtectSystem"), value: "strict" }
      : relabel<string>(settings.label("ProtectSystem"), dynamic as Value<never>);
  const written = settings.last<string>("Service", "ProtectSystem", (setting) => {
    const text = setting.value.text.text;
    if (text === "strict" || text === "full") return reading(text);
    return reading(/^(?:1|yes|y|true|t|on)$/i.test(text) ? "yes" : "no");
  });
  return settings.inForce("ProtectSystem", written, settings.byDefault("ProtectSystem", "no"));
}

function withExceptions(
  settings: UnitSettings,
  label: string,
  directory: string,
  system: Value<string>,
  privateTmp: Value<boolean>,
): Value<boolean> {
  const listed = listedPaths(settings);
  if (listed === undefined)
    return unknown(label, "ReadWritePaths= and the like hold what is filled in later", { from: [system] });
  const home = homes.some((path) => isWithin(directory, path));
  const protectHome = settings.text("Service", "ProtectHome");
  if (home && protectHome !== undefined)
    return unknown(label, "ProtectHome= decides about it", { from: [protectHome] });
  const within = (paths: readonly string[]): boolean => paths.some((path) => isWithin(directory, path));
  const writable = home || within(strictExceptions) || within(listed);
  const from: readonly Value<unknown>[] = isTemporary(directory) ? [system, privateTmp] : [system];
  const how = writable ? "an exception of ProtectSystem=" : "ProtectSystem= without an exception for it";
  return derive(label, how, from, () => writable);
}

const madeDirectories: readonly (readonly [key: string, base: string])[] = [
  ["RuntimeDirectory", "/run"],
  ["StateDirectory", "/var/lib"],
  ["CacheDirectory", "/var/cache"],
  ["LogsDirectory", "/var/log"],
];

/** Undefined where a specifier or a template hole stands in one of the paths. */
function listedPaths({ unit }: UnitSettings): string[] | undefined {
  const paths: string[] = [];
  const add = (key: string, path: (word: string) => string): boolean => {
    for (const setting of unit.settings) {
      if (!concerns(setting, "Service", key)) continue;
      const { text, holes } = setting.value;
      if (setting.key === undefined || setting.conditional || holes.length > 0 || text.text.includes("%"))
        return false;
      for (const word of text.text.split(/\s+/)) if (word !== "") paths.push(path(word));
    }
    return true;
  };
  const plain = (word: string): string => trimmed(word.replace(/^[-+"']*/, "").replace(/["']$/, ""));
  const complete =
    ["ReadWritePaths", "ReadWriteDirectories"].every((key) => add(key, plain)) &&
    madeDirectories.every(([key, base]) =>
      add(key, (word) => trimmed(`${base}/${word.split(":")[0] ?? ""}`)),
    );
  return complete ? paths : undefined;
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}
