import { defineRule } from "../../src/lint/rule.ts";
import { type Descriptors, descriptors } from "../../src/model/units.ts";
import { derive, isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "fs.file-max is below what the nginx workers may open together",
    since: "0.1.0",
    sources: [
      "Linux Documentation/admin-guide/sysctl/fs.rst, file-max",
      "systemd NEWS, version 240: fs.file-max is raised at boot",
    ],
  },
  docs: () => ({
    what: "Compares a written `fs.file-max` with the descriptors that all nginx workers need when their slots are full.",
    why: "fs.file-max is one limit for the whole machine. At the limit every open(2), accept(2) and socket(2) of a process that is not root fails with ENFILE, in every program of the machine.",
    fix: "Remove the line: systemd 240 and later sets fs.file-max to the largest number at boot, so that a line in sysctl.d can only lower it. On an older system raise it above the sum.",
    exceptions: "Not judged where no file sets the key.",
  }),
  examples: () => [
    {
      title: "Four workers of 16,384 slots under 32,768 files for the whole machine",
      files: {
        "etc/sysctl.d/60-files.conf": "fs.file-max = «32768»\n",
        "etc/nginx/nginx.conf":
          "worker_processes ⟦4⟧;\nworker_rlimit_nofile 40000;\nevents {\n  worker_connections ⟦16384⟧;\n}\nhttp {\n  access_log off;\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ["fs.file-max is 32768, but the nginx workers alone need 65572 files when they are full"],
    },
    {
      title: "Quiet: enough for all workers",
      files: {
        "etc/sysctl.d/60-files.conf": "fs.file-max = 260000\n",
        "etc/nginx/nginx.conf":
          "worker_processes 4;\nevents {\n  worker_connections 4069;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
  ],
  *check(host, ask) {
    const ceiling = host.bare.sysctl("fs.file-max");
    const at = placeOf(ceiling);
    if (!isWritten(ceiling) || at === undefined) return;
    for (const nginx of host.nginx) {
      const demand = derive(
        "files of all full workers",
        "workers x (worker_connections + other descriptors), each worker within its nofile limit",
        [nginx.workers, nginx.configuration.workerConnections, nginx.workerOverhead, nginx.workerNofile],
        (workers, slots, others, limit): Descriptors =>
          descriptors(workers * Math.min(slots + others, limit)),
      );
      if (!ask.below(ceiling, demand)) continue;
      yield {
        at,
        message: `fs.file-max is ${valueText(ceiling)}, but the nginx workers alone need ${valueText(demand)} files when they are full`,
        why: "It is one limit for the machine: at the limit every program that is not root fails to open files and sockets.",
        because: [ceiling, demand],
        help: "remove the line: since systemd 240 the boot sets the largest number, and a line here can only lower it",
      };
    }
  },
});
