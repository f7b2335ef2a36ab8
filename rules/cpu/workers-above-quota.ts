import { defineRule } from "../../src/lint/rule.ts";
import type { Processes } from "../../src/model/units.ts";
import { processes } from "../../src/model/units.ts";
import { derive, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "More workers than the CPU quota can run",
    since: "0.1.0",
    sources: [
      "systemd.resource-control(5), CPUQuota=",
      "Linux Documentation/admin-guide/cgroup-v2.rst, cpu.max",
      "gunicorn documentation, Design, How Many Workers?",
      "nginx src/os/unix/ngx_posix_init.c: auto is sysconf(_SC_NPROCESSORS_ONLN)",
    ],
  },
  docs: () => ({
    what: "Compares the workers of nginx (above the quota rounded up) and of gunicorn (above 2 x quota + 1) with the smallest CPUQuota= of the service, its slice and the slices around it.",
    why: "`worker_processes auto` and `cpu_count()` count the CPUs of the machine and never see a quota. When the workers together have used the quota of a period (100 ms), all of them stand still until the next one: every request gets slower at once, and heartbeats may be missed.",
    fix: "Write the number of workers for the quota: nginx one per CPU of the quota, gunicorn at most 2 x quota + 1. Or raise the quota.",
    exceptions:
      "gunicorn workers wait for databases much of the time, so up to 2 x quota + 1 is fine: three workers under 200 % are not reported.",
  }),
  options: {
    "nginx-per-cpu": {
      kind: "number",
      default: 1,
      least: 0.1,
      unit: "workers",
      what: "The nginx workers that a CPU of the quota carries; more than 1 where they wait for disks.",
    },
    "gunicorn-per-cpu": {
      kind: "number",
      default: 2,
      least: 0.1,
      unit: "workers",
      what: "The gunicorn workers that a CPU of the quota carries; one more comes on top.",
    },
  },
  examples: () => [
    {
      title: "auto under a quota of two CPUs on a machine with 16",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes «auto»;\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
        "etc/systemd/system/nginx.service": "[Service]\n⟦CPUQuota=200%⟧\nExecStart=/usr/sbin/nginx\n",
      },
      facts: { cpus: "16" },
      findings: ["nginx runs 16 workers under a CPU quota of 2 CPUs"],
    },
    {
      title: "A quota on the slice around the service",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nSlice=web.slice\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn «--workers 8» app:app\n",
        "etc/systemd/system/web.slice": "[Slice]\n⟦CPUQuota=150%⟧\n",
      },
      findings: ["gunicorn (app.service) runs 8 workers under a CPU quota of 1.5 CPUs"],
    },
    {
      title: "A start script counts the CPUs of the machine in a container of one CPU",
      files: {
        "docker-compose.yml": "services:\n  web:\n    build: .\n    cpus: ⟦1⟧\n",
        Dockerfile: 'FROM python:3.12\nCOPY start.sh /start.sh\nCMD ["/start.sh"]\n',
        "start.sh": '#!/bin/sh\nexec gunicorn «-w "$(nproc)"» -b 0.0.0.0:8000 app:app\n',
      },
      facts: { cpus: "16" },
      findings: ["gunicorn (web) runs 16 workers under a CPU quota of 1 CPU"],
    },
    {
      title: "Quiet: three gunicorn workers under 200 %",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nCPUQuota=200%\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --workers 3 app:app\n",
      },
    },
    {
      title: "An application that computes, with one worker for each CPU of the quota",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\n⟦CPUQuota=200%⟧\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn «--workers 5» app:app\n",
      },
      options: { "gunicorn-per-cpu": 1 },
      findings: ["gunicorn (app.service) runs 5 workers under a CPU quota of 2 CPUs"],
    },
    {
      title: "Quiet: an nginx that waits for slow disks",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 4;\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
        "etc/systemd/system/nginx.service": "[Service]\nCPUQuota=200%\nExecStart=/usr/sbin/nginx\n",
      },
      options: { "nginx-per-cpu": 2 },
    },
  ],
  *check(host, ask, { "nginx-per-cpu": perNginx, "gunicorn-per-cpu": perGunicorn }) {
    const programs = [
      ...host.nginx.map((nginx) => ({
        name: nginx.name,
        at: nginx.at,
        environment: nginx.environment,
        workers: nginx.workers,
        formula: `${perNginx.value === 1 ? "one worker" : `${perNginx.value} workers`} per CPU of the quota, rounded up`,
        perCpu: perNginx,
        most: (quota: number, each: number): Processes => processes(Math.ceil(each * quota)),
      })),
      ...host.gunicorn.map((gunicorn) => ({
        name: gunicorn.name,
        at: gunicorn.at,
        environment: gunicorn.environment,
        workers: gunicorn.configuration.workers,
        formula: `${perGunicorn.value} x quota + 1`,
        perCpu: perGunicorn,
        most: (quota: number, each: number): Processes => processes(Math.floor(each * quota + 1)),
      })),
    ];
    for (const program of programs) {
      const { cpuQuota } = program.environment;
      const quota = ask.value(cpuQuota);
      if (quota === undefined || quota === Number.POSITIVE_INFINITY) continue;
      const most = derive(
        "workers that the quota carries",
        program.formula,
        [cpuQuota, program.perCpu],
        program.most,
      );
      if (!ask.below(most, program.workers)) continue;
      yield {
        at: placeOf(program.workers) ?? program.at,
        message: `${program.name} runs ${valueText(program.workers)} workers under a CPU quota of ${valueText(cpuQuota, "cpus")}`,
        why: "When the workers have used up the quota of a period, all of them stand still until the next one.",
        because: [program.workers, most],
        help: `at most ${valueText(most)} workers, or a larger ${program.environment.remedies.cpuQuota}`,
      };
    }
  },
});
