import { derive, unknown, type Value, written } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { Span } from "../../text/span.ts";
import type { StartFailure } from "./input.ts";
import type { Levels } from "./levels.ts";
import { mergeValues, sameValue } from "./merge-versions.ts";
import type { Choice } from "./python/choices.ts";
import { type Binding, inputsOf, textOf } from "./python/data.ts";
import type { ConfigWorld, EvaluatedConfig } from "./python/evaluate.ts";
import type { SettingValue } from "./setting-value.ts";
import type { Setting, SettingSet } from "./settings.ts";
import { shownValue, validate } from "./validate.ts";

/** What one run of the file sets, or why gunicorn stops. */
interface WorldSettings {
  readonly values: ReadonlyMap<string, Value<SettingValue>>;
  readonly failure: StartFailure | undefined;
  readonly problem: Problem | undefined;
  readonly decisions: ReadonlyMap<string, number>;
}

/**
 * Puts what a configuration file sets over the defaults (gunicorn.app.base.Application.load_config_from_file):
 * names that are no settings are ignored, each value goes through its validator.
 */
export function applyConfig(
  evaluated: EvaluatedConfig,
  version: SettingSet,
  levels: Levels,
  directory: string | undefined,
): { readonly failure: StartFailure | undefined; readonly problems: readonly Problem[] } {
  const worlds = evaluated.worlds.map((world) => worldSettings(world, version, levels, directory));
  const alive = worlds.filter((world) => world.failure === undefined);
  const [first] = worlds;
  const failed = alive.length === 0 && first !== undefined;
  for (const name of new Set(worlds.flatMap((world) => [...world.values.keys()])))
    levels.put(name, mergeWorlds(name, failed ? worlds : alive, levels, evaluated));
  return {
    failure: failed ? first.failure : undefined,
    problems: failed && first.problem !== undefined ? [first.problem] : [],
  };
}

function mergeWorlds(
  name: string,
  worlds: readonly WorldSettings[],
  levels: Levels,
  evaluated: EvaluatedConfig,
): Value<SettingValue> {
  const values = worlds
    .map((world) => world.values.get(name) ?? levels.get(name))
    .filter((value) => value !== undefined);
  const choice = decisive(name, worlds, evaluated.choices);
  return mergeValues(values, name, choice?.why ?? "the file does not decide it", choice?.fact);
}

/** The choice that alone tells the values apart; the first one where several play together. */
function decisive(
  name: string,
  worlds: readonly WorldSettings[],
  choices: readonly Choice[],
): Choice | undefined {
  const separates = ({ why }: Choice): boolean => {
    const seen = new Map<number | undefined, Value<SettingValue> | undefined>();
    for (const world of worlds) {
      const option = world.decisions.get(why);
      const value = world.values.get(name);
      if (!seen.has(option)) seen.set(option, value);
      else if (!sameOutcome(seen.get(option), value)) return false;
    }
    return seen.size > 1;
  };
  return choices.find(separates) ?? choices[0];
}

function sameOutcome(one: Value<SettingValue> | undefined, other: Value<SettingValue> | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.known && other.known ? sameValue(one.value, other.value) : one.known === other.known;
}

function worldSettings(
  world: ConfigWorld,
  version: SettingSet,
  levels: Levels,
  directory: string | undefined,
): WorldSettings {
  const values = new Map<string, Value<SettingValue>>();
  let { failure } = world;
  let problem: Problem | undefined = world.problem;
  if (world.spoiled !== undefined)
    for (const name of version.settings.keys())
      if (name !== "config")
        values.set(name, unknown<SettingValue>(name, world.spoiled.why, { at: world.spoiled.at }));
  for (const [name, binding] of world.bindings) {
    const setting = version.settings.get(name);
    if (setting === undefined || binding.at === undefined) continue;
    const refusal = set(setting, binding, binding.at, values, { version, levels, directory });
    if (refusal === undefined || failure !== undefined) continue;
    failure = { exit: 1, message: `Error: ${refusal.error}` };
    problem = {
      rule: "gunicorn/value",
      message: `gunicorn does not start: ${name} = ${shownValue(binding.term)}: ${refusal.plain}`,
      at: binding.at,
    };
  }
  return { values, failure, problem, decisions: world.decisions };
}

interface Target {
  readonly version: SettingSet;
  readonly levels: Levels;
  readonly directory: string | undefined;
}

function set(
  setting: Setting,
  binding: Binding,
  at: Span,
  values: Map<string, Value<SettingValue>>,
  { version, levels, directory }: Target,
): { readonly error: string; readonly plain: string } | undefined {
  const { name } = setting;
  const inputs = inputsOf(binding.term);
  const { data } = binding.term;
  const checked = validate(setting, data, version, directory);
  if (checked.kind === "undecided" || checked.kind === "error") {
    const opaque = data.kind === "opaque" ? data : undefined;
    const why =
      checked.kind === "error"
        ? `gunicorn refuses it: ${checked.plain}`
        : binding.term.text !== undefined && opaque !== undefined && binding.term.text !== checked.why
          ? `${binding.term.text}: ${checked.why}`
          : checked.why;
    values.set(
      name,
      unknown<SettingValue>(name, why, {
        at,
        from: inputs,
        ...(opaque?.fact === undefined ? {} : { fact: opaque.fact }),
      }),
    );
    return checked.kind === "error" ? checked : undefined;
  }
  const { value } = checked;
  const overrode = losers(name, binding, levels);
  values.set(
    name,
    inputs.length === 0
      ? written(name, value, at, overrode)
      : derive<readonly Value<unknown>[], SettingValue>(
          name,
          textOf(binding.term),
          [...inputs, written(name, textOf(binding.term), at, overrode)],
          () => value,
          at,
        ),
  );
  return undefined;
}

/** Earlier assignments of the file, then what the environment says. */
function losers(name: string, binding: Binding, levels: Levels): Value<unknown>[] {
  const earlier = binding.replaced.flatMap(({ term, at }) =>
    at === undefined ? [] : [written(name, textOf(term), at)],
  );
  const before = levels.get(name);
  return before === undefined || before.origin.kind === "default" ? earlier : [...earlier, before];
}
