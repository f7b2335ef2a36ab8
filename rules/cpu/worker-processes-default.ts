import { defineRule } from "../../src/lint/rule.ts";
import { type Cpus, cpus } from "../../src/model/units.ts";
import { derive, isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "nginx runs one worker on a machine with more CPUs",
    since: "0.1.0",
    sources: ["nginx ngx_core_module, worker_processes"],
  },
  docs: () => ({
    what: "Reports `worker_processes` unset (1) or written as 1 where the machine is known to have more CPUs and no quota holds nginx to one.",
    why: "A worker is one thread with one event loop: it cannot use more than one CPU, so TLS handshakes, compression and proxying all wait for the same one, and all clients share one worker's connection slots.",
    fix: "Write `worker_processes auto;` at the top of nginx.conf, or the number of CPUs that nginx may use.",
    exceptions:
      "Not judged when the CPUs are not declared (`--cpus`) or recorded. Under a CPU quota of one CPU or less one worker is right.",
  }),
  examples: () => [
    {
      title: "worker_processes is not set on a machine with 4 CPUs",
      files: {
        "etc/nginx/nginx.conf":
          "«events {»\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      facts: { cpus: "4" },
      findings: ["nginx runs 1 worker (its default) on a machine with 4 CPUs"],
    },
    {
      title: "Quiet: auto",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes auto;\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      facts: { cpus: "4" },
    },
    {
      title: "Quiet: one worker under a quota of one CPU",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
        "etc/systemd/system/nginx.service": "[Service]\nCPUQuota=100%\nExecStart=/usr/sbin/nginx\n",
      },
      facts: { cpus: "4" },
    },
  ],
  *check(host, ask) {
    for (const { configuration, workers, environment } of host.nginx) {
      if (configuration.scope !== "main" || !configuration.serves) continue;
      if (!ask.certain([workers], (count) => count === 1)) continue;
      const { onlineCpus, cpuQuota } = environment;
      const usable = derive(
        "CPUs that nginx may use",
        "the smaller of the online CPUs and the CPU quota, rounded up",
        [onlineCpus, cpuQuota],
        (online, quota): Cpus => cpus(Math.min(online, Math.ceil(quota))),
      );
      if (!ask.certain([usable], (count) => count > 1)) continue;
      yield {
        at: placeOf(configuration.workerProcesses) ?? configuration.main,
        message: `nginx runs 1 worker${isWritten(workers) ? "" : " (its default)"} on a machine with ${valueText(onlineCpus, "cpus")}`,
        why: "A worker is one event loop on one CPU; the others stay idle while clients wait for it.",
        because: [workers, usable],
        help: "worker_processes auto;",
      };
    }
  },
});
