import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { Environment } from "../../src/model/environment.ts";
import type { Host } from "../../src/model/host.ts";
import type { Value } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

const key = "net.core.somaxconn";

export default defineRule({
  meta: {
    severity: "warning",
    title: "somaxconn is set on the machine, but the listener lives in a container",
    since: "0.1.0",
    sources: [
      "Linux net/core/sysctl_net_core.c, sysctl_core_net_init: a new network namespace starts with SOMAXCONN",
      "Compose Specification, services, sysctls",
    ],
  },
  docs: () => ({
    what: "Reports a `net.core.somaxconn` that the repository sets for the machine (sysctl.d), where nginx or gunicorn listens in a container with a network of its own and without `sysctls`.",
    why: "A container on a bridge network has its own copy of the setting, which starts with the default of the kernel (4096, before 5.4: 128) whatever the machine has. The value in sysctl.d does nothing for it.",
    fix: "Set it for the service as well: `sysctls: [net.core.somaxconn=VALUE]`. With `network_mode: host` the container uses that of the machine.",
    exceptions:
      "A container that sets the key itself, or that shares the network of the machine, is not reported. Nor is a value of 4096, which new kernels give anyway.",
  }),
  examples: () => [
    {
      title: "sysctl.d beside a compose project",
      files: {
        "deploy/sysctl.d/60-net.conf": "net.core.somaxconn = «⟦16384⟧»\n",
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf": "events {}\nhttp {\n  server {\n    ⟦listen 80;⟧\n  }\n}\n",
      },
      findings: ["net.core.somaxconn = 16384 does not reach nginx (proxy), which listens in a container"],
    },
    {
      title: "Quiet: the service sets it",
      files: {
        "deploy/sysctl.d/60-net.conf": "net.core.somaxconn = 16384\n",
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    sysctls:\n      net.core.somaxconn: 16384\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf": "events {}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
    {
      title: "Quiet: the settings are those of another machine",
      files: {
        "roles/database/files/sysctl.d/60-net.conf": "net.core.somaxconn = 16384\n",
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf": "events {}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
    {
      title: "Quiet: the container uses the network of the machine",
      files: {
        "deploy/sysctl.d/60-net.conf": "net.core.somaxconn = 16384\n",
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    network_mode: host\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n",
        "nginx.conf": "events {}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
  ],
  *check(host, ask) {
    const ofMachine = host.sysctl.boot(key.replaceAll(".", "/"));
    if (ofMachine === undefined || !ofMachine.known || ofMachine.origin.kind !== "written") return;
    if (Number(ofMachine.value) === 4096) return;
    const inContainers = host.listeners.filter(
      ({ environment }) => isApart(environment, ofMachine) && ask.value(environment.ownNetwork) === true,
    );
    const owners = groupBy(inContainers, ({ owner }) => owner).flatMap(([listener]) => listener ?? []);
    if (owners.length === 0 || anotherProgramUsesIt(host)) return;
    yield {
      at: ofMachine.origin.at,
      message: `${key} = ${ofMachine.value} does not reach ${owners.map(({ owner }) => owner).join(" and ")}, which ${owners.length === 1 ? "listens" : "listen"} in ${owners.length === 1 ? "a container" : "containers"}`,
      why: "A container with a network of its own starts with the default of the kernel, whatever the machine has.",
      because: [
        ofMachine,
        ...owners.map(({ owner, at, environment }) => ({
          message: `${owner} listens here, where ${key} is ${valueText(environment.sysctl(key))}`,
          at,
        })),
      ],
      help: owners
        .map(({ environment }) => environment.remedies.sysctl(key, String(ofMachine.value)))
        .join(", and "),
    };
  },
});

/** A container that neither sets the key nor sees that of the machine. */
function isApart(environment: Environment, ofMachine: Value<unknown>): boolean {
  const seen = environment.sysctl(key);
  return environment.kind === "container" && seen.origin.kind !== "written" && seen !== ofMachine;
}

/** Somebody on the machine itself listens too, for whom the setting was written. */
function anotherProgramUsesIt(host: Host): boolean {
  return host.listeners.some(({ environment }) => environment.kind !== "container");
}
