import { absolutePath } from "../../files/host-path.ts";
import type { ProcessEnvironment } from "../../model/command.ts";
import { byDefault, derive, type Known, relabel, unknown, type Value } from "../../model/value.ts";
import type { SettingValue } from "./setting-value.ts";

/**
 * Where the heartbeat file of a worker is tried, in order (gunicorn/workers/workertmp.py, the same for every worker
 * class and version): worker_tmp_dir alone, else the directories of Python's tempfile: TMPDIR, TEMP, TMP, /tmp,
 * /var/tmp, /usr/tmp and the working directory. An empty worker_tmp_dir is the working directory.
 */
export function heartbeatDirectories(
  setting: Value<SettingValue>,
  environment: ProcessEnvironment,
  chdir: Value<SettingValue>,
): readonly Value<string>[] {
  if (!setting.known) return [unknown("worker_tmp_dir", setting.origin.why, { from: [setting] })];
  if (typeof setting.value === "string") return [resolved({ ...setting, value: setting.value }, chdir)];
  return [
    ...variables.flatMap((name) => ofVariable(name, environment, chdir)),
    ...usual,
    relabel("working directory", runningIn(chdir)),
  ];
}

const variables = ["TMPDIR", "TEMP", "TMP"];

function pythonDefault(directory: string): Known<string> {
  return byDefault("temporary directory", directory, {
    program: "Python",
    versions: "all",
    source: "Lib/tempfile.py, _candidate_tempdir_list",
  });
}

const usual = ["/tmp", "/var/tmp", "/usr/tmp"].map(pythonDefault);

function ofVariable(
  name: string,
  environment: ProcessEnvironment,
  chdir: Value<SettingValue>,
): Value<string>[] {
  const value = environment.get(name);
  if (!value.known) return [relabel(name, unknown<string>(name, value.origin.why, { from: [value] }))];
  return value.value === undefined || value.value === ""
    ? []
    : [resolved({ ...value, value: value.value }, chdir)];
}

/** The directory that gunicorn has changed to. */
function runningIn(chdir: Value<SettingValue>): Value<string> {
  if (chdir.known && typeof chdir.value === "string" && chdir.value.startsWith("/"))
    return { ...chdir, value: absolutePath(chdir.value) };
  return unknown(chdir.label, "the directory that gunicorn runs in is not known", { from: [chdir] });
}

function resolved(directory: Known<string>, chdir: Value<SettingValue>): Value<string> {
  if (directory.value.startsWith("/")) return { ...directory, value: absolutePath(directory.value) };
  const how = "relative to the directory that gunicorn runs in";
  return derive(directory.label, how, [directory, runningIn(chdir)], (path, base) =>
    absolutePath(path, base),
  );
}
