import { defineRule } from "../../src/lint/rule.ts";
import type { Environment } from "../../src/model/environment.ts";
import type { Facts } from "../../src/model/facts.ts";
import { type Bytes, bytes } from "../../src/model/units.ts";
import { derive, placeOf, type Value } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "The memory limit does not hold all workers",
    since: "0.1.0",
    sources: [
      "systemd.resource-control(5), MemoryMax=",
      "Linux Documentation/admin-guide/cgroup-v2.rst, memory.max",
      "gunicorn documentation, Design, How Many Workers?",
    ],
  },
  docs: () => ({
    what: "With a declared memory of one worker (`--worker-memory`) compares workers x that memory with the smallest memory limit around gunicorn (MemoryMax= of the service and its slices, the limit of a container), and with the memory of the machine where that is declared.",
    why: "When the workers have grown to their usual size the kernel kills one of them in the middle of a request, again and again, and gunicorn starts it anew: `Worker was sent SIGKILL! Perhaps out of memory?`",
    fix: "Fewer workers and more threads, or a larger limit. `preload_app` shares what the application loads at start.",
    exceptions:
      "Not judged without a declared memory of one worker. The master and other programs in the same limit come on top.",
  }),
  examples: () => [
    {
      title: "Nine workers of 300 MiB under 2 GiB",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\n⟦MemoryMax=2G⟧\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn «⟦-w 9⟧» app:app\n",
      },
      facts: { "worker-memory": "300M" },
      findings: [
        "the 9 workers of gunicorn (app.service) need 2.637 GiB (300 MiB each) under a memory limit of 2 GiB",
      ],
    },
    {
      title: "No limit, but a machine of 1 GiB",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn «⟦-w 4⟧» app:app\n",
      },
      facts: { "worker-memory": "300M", memory: "1G" },
      findings: [
        "the 4 workers of gunicorn (app.service) need 1.172 GiB (300 MiB each) on a machine with 1 GiB",
      ],
    },
    {
      title: "Quiet: three workers of 300 MiB under 2 GiB",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nMemoryMax=2G\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 3 app:app\n",
      },
      facts: { "worker-memory": "300M" },
    },
    {
      title: "Quiet: the memory of a worker is not declared",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nMemoryMax=512M\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 9 app:app\n",
      },
    },
  ],
  *check(host, ask) {
    const { workerMemory } = host.facts;
    for (const { program, name, at, configuration, environment } of host.gunicorn) {
      const limit = memoryLimit(environment, host.facts);
      if (!workerMemory.known && !(limit.known && limit.value < Number.POSITIVE_INFINITY)) continue;
      const { workers } = configuration;
      const needed = derive(
        "memory of the workers",
        "workers x memory of one worker",
        [workers, workerMemory],
        (count, each) => bytes(count * each),
      );
      if (!ask.below(limit, needed)) continue;
      const room = limit === host.facts.memory ? "on a machine with" : "under a memory limit of";
      yield {
        at: placeOf(workers) ?? at,
        message: `the ${valueText(workers)} workers of ${name} need ${valueText(needed, "bytes")} (${valueText(workerMemory, "bytes")} each) ${room} ${valueText(limit, "bytes")}`,
        why: "Once they have grown, the kernel kills workers in the middle of requests, again and again.",
        because: [needed, limit],
        help: `fewer workers${program === "gunicorn" ? " with more threads" : ""}, or a larger limit`,
      };
    }
  },
});

/** The limit around the process, and the memory of the machine where it is known and smaller. */
function memoryLimit({ memoryMax }: Environment, { memory }: Facts): Value<Bytes> {
  if (!memoryMax.known) return memoryMax;
  if (memoryMax.value === Number.POSITIVE_INFINITY) return memory;
  return memory.known && memory.value < memoryMax.value ? memory : memoryMax;
}
