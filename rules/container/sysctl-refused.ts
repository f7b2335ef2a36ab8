import { type Ask, defineRule, type Finding } from "../../src/lint/rule.ts";
import type { Container, ContainerSysctl } from "../../src/model/container.ts";
import { namespaceOf, safeInPodsSince } from "../../src/model/namespaced-sysctl.ts";
import { isListed } from "../../src/text/globs.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A kernel setting that a container may not change",
    since: "0.1.0",
    sources: [
      "runc libcontainer/configs/validate/validator.go, sysctl",
      "Linux 6.18: settings below /proc/sys/net of a fresh network namespace",
      "kubernetes pkg/kubelet/sysctl/allowlist.go and safe_sysctls.go",
      "Kubernetes documentation, Using sysctls in a Kubernetes Cluster",
    ],
  },
  docs: () => ({
    what: "Reports `sysctls` of a container that belong to the whole machine (`vm.*`, `fs.file-max`, `net.core.netdev_max_backlog`), those below `net.` in a container that uses the network of the machine, and in a pod those that a kubelet takes only when it is told to, such as `net.core.somaxconn`.",
    why: "The runtime refuses the container, or the kubelet the pod: it does not start at all. `docker compose config` and `kubectl apply` accept the file all the same.",
    fix: "Set what belongs to the machine in sysctl.d of the machine. For an unsafe setting of a pod start the kubelets of its nodes with `--allowed-unsafe-sysctls=net.core.somaxconn`.",
    exceptions:
      "An unsafe setting is a warning, as the files do not say what the kubelet allows; the option `allowed-unsafe` does. Settings of the IPC namespace are taken for allowed.",
  }),
  options: {
    "allowed-unsafe": {
      kind: "globs",
      default: [],
      unit: "settings",
      what: "What the kubelets of the cluster are told to take with --allowed-unsafe-sysctls.",
    },
  },
  examples: () => [
    {
      title: "A setting of the whole machine",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    sysctls:\n      «vm.overcommit_memory: 1»\n",
      },
      findings: ["proxy does not start: vm.overcommit_memory belongs to the whole machine"],
    },
    {
      title: "With the network of the machine",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    network_mode: host\n    sysctls:\n      «net.core.somaxconn: 16384»\n",
      },
      findings: ["proxy does not start: net.core.somaxconn may not be set in the network of the machine"],
    },
    {
      title: "An unsafe setting of a pod",
      files: {
        "web.yaml":
          'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  securityContext:\n    sysctls:\n      - name: «net.core.somaxconn»\n        value: "16384"\n      - name: net.ipv4.ip_local_port_range\n        value: "1024 65000"\n  containers:\n    - name: nginx\n      image: nginx:1.27\n',
      },
      findings: ["the kubelet refuses Pod web unless it is told to allow net.core.somaxconn"],
    },
    {
      title: "Quiet: a setting of the container's own network",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    sysctls:\n      - net.core.somaxconn=16384\n      - net.ipv4.ip_local_port_range=1024 65000\n",
      },
    },
    {
      title: "Quiet: the kubelets of this cluster allow it",
      files: {
        "web.yaml":
          'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  securityContext:\n    sysctls:\n      - name: net.core.somaxconn\n        value: "16384"\n  containers:\n    - name: nginx\n      image: nginx:1.27\n',
      },
      options: { "allowed-unsafe": ["net.core.*"] },
    },
  ],
  *check(host, ask, { "allowed-unsafe": allowed }) {
    const seen = new Set<string>();
    for (const { container } of host.containers)
      for (const sysctl of container.sysctls) {
        // Several containers of a pod stand on one line.
        const place = `${sysctl.at.file.path}:${sysctl.at.start}`;
        if (seen.has(place)) continue;
        seen.add(place);
        const finding = refusal(container, sysctl, allowed.value, ask);
        if (finding !== undefined) yield finding;
      }
  },
});

function refusal(
  container: Container,
  { key, at, value }: ContainerSysctl,
  allowed: readonly string[],
  ask: Ask,
): Finding | undefined {
  const inPod = container.definedBy === "kubernetes";
  const starts = inPod ? `the kubelet refuses ${podsOf(container)}` : `${container.name} does not start`;
  const namespace = namespaceOf(key);
  const found = { at, because: [value] };
  if (namespace === "machine" || (inPod && namespace === "uts"))
    return {
      ...found,
      message: `${starts}: ${key} belongs to the whole machine`,
      why: "A container can only change what it has a namespace of its own for.",
      help: `set ${key} in sysctl.d of ${inPod ? "the nodes" : "the machine"}`,
    };
  if (namespace === "network" && ask.certain([container.network], ({ kind }) => kind === "host"))
    return {
      ...found,
      message: `${starts}: ${key} may not be set in the network of ${inPod ? "the node" : "the machine"}`,
      why: "It would change the setting for every other program there.",
      help: `set ${key} in sysctl.d of ${inPod ? "the nodes" : "the machine"}`,
    };
  if (!inPod || safeInPodsSince(key) !== undefined || isListed(allowed, key)) return undefined;
  return {
    ...found,
    severity: "warning",
    message: `${starts} unless it is told to allow ${key}`,
    why: "It is no safe sysctl: without --allowed-unsafe-sysctls the pod ends with SysctlForbidden.",
    help: `start the kubelets of its nodes with --allowed-unsafe-sysctls=${key}`,
  };
}

/** `nginx of Deployment web` runs in the pods of Deployment web. */
function podsOf({ name }: Container): string {
  const owner = name.slice(name.indexOf(" of ") + " of ".length);
  return owner.startsWith("Pod ") ? owner : `the pods of ${owner}`;
}
