import { entryOf, isNull, type YamlNode } from "../../../syntax/yaml/tree.ts";

/** In the order in which docker compose looks for them (compose-go cli/options.go, DefaultFileNames). */
const baseNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];
/** What `docker compose up` reads of the files in one folder: a base and its override; empty where there is no base. */
export function defaultComposeFiles(names: readonly string[]): readonly string[] {
  const base = baseNames.find((name) => names.includes(name));
  const override = overrideNames.find((name) => names.includes(name));
  return base === undefined ? [] : override === undefined ? [base] : [base, override];
}

/**
 * Whether a compose file stands by itself: every service has an image, a build, a provider or extends another.
 * A file that is an override leaves services without.
 */
export function isCompleteProject(document: YamlNode | undefined): boolean {
  const services = entryOf(document, "services")?.value;
  if (services?.kind !== "mapping") return entryOf(document, "include") !== undefined;
  return services.entries.every(({ value }) =>
    ["image", "build", "provider", "extends"].some((key) => {
      const entry = entryOf(value, key);
      return entry !== undefined && !isNull(entry.value);
    }),
  );
}
