import { defineRule } from "../../src/lint/rule.ts";
import { descriptors } from "../../src/model/units.ts";
import { derive } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "The container engine decides whether the connection slots have descriptors",
    since: "0.1.0",
    sources: [
      "moby #45534 and containerd #8924: LimitNOFILE= removed from the units of the engines",
      "Compose Specification, services, ulimits",
    ],
  },
  docs: () => ({
    what: "Reports an nginx in a container whose `worker_connections` fit into the nofile limit of some container engines and not of others, where neither `ulimits` nor `worker_rlimit_nofile` decides.",
    why: "Docker used to start containers with a million descriptors or no limit; since containerd 2.0 they get systemd's 1024 as soft limit. The same files then hold on one machine and fail with `Too many open files` on the next.",
    fix: "Write `worker_rlimit_nofile` in nginx.conf, twice `worker_connections`, or `ulimits: nofile:` for the service.",
    exceptions: "The 1024 slots of the stock configuration are not reported.",
  }),
  examples: () => [
    {
      title: "10,240 slots, and nothing says how many descriptors",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf":
          "events {\n  worker_connections «⟦10240⟧»;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: [
        "whether nginx (proxy) has descriptors for its 10240 connection slots depends on the container engine",
      ],
    },
    {
      title: "Two images that copy the same file, reported once",
      files: {
        "a/Dockerfile": "FROM nginx:1.27\nCOPY conf/nginx.conf /etc/nginx/nginx.conf\n",
        "b/Dockerfile": "FROM nginx:1.27\nCOPY conf/nginx.conf /etc/nginx/nginx.conf\n",
        "conf/nginx.conf":
          "events {\n  worker_connections «⟦10240⟧»;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: [
        "whether nginx has descriptors for its 10240 connection slots depends on the container engine",
      ],
    },
    {
      title: "Quiet: ulimits of the service",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    ulimits:\n      nofile: 65536\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf":
          "events {\n  worker_connections 10240;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
    {
      title: "Quiet: the stock number of slots",
      files: {
        "docker-compose.yml": "services:\n  proxy:\n    image: nginx:1.27\n",
      },
    },
  ],
  *check(host, ask) {
    for (const { name, at, configuration, container, environment, workerNofile } of host.nginx) {
      const slots = configuration.workerConnections;
      if (environment.kind !== "container" || workerNofile.known || (ask.value(slots) ?? 0) <= 1024) continue;
      const need = derive("descriptors that full slots need", "worker_connections", [slots], (count) =>
        descriptors(count),
      );
      const answers = new Set(
        (workerNofile.candidates ?? []).map((limit) => need.known && limit.value < need.value),
      );
      if (answers.size !== 2) continue;
      yield {
        at: slots.origin.at ?? at,
        message: `whether ${container?.definedBy === "image" ? "nginx" : name} has descriptors for its ${valueText(slots)} connection slots depends on the container engine`,
        why: "Engines differ: with containerd 2.0 and later a container starts with 1024 descriptors, with older ones with a million or more.",
        because: [slots, workerNofile],
        help: `worker_rlimit_nofile ${slots.known ? 2 * slots.value : ""}; in nginx.conf, or ${environment.remedies.nofile}`,
      };
    }
  },
});
