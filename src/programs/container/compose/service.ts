import type { FileTree } from "../../../files/file-tree.ts";
import { seconds } from "../../../model/units.ts";
import type { Problem } from "../../../syntax/problem.ts";
import type { YamlScalar } from "../../../syntax/yaml/tree.ts";
import { buildOf } from "./build-section.ts";
import { expanded, itemsOf, type Layers, under, underPath } from "./layers.ts";
import { mountsOf, type NamedSources } from "./mounts.ts";
import { hostNamesOf, networkOf, networksOf, portsOf, sysctlsOf } from "./network.ts";
import type { ComposeService } from "./project.ts";
import { parseBoolean, parseDuration, parseInteger } from "./quantities.ts";
import { cpuQuotaOf, cpusetOf, mayRaiseLimitsOf, memoryMaxOf, nofileOf, tasksMaxOf } from "./resources.ts";
import { commandOf } from "./service-command.ts";
import { environmentOf } from "./service-environment.ts";
import { settingOf, textOf, unset } from "./setting-value.ts";

/** Grace that docker compose gives (compose-spec, stop_grace_period). */
const defaultStopTimeout = seconds(10);

/** Everything that the files say of one service. */
export function serviceOf(
  key: YamlScalar,
  layers: Layers,
  named: NamedSources,
  tree: FileTree,
  read: Set<string>,
  problems: Problem[],
): ComposeService {
  const name = key.text;
  const at = key.at;
  const boolean = (setting: string) =>
    settingOf(`${setting} of ${name}`, under(layers, setting), parseBoolean, "true or false", problems) ??
    unset(`${setting} of ${name}`, false, `compose-spec, ${setting}`, at);
  const text = (setting: string) => textOf(`${setting} of ${name}`, under(layers, setting));
  const replicasAs = (...path: string[]) =>
    settingOf(`replicas of ${name}`, underPath(layers, ...path), parseInteger, "a number", problems);
  const stop = settingOf(
    `stop_grace_period of ${name}`,
    under(layers, "stop_grace_period"),
    (written) => {
      const grace = parseDuration(written);
      return grace === undefined ? undefined : seconds(grace);
    },
    "a time with its unit, as 30s",
    problems,
  );
  return {
    name,
    at,
    profiles: itemsOf(under(layers, "profiles")).flatMap((item) => expanded(item)?.text ?? []),
    build: buildOf(name, at, layers, tree),
    image: text("image"),
    command: commandOf("command", name, under(layers, "command"), problems),
    entrypoint: commandOf("entrypoint", name, under(layers, "entrypoint"), problems),
    environment: environmentOf(layers, tree, read, problems),
    workingDirectory: text("working_dir"),
    user: text("user"),
    init: boolean("init"),
    files: mountsOf(name, layers, named, tree, problems),
    nofile: nofileOf(name, layers, problems),
    cpuQuota: cpuQuotaOf(name, at, layers, problems),
    cpuset: cpusetOf(name, layers, problems),
    memoryMax: memoryMaxOf(name, at, layers, problems),
    tasksMax: tasksMaxOf(name, at, layers, problems),
    sysctls: sysctlsOf(layers, problems),
    mayRaiseLimits: mayRaiseLimitsOf(name, at, layers, problems),
    readOnlyRoot: boolean("read_only"),
    stopTimeout:
      stop ??
      unset(`stop_grace_period of ${name}`, defaultStopTimeout, "compose-spec, stop_grace_period", at),
    network: networkOf(name, at, layers),
    networks: networksOf(layers),
    hostNames: hostNamesOf(name, layers),
    replicas:
      replicasAs("scale") ??
      replicasAs("deploy", "replicas") ??
      unset(`replicas of ${name}`, 1, "compose-spec, scale", at),
    ports: portsOf(layers),
  };
}
