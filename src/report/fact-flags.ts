import type { FactName } from "../model/value.ts";

export interface FactFlag {
  /** As in `declare --cpus N`. */
  readonly flag: string;
  /** What it is, after "because ... not known". */
  readonly what: string;
  /** For the help text and for messages about a wrong value. */
  readonly example: string;
}

/** How a person declares each fact that files cannot hold. */
export const factFlags: Readonly<Record<FactName, FactFlag>> = {
  cpus: { flag: "--cpus N", what: "the number of CPUs", example: "4" },
  memory: { flag: "--memory SIZE", what: "the memory", example: "8G" },
  kernel: { flag: "--kernel RELEASE", what: "the kernel release", example: "5.15" },
  distribution: { flag: "--distribution NAME-RELEASE", what: "the distribution", example: "debian-12" },
  nginx: { flag: "--nginx VERSION", what: "the nginx version", example: "1.24" },
  gunicorn: { flag: "--gunicorn VERSION", what: "the gunicorn version", example: "23" },
  systemd: { flag: "--systemd VERSION", what: "the systemd version", example: "252" },
  concurrent: { flag: "--concurrent N", what: "the expected load", example: "2000" },
  headroom: { flag: "--headroom N", what: "the wanted headroom", example: "3" },
  "request-seconds": { flag: "--request-seconds S", what: "the time of one request", example: "0.2" },
  "worker-memory": { flag: "--worker-memory SIZE", what: "the memory of one worker", example: "300M" },
};
