import type { Bytes, Connections, Cpus, Seconds } from "./units.ts";
import { byDefault, type FactName, unknown, type Value } from "./value.ts";

/** What files cannot say about a machine. Each is unknown until declared. */
export interface Facts {
  /** CPUs that the machine has online (sysconf(_SC_NPROCESSORS_ONLN)). */
  readonly cpus: Value<Cpus>;
  readonly memory: Value<Bytes>;
  /** Release of the kernel, such as 5.15. */
  readonly kernel: Value<Version>;
  readonly distribution: Value<Distribution>;
  readonly nginx: Value<Version>;
  readonly gunicorn: Value<Version>;
  readonly systemd: Value<Version>;
  /** Clients in flight at the same moment that the host is meant to serve. */
  readonly concurrent: Value<Connections>;
  /** How many times the expected load must fit; 2 unless declared. */
  readonly headroom: Value<number>;
  /** How long one request keeps an application worker. */
  readonly requestSeconds: Value<Seconds>;
  /** Memory that one application worker holds for itself when it has been at work for a while. */
  readonly workerMemory: Value<Bytes>;
}

export interface Distribution {
  /** Lower case: debian, ubuntu, fedora. */
  readonly name: string;
  readonly release: string;
}

/** Dotted numbers; parts that are not written count as 0. */
export class Version {
  readonly #parts: readonly number[];

  constructor(readonly text: string) {
    this.#parts = (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
  }

  /** Whether this is the version `other` or a later one. */
  atLeast(other: string): boolean {
    const wanted = new Version(other).#parts;
    for (let index = 0; index < Math.max(this.#parts.length, wanted.length); index++) {
      const difference = (this.#parts[index] ?? 0) - (wanted[index] ?? 0);
      if (difference !== 0) return difference > 0;
    }
    return true;
  }

  toString(): string {
    return this.text;
  }
}

const undeclared = <T>(name: FactName, label: string): Value<T> =>
  unknown<T>(label, `${label} is not declared`, { fact: name });

/** Facts of which nothing is declared, with those that are. */
export function facts(declared: Partial<Facts> = {}): Facts {
  return {
    cpus: undeclared("cpus", "CPUs of the machine"),
    memory: undeclared("memory", "memory of the machine"),
    kernel: undeclared("kernel", "kernel release"),
    distribution: undeclared("distribution", "distribution"),
    nginx: undeclared("nginx", "nginx version"),
    gunicorn: undeclared("gunicorn", "gunicorn version"),
    systemd: undeclared("systemd", "systemd version"),
    concurrent: undeclared("concurrent", "expected concurrent clients"),
    headroom: byDefault("headroom", 2, { program: "hostlint", versions: "all", source: "docs/facts.md" }),
    requestSeconds: undeclared("request-seconds", "time of one request"),
    workerMemory: undeclared("worker-memory", "memory of one application worker"),
    ...declared,
  };
}
