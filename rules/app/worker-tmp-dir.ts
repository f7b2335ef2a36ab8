import { groupBy } from "../../src/lint/group.ts";
import { type Ask, defineRule, type Finding } from "../../src/lint/rule.ts";
import type { GunicornProcess } from "../../src/model/host.ts";
import { holds, isWritten, type Known, placeOf, type Value } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "The heartbeat file of the workers has no good place",
    since: "0.1.0",
    sources: [
      "gunicorn gunicorn/workers/workertmp.py and arbiter.py, murder_workers (20.1 to 26.1)",
      "gunicorn documentation, FAQ, How do I avoid Gunicorn excessively blocking in os.fchmod?",
      "Python Lib/tempfile.py, _candidate_tempdir_list",
      "systemd src/core/namespace.c, protect_system_strict_table",
    ],
  },
  docs: () => ({
    what: "Every gunicorn worker, of whatever class, touches a temporary file to show that it is alive: in `worker_tmp_dir`, else in the first directory of TMPDIR, TEMP, TMP, /tmp, /var/tmp, /usr/tmp and the working directory that can be written to. Reports an error where all of them are mounted read-only (`ProtectSystem=strict`, a container with a read-only root file system), and as an info a container whose file lies on disk where somebody has chosen that place, or a timeout below 30 s (the option `timeout-below`).",
    why: "Without a writable place gunicorn stops at its first worker: `FileNotFoundError: No usable temporary directory found`. On a disk the touch waits while the disk is busy, and a worker that waits longer than the timeout is killed as if it hung.",
    fix: "`--worker-tmp-dir /dev/shm`: memory, writable in containers and under ProtectSystem=strict. For a service `PrivateTmp=true` does as well.",
    exceptions:
      "Outside of containers the distribution decides whether /tmp is in memory, so only read-only places are reported. In a container /tmp is on disk unless something is mounted there; with the usual timeout that is so nearly everywhere, seldom hurts, and is not reported. Permissions are not looked at.",
  }),
  options: {
    "timeout-below": {
      kind: "number",
      // gunicorn's default timeout: below it a busy disk is more likely to cost a worker.
      default: 30,
      least: 0,
      unit: "seconds",
      what: "A container that keeps the file on disk is reported where the timeout of its workers is below this.",
    },
  },
  examples: () => [
    {
      title: "ProtectSystem=strict without a /tmp of its own",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\n«⟦ProtectSystem=strict⟧»\nRuntimeDirectory=app\nExecStart=/usr/bin/gunicorn -b unix:/run/app/app.sock app:app\n",
      },
      findings: [
        "gunicorn (app.service) cannot make its heartbeat file: /tmp, /var/tmp, /usr/tmp and /srv/app are read-only",
      ],
    },
    {
      title: "worker_tmp_dir in a directory that is mounted read-only",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\n«⟦ProtectSystem=strict⟧»\nPrivateTmp=true\nExecStart=/usr/bin/gunicorn ⟦--worker-tmp-dir /srv/app/tmp⟧ app:app\n",
      },
      findings: ["gunicorn (app.service) cannot make its heartbeat file: /srv/app/tmp is read-only"],
    },
    {
      title: "A container with a read-only root file system",
      files: {
        "deploy/web.yaml":
          'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: app\n      image: python:3.12\n      workingDir: /app\n      command: ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]\n      securityContext:\n        readOnlyRootFilesystem: «⟦true⟧»\n',
      },
      findings: [
        "gunicorn (app of Pod web) cannot make its heartbeat file: /tmp, /var/tmp, /usr/tmp and /app are read-only",
      ],
    },
    {
      title: "A container that keeps it on disk and soon gives a worker up",
      files: {
        "deploy/web.yaml":
          'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: app\n      image: python:3.12\n      workingDir: /app\n      command: [«"gunicorn"», "-b", "0.0.0.0:8000", ⟦"--timeout", "5"⟧, "app:app"]\n',
      },
      findings: ["the workers of gunicorn (app of Pod web) keep their heartbeat file on disk, in /tmp"],
    },
    {
      title: "Quiet: a read-only root file system with memory at /tmp",
      files: {
        "deploy/web.yaml":
          'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: app\n      image: python:3.12\n      command: ["gunicorn", "-b", "0.0.0.0:8000", "app:app"]\n      securityContext:\n        readOnlyRootFilesystem: true\n      volumeMounts:\n        - name: tmp\n          mountPath: /tmp\n  volumes:\n    - name: tmp\n      emptyDir:\n        medium: Memory\n',
      },
    },
    {
      title: "Quiet: ProtectSystem=strict with PrivateTmp=true",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nProtectSystem=strict\nPrivateTmp=true\nExecStart=/usr/bin/gunicorn app:app\n",
      },
    },
    {
      title: "Quiet: the working directory may be written to, and Python falls back to it",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/home/app/site\nProtectSystem=strict\nReadWritePaths=/home/app/site /var/log/app\nExecStart=/usr/bin/gunicorn app:app\n",
      },
    },
    {
      title: "Quiet: memory",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nProtectSystem=strict\nExecStart=/usr/bin/gunicorn --worker-tmp-dir /dev/shm app:app\n",
      },
    },
    {
      title: "A container on a disk that is known to be slow",
      files: {
        "deploy/web.yaml":
          'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: app\n      image: python:3.12\n      workingDir: /app\n      command: [«"gunicorn"», "-b", "0.0.0.0:8000", ⟦"--timeout", "60"⟧, "app:app"]\n',
      },
      options: { "timeout-below": 120 },
      findings: ["the workers of gunicorn (app of Pod web) keep their heartbeat file on disk, in /tmp"],
    },
  ],
  *check(host, ask, { "timeout-below": timeoutBelow }) {
    for (const gunicorn of host.gunicorn) {
      const finding = nowhere(gunicorn, ask) ?? onDisk(gunicorn, timeoutBelow);
      if (finding !== undefined) yield finding;
    }
  },
});

