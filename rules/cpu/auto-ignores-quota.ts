import { defineRule } from "../../src/lint/rule.ts";
import type { Value } from "../../src/model/value.ts";
import { placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";
import { spanText } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "The number of workers follows the CPUs of the machine, under a CPU quota",
    since: "0.1.0",
    sources: [
      "nginx src/os/unix/ngx_posix_init.c: auto is sysconf(_SC_NPROCESSORS_ONLN)",
      "Python os.cpu_count: ignores affinity and cgroup quota",
      "nginx image, docker-entrypoint.d/30-tune-worker-processes.sh",
    ],
  },
  docs: () => ({
    what: "Reports `worker_processes auto` and gunicorn settings computed from `cpu_count()` in a container or service with a CPU quota, where the CPUs of the machine are not declared.",
    why: "Both count the CPUs of the machine. Under a quota of half a CPU on a machine with 64 they start 64 and 129 processes, which together use up the quota of each 100 ms and then all stand still; each gunicorn worker also holds a copy of the application in memory.",
    fix: "Write the number for the quota, or compute it from a variable that the deployment sets. The official nginx image does it by itself with `NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE=1` where nginx.conf is not mounted read-only.",
    exceptions:
      "With `--cpus` declared, `cpu/workers-above-quota` judges with the real number instead, and so it does for a count that is capped with `min()`.",
  }),
  examples: () => [
    {
      title: "auto in a container with half a CPU",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    cpus: ⟦0.5⟧\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf": "worker_processes «⟦auto⟧»;\nevents {}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ["nginx (proxy) starts one worker per CPU of the machine under a quota of 0.5 CPUs"],
    },
    {
      title: "cpu_count() in a unit with a quota",
      files: {
        "srv/app/gunicorn.conf.py":
          "import multiprocessing\n\n«⟦workers = multiprocessing.cpu_count() * 2 + 1⟧»\n",
        "etc/systemd/system/app.service":
          "[Service]\n⟦CPUQuota=150%⟧\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
      },
      findings: [
        "gunicorn (app.service) computes its workers from the CPUs of the machine under a quota of 1.5 CPUs",
      ],
    },
    {
      title: "A shell that asks nproc, in a service with a quota",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\n⟦CPUQuota=200%⟧\nWorkingDirectory=/srv/app\nExecStart=/bin/sh -c 'exec gunicorn «⟦--workers $(nproc)⟧» app:app'\n",
      },
      findings: [
        "gunicorn (app.service) computes its workers from the CPUs of the machine under a quota of 2 CPUs",
      ],
    },
    {
      title: "Quiet: a count that is capped",
      files: {
        "srv/app/gunicorn.conf.py":
          "import multiprocessing\n\nworkers = min(multiprocessing.cpu_count() * 2 + 1, 4)\n",
        "etc/systemd/system/app.service":
          "[Service]\nCPUQuota=150%\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
      },
    },
    {
      title: "Quiet: a number",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    cpus: 0.5\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf": "worker_processes 1;\nevents {}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
  ],
  *check(host, ask) {
    const programs = [
      ...host.nginx.map(({ name, at, environment, workers, configuration }) => ({
        what: `${name} starts one worker per CPU of the machine`,
        at: placeOf(configuration.workerProcesses) ?? at,
        environment,
        workers,
        from: [configuration.workerProcesses] as const,
      })),
      ...host.gunicorn.map(({ name, at, environment, configuration }) => ({
        what: `${name} computes its workers from the CPUs of the machine`,
        at: placeOf(configuration.workers) ?? at,
        environment,
        workers: configuration.workers,
        from: [configuration.workers] as const,
      })),
    ];
    for (const { what, at, environment, workers, from } of programs) {
      const { cpuQuota, onlineCpus } = environment;
      if (workers.known || onlineCpus.known || !standsOn(workers, onlineCpus)) continue;
      if (/\bmin\(/.test(spanText(at))) continue;
      const quota = ask.value(cpuQuota);
      if (quota === undefined || quota === Number.POSITIVE_INFINITY) continue;
      yield {
        at,
        message: `${what} under a quota of ${valueText(cpuQuota, "cpus")}`,
        why: "The quota does not show in that count: on a large machine many processes share little time and stand still together.",
        because: [...from, cpuQuota],
        help: `the number for the quota, such as ${Math.max(1, Math.ceil(quota))}; or declare the machine with --cpus N`,
      };
    }
  },
});

/** Whether a value is unknown only because another one is. */
function standsOn(value: Value<unknown>, other: Value<unknown>): boolean {
  if (value === other || value.origin === other.origin) return true;
  const { origin } = value;
  return (
    (origin.kind === "unknown" || origin.kind === "derived") &&
    (origin.from ?? []).some((input) => standsOn(input, other))
  );
}
