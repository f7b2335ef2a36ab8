import { defineRule } from "../../src/lint/rule.ts";
import { processes } from "../../src/model/units.ts";
import { derive, isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "More gunicorn workers than 2 x CPUs + 1",
    since: "0.1.0",
    sources: ["gunicorn documentation, Design, How Many Workers?"],
  },
  docs: () => ({
    what: "Compares the number of gunicorn workers with (2 x CPUs) + 1 (the 2 is the option `per-cpu`), the starting point of gunicorn's documentation, on a machine whose CPUs are known.",
    why: "Workers beyond that compete for the same CPUs and each holds a copy of the application in memory. gunicorn's authors find that 4 to 12 workers usually carry hundreds to thousands of requests per second.",
    fix: "Start with (2 x CPUs) + 1 and measure. For requests that mostly wait, threads or an asynchronous worker class cost less than more processes.",
    exceptions:
      "The formula is a starting point, not a law: where a measurement showed that more workers help, set `per-cpu`, or ignore the finding with that reason. Under a smaller CPU quota `cpu/workers-above-quota` judges instead.",
  }),
  options: {
    "per-cpu": {
      kind: "number",
      default: 2,
      least: 0.1,
      unit: "workers",
      what: "The workers for each CPU in the formula; one more comes on top.",
    },
  },
  examples: () => [
    {
      title: "Twenty workers on two CPUs",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn «-w 20» app:app\n",
      },
      facts: { cpus: "2" },
      findings: ["gunicorn (app.service) starts 20 workers on 2 CPUs; 5 is the usual starting point"],
    },
    {
      title: "Quiet: the documentation's formula",
      files: {
        "srv/app/gunicorn.conf.py":
          "import multiprocessing\n\nworkers = multiprocessing.cpu_count() * 2 + 1\n",
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
      },
      facts: { cpus: "8" },
    },
    {
      title: "Quiet: the CPUs are not known",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 20 app:app\n",
      },
    },
    {
      title: "Seven workers on two CPUs where no more than four are wanted",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn «-w 7» app:app\n",
      },
      facts: { cpus: "2" },
      options: { "per-cpu": 1.5 },
      findings: ["gunicorn (app.service) starts 7 workers on 2 CPUs; with per-cpu 1.5 at most 4 are wanted"],
    },
    {
      title: "Quiet: measured, and three for each CPU are right here",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 7 app:app\n",
      },
      facts: { cpus: "2" },
      options: { "per-cpu": 3 },
    },
  ],
  *check(host, ask, { "per-cpu": perCpu }) {
    for (const { program, name, at, configuration, environment } of host.gunicorn) {
      if (program !== "gunicorn") continue;
      const { onlineCpus, cpuQuota } = environment;
      if (cpuQuota.known && onlineCpus.known && cpuQuota.value < onlineCpus.value) continue;
      const start = derive(
        "starting point for workers",
        `${perCpu.value} x CPUs + 1`,
        [onlineCpus, perCpu],
        (count, each) => processes(Math.floor(each * count) + 1),
      );
      if (!ask.below(start, configuration.workers)) continue;
      yield {
        at: placeOf(configuration.workers) ?? at,
        message: `${name} starts ${valueText(configuration.workers)} workers on ${valueText(onlineCpus, "cpus")}; ${isWritten(perCpu) ? `with per-cpu ${perCpu.value} at most ${valueText(start)} are wanted` : `${valueText(start)} is the usual starting point`}`,
        why: "More processes than the CPUs can run take turns and each holds its own copy of the application.",
        because: [configuration.workers, start],
        help: `start with ${valueText(start)} workers and measure; add threads where requests mostly wait`,
      };
    }
  },
});
