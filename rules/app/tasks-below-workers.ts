import { defineRule } from "../../src/lint/rule.ts";
import { processes } from "../../src/model/units.ts";
import { derive, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "The task limit does not hold all workers and their threads",
    since: "0.1.0",
    sources: [
      "systemd.resource-control(5), TasksMax=",
      "Linux Documentation/admin-guide/cgroup-v2.rst, pids.max: fork and clone fail with EAGAIN",
      "gunicorn gunicorn/arbiter.py, spawn_worker; workers/gthread.py, get_thread_pool",
    ],
  },
  docs: () => ({
    what: "Compares the task limit around gunicorn (TasksMax= of the service and its slices, the pids limit of a container) with what it starts: the master, a process for each worker and, for gthread workers, `threads` more in each. A limit below master and workers is an error, one below their threads a warning.",
    why: "Threads count as tasks. At the limit fork(2) fails: gunicorn ends with `Resource temporarily unavailable`. When only threads are missing it starts, and under load a worker fails with `can't start new thread`.",
    fix: "Leave TasksMax= out, or set it well above 1 + workers x (1 + threads): the application and its libraries start threads of their own.",
    exceptions:
      "The default limit (15 % of what the machine allows) is not judged. Threads of the application are not known; the option `own-threads` says them.",
  }),
  options: {
    "own-threads": {
      kind: "integer",
      default: 0,
      least: 0,
      unit: "threads",
      what: "Threads that the application and its libraries start in each worker.",
    },
  },
  examples: () => [
    {
      title: "Eight workers under TasksMax=8",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\n«⟦TasksMax=8⟧»\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn ⟦-w 8⟧ app:app\n",
      },
      findings: ["gunicorn (app.service) starts 9 processes under a task limit of 8"],
    },
    {
      title: "Four workers with 16 threads under TasksMax=64",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\n«⟦TasksMax=64⟧»\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn ⟦-w 4⟧ ⟦--threads 16⟧ app:app\n",
      },
      findings: ["gunicorn (app.service) needs 69 processes and threads under a task limit of 64"],
    },
    {
      title: "Quiet: room for all of them",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nTasksMax=128\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 4 --threads 16 app:app\n",
      },
    },
    {
      title: "Quiet: no limit is written",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 64 app:app\n",
      },
    },
    {
      title: "Workers with a library that starts 16 threads in each",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\n«⟦TasksMax=64⟧»\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn ⟦-w 4⟧ app:app\n",
      },
      options: { "own-threads": 16 },
      findings: ["gunicorn (app.service) needs 69 processes and threads under a task limit of 64"],
    },
  ],
  *check(host, ask, { "own-threads": ownThreads }) {
    for (const { program, name, at, configuration, environment } of host.gunicorn) {
      // uvicorn starts no master for one worker, and helpers of multiprocessing for several.
      if (program === "uvicorn") continue;
      const { tasksMax } = environment;
      const { workers, threads, workerKind } = configuration;
      if (placeOf(tasksMax) === undefined || (tasksMax.known && tasksMax.value === Number.POSITIVE_INFINITY))
        continue;
      const started = derive("processes of gunicorn", "master + workers", [workers], (count) =>
        processes(1 + count),
      );
      const full = derive(
        "processes and threads of gunicorn",
        `master + workers x (1 + threads of gthread${ownThreads.value === 0 ? "" : ` + ${ownThreads.value} of its own`})`,
        [workers, threads, workerKind, ownThreads],
        (count, each, kind, own) => processes(1 + count * ((kind === "gthread" ? 1 + each : 1) + own)),
      );
      const refused = ask.below(tasksMax, started);
      if (!refused && !ask.below(tasksMax, full)) continue;
      yield {
        at: placeOf(tasksMax) ?? at,
        severity: refused ? "error" : "warning",
        message: refused
          ? `${name} starts ${valueText(started)} processes under a task limit of ${valueText(tasksMax)}`
          : `${name} needs ${valueText(full)} processes and threads under a task limit of ${valueText(tasksMax)}`,
        why: refused
          ? "fork(2) fails at the limit and gunicorn ends."
          : "When all threads are busy, starting the next one fails and takes the worker with it.",
        because: [tasksMax, refused ? started : full],
        help: `a limit well above ${valueText(full)}; the application starts threads of its own`,
      };
    }
  },
});
