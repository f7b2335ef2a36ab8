import type { Container } from "../model/container.ts";
import type { Remedies } from "../model/environment.ts";

/** Where things are set for a program that systemd starts. */
export function serviceRemedies(name: string): Remedies {
  return {
    nofile: `LimitNOFILE= in a drop-in of ${name}`,
    sysctl: (key, value) => `set ${key} = ${value} in /etc/sysctl.d`,
    cpuQuota: "CPUQuota=",
    stopTimeout: (seconds) => `TimeoutStopSec=${seconds} in ${name}`,
  };
}

/** Where things are set for a container. */
export function containerRemedies({ name, definedBy }: Container): Remedies {
  switch (definedBy) {
    case "compose":
      return {
        nofile: `ulimits: nofile: of the service ${name}`,
        sysctl: (key, value) => `set ${key}=${value} under sysctls: of the service ${name}`,
        cpuQuota: `cpus: of the service ${name}`,
        stopTimeout: (seconds) => `stop_grace_period: ${seconds}s for the service ${name}`,
      };
    case "kubernetes":
      return {
        nofile: "the limits of the container runtime, as a pod cannot set them",
        sysctl: (key, value) =>
          `set ${key}=${value} under securityContext.sysctls of the pod (the kubelet must allow it)`,
        cpuQuota: "resources.limits.cpu",
        stopTimeout: (seconds) => `terminationGracePeriodSeconds: ${seconds} of the pod`,
      };
    case "image":
      return {
        nofile: "docker run --ulimit nofile=SOFT:HARD",
        sysctl: (key, value) => `run it with --sysctl ${key}=${value}`,
        cpuQuota: "--cpus",
        stopTimeout: (seconds) => `docker stop --timeout ${seconds}`,
      };
  }
}

/** A container of which only the program is known that runs in it. */
export const unseenContainerRemedies: Remedies = {
  nofile: "ulimits: nofile: of its container",
  sysctl: (key, value) => `set ${key}=${value} under sysctls: of its container`,
  cpuQuota: "cpus: of its container",
  stopTimeout: (seconds) => `stop_grace_period: ${seconds}s of its container`,
};
