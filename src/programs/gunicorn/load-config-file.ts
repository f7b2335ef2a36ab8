import type { Problem } from "../../syntax/problem.ts";
import { applyConfig } from "./config-settings.ts";
import type { GunicornInput } from "./input.ts";
import type { LoadFile } from "./load-settings.ts";
import type { EvaluatedConfig } from "./python/evaluate.ts";

/** Reads configuration files; the Python parser is loaded when the first one comes. */
export interface ConfigReader {
  readonly load: LoadFile;
  /** What the parser found wrong in the files that were read. */
  problems(): readonly Problem[];
}

export function configReader(input: GunicornInput): ConfigReader {
  const evaluated = new Map<string, EvaluatedConfig>();
  const problems: Problem[] = [];
  const directory = input.workingDirectory.known ? input.workingDirectory.value : undefined;
  return {
    problems: () => problems,
    load: async (location, version, levels) => {
      let config = evaluated.get(location.path);
      if (config === undefined) {
        const { evaluateConfig } = await import("./python/evaluate-config.ts");
        const result = evaluateConfig(location, input);
        config = result.config;
        problems.push(...result.problems);
        evaluated.set(location.path, config);
      }
      return applyConfig(config, version, levels, directory);
    },
  };
}