type Place = readonly [directory: Value<string>, storage: Value<string>];

function placesOf({ configuration, environment }: GunicornProcess): readonly Place[] {
  return configuration.heartbeatDirectories.map((directory) => [
    directory,
    directory.known ? environment.storage(directory.value) : directory,
  ]);
}

function nowhere(gunicorn: GunicornProcess, ask: Ask): Finding | undefined {
  const places = placesOf(gunicorn);
  const readOnly = places.filter(([, storage]) => storage.known && storage.value === "read-only");
  if (readOnly.length === 0 || places.some(([, storage]) => isWritable(storage))) return undefined;
  if (!places.every(([, storage]) => ask.certain([storage], (kind) => kind === "read-only")))
    return undefined;
  const names = places.map(([directory]) => valueText(directory));
  const last = names.pop() ?? "";
  const list = names.length === 0 ? `${last} is` : `${names.join(", ")} and ${last} are`;
  const storages = groupBy(
    places.map(([, storage]) => storage),
    placeText,
  ).flatMap(([first]) => first ?? []);
  const named = places.map(([directory]) => directory).filter(isWritten);
  return {
    at: storages.map(placeOf).find((place) => place !== undefined) ?? gunicorn.at,
    message: `${gunicorn.name} cannot make its heartbeat file: ${list} read-only`,
    why: "gunicorn stops at its first worker: no usable temporary directory.",
    because: [...named, ...storages],
    help: "start gunicorn with --worker-tmp-dir /dev/shm",
  };
}

function placeText(value: Value<unknown>): string {
  const place = placeOf(value);
  return `${place?.file.path}\0${place?.start}`;
}

function isWritable(storage: Value<string>): boolean {
  return holds([storage], (kind) => kind !== "read-only") === "yes";
}

function onDisk(gunicorn: GunicornProcess, timeoutBelow: Known<number>): Finding | undefined {
  const { environment, configuration } = gunicorn;
  const { timeout } = configuration;
  if (environment.kind !== "container" || !timeout.known || timeout.value === Number.POSITIVE_INFINITY)
    return undefined;
  const first = placesOf(gunicorn).find(([, storage]) => !storage.known || storage.value !== "read-only");
  if (first === undefined) return undefined;
  const [directory, storage] = first;
  if (!storage.known || storage.value !== "disk") return undefined;
  if (!isWritten(directory) && timeout.value >= timeoutBelow.value) return undefined;
  return {
    at: (isWritten(directory) ? placeOf(directory) : undefined) ?? gunicorn.at,
    severity: "info",
    message: `the workers of ${gunicorn.name} keep their heartbeat file on disk, in ${valueText(directory)}`,
    why: `A worker that a busy disk holds up for ${valueText(timeout, "seconds")} is killed as if it hung.`,
    because: [...(isWritten(directory) ? [directory] : [timeoutBelow]), storage, timeout],
    help: "start gunicorn with --worker-tmp-dir /dev/shm",
  };
}
