import { defineRule, type Severity } from "../../src/lint/rule.ts";
import type { NginxProcess } from "../../src/model/host.ts";
import { type Connections, type Descriptors, descriptors } from "../../src/model/units.ts";
import { derive, isWritten, placeOf, type Value } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

/** The worker_connections of the packages: built in, Debian's file, nginx.org's file. */
const stockConnections = [512, 768, 1024];

export default defineRule({
  meta: {
    severity: "error",
    title: "A worker may open fewer files than it has connection slots",
    since: "0.1.0",
    sources: [
      "nginx ngx_core_module, worker_rlimit_nofile",
      "systemd.exec(5), LimitNOFILE=",
      "systemd NEWS, version 240: services start with 1024:524288",
      "nginx src/event/ngx_event.c: worker_connections exceed open file resource limit",
    ],
  },
  docs: () => ({
    what: "Compares the soft nofile limit that a worker really runs under (`worker_rlimit_nofile` where it takes effect, else LimitNOFILE= of the service, DefaultLimitNOFILE= of system.conf, else systemd's 1024) with `worker_connections`. Below the slots plus what a worker holds besides them is an error. Below twice the slots is a warning where somebody wrote the limit, and an info where everything is as shipped.",
    why: "Each connection takes a descriptor, and a static file or a buffered response takes one more. At the limit accept(2) and open(2) fail with `Too many open files`: clients wait or get a 500. nginx's own warning about it is hidden at its default log level.",
    fix: "Write `worker_rlimit_nofile` in nginx.conf (the master is root and may raise it), at least twice `worker_connections`. `LimitNOFILE=` in a drop-in of nginx.service does the same. limits.conf does not reach a service.",
    exceptions:
      "In a container the engine sets the limit, which is not known here; then it is judged only where every engine gives the same answer. A configuration without a unit is taken for a service with systemd's defaults, and findings say so and are weaker.",
  }),
  options: {
    "per-connection": {
      kind: "number",
      default: 2,
      least: 1,
      unit: "descriptors",
      what: "The descriptors that a slot may need: 1 where nginx only passes on and keeps nothing in files, 3 where responses are cached too.",
    },
  },
  examples: () => [
    {
      title: "10,240 slots under systemd's default of 1024",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 2;\nevents {\n  worker_connections ⟦«10240»⟧;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
        "etc/systemd/system/nginx.service": "[Service]\nType=forking\nExecStart=/usr/sbin/nginx\n",
      },
      findings: ["an nginx worker has 10240 connection slots but may open only 1024 files"],
    },
    {
      title: "A written limit below twice the slots",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 2;\nworker_rlimit_nofile «4096»;\nevents {\n  worker_connections ⟦4000⟧;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ["an nginx worker may open 4096 files, less than twice its 4000 connection slots"],
    },
    {
      title: "Quiet: worker_rlimit_nofile of twice the slots",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 2;\nworker_rlimit_nofile 20480;\nevents {\n  worker_connections 10240;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
    {
      title: "Quiet: a compose file shows that nginx runs in a container",
      files: {
        "deploy/nginx.conf":
          "events {\n  worker_connections 2048;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
        "docker-compose.yml":
          "services:\n  nginx:\n    image: nginx:1.27\n    volumes:\n      - ./deploy/nginx.conf:/etc/nginx/nginx.conf:ro\n",
      },
    },
    {
      title: "As many files as slots, of which the log and the worker's own take some",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 1;\nworker_rlimit_nofile «40000»;\nevents {\n  worker_connections ⟦40000⟧;\n}\nhttp {\n  access_log off;\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ["an nginx worker needs 40006 files for its 40000 connection slots but may open only 40000"],
    },
    {
      title: "Quiet: an nginx that only passes on",
      files: {
        "etc/nginx/nginx.conf":
          "worker_processes 2;\nworker_rlimit_nofile 5000;\nevents {\n  worker_connections 4000;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      options: { "per-connection": 1 },
    },
  ],
  *check(host, ask, { "per-connection": perConnection }) {
    for (const nginx of host.nginx) {
      const { workerNofile, workerOverhead, configuration } = nginx;
      const slots = configuration.workerConnections;
      const least = derive(
        "descriptors that a full worker holds",
        "worker_connections + other descriptors",
        [slots, workerOverhead],
        (count, others) => descriptors(count + others),
      );
      const most = derive(
        "descriptors of a worker that also opens files",
        `${perConnection.value} x worker_connections`,
        [slots, perConnection],
        (count, each) => descriptors(Math.ceil(each * count)),
      );
      if (ask.below(workerNofile, least)) {
        yield {
          at: placeOf(isWritten(workerNofile) ? workerNofile : slots) ?? configuration.main,
          severity: severityOf(nginx, host.systemd.services.length > 0),
          message: tooFew(slots, workerNofile, least),
          why: "At the limit accept() fails with 'Too many open files' and clients wait; nginx logs a warning only at level warn.",
          because: [workerNofile, least],
          help: advice(nginx, perConnection.value),
        };
      } else if (ask.below(workerNofile, most)) {
        yield {
          at: placeOf(isWritten(workerNofile) ? workerNofile : slots) ?? configuration.main,
          severity: isWritten(workerNofile) ? "warning" : "info",
          message: `an nginx worker may open ${valueText(workerNofile)} files, less than ${perConnection.value === 2 ? "twice" : `${perConnection.value} x`} its ${valueText(slots)} connection slots`,
          why: "A static file, a buffered response or a cached one takes a second descriptor for the same client.",
          because: [workerNofile, slots, perConnection],
          help: advice(nginx, perConnection.value),
        };
      }
    }
  },
});

function tooFew(slots: Value<Connections>, limit: Value<Descriptors>, need: Value<Descriptors>): string {
  return slots.known && limit.known && slots.value <= limit.value
    ? `an nginx worker needs ${valueText(need)} files for its ${valueText(slots)} connection slots but may open only ${valueText(limit)}`
    : `an nginx worker has ${valueText(slots)} connection slots but may open only ${valueText(limit)} files`;
}

function advice({ configuration, environment, workerNofile }: NginxProcess, perConnection: number): string {
  const { workerConnections, workerRlimitNofile } = configuration;
  const enough = workerConnections.known
    ? ` ${Math.ceil(Math.max(2, perConnection) * workerConnections.value)}`
    : "";
  const set = `worker_rlimit_nofile${enough}; in nginx.conf`;
  // Where that line decides already, no limit around nginx changes anything.
  const decides =
    workerRlimitNofile?.known === true &&
    workerNofile.known &&
    workerRlimitNofile.value === workerNofile.value;
  return decides ? set : `${set}, or ${environment.remedies.nofile}`;
}

/** An error where the limit is certain; weaker the more of it is assumed, and an info where all is as shipped. */
function severityOf({ workerNofile, environment, configuration }: NginxProcess, hasUnits: boolean): Severity {
  if (isWritten(workerNofile)) return "error";
  const slots = configuration.workerConnections;
  if (slots.known && stockConnections.includes(slots.value)) return "info";
  if (environment.kind !== "unknown") return "error";
  return hasUnits ? "warning" : "info";
}
