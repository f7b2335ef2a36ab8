import { entryOf, isNull, type YamlNode } from "../../../syntax/yaml/tree.ts";

/** In the order in which docker compose looks for them (compose-go cli/options.go, DefaultFileNames). */
const baseNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const overrideNames = [
  "compose.override.yml",
  "compose.override.yaml",
  "docker-compose.override.yml",
  "docker-compose.override.yaml",
];
const looksLikeCompose =
  /^(?:docker[-_.]?)?compose\b.*\.ya?ml(?:\.|$)|[-_.](?:docker[-_.]?)?compose\.ya?ml$/i;

export interface ComposeFileNames {
  /** What `docker compose up` reads here: a base and its override; empty where there is no base. */
  readonly default: readonly string[];
  /** Others that are named like compose files: variants, or overrides that somebody names with -f. */
  readonly others: readonly string[];
}

/** Sorts the file names of one folder. */
export function composeFilesIn(names: readonly string[]): ComposeFileNames {
  const base = baseNames.find((name) => names.includes(name));
  const override = overrideNames.find((name) => names.includes(name));
  const chosen = base === undefined ? [] : override === undefined ? [base] : [base, override];
  return {
    default: chosen,
    others: names.filter((name) => looksLikeCompose.test(name) && !chosen.includes(name)),
  };
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
