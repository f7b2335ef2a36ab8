import type { Span } from "../text/span.ts";
import type { Value } from "./value.ts";

/** What the sysctl files of one host leave in the kernel. Filled by the sysctl room. */
export interface SysctlSettings {
  /**
   * After boot, as systemd-sysctl applies them, and as /proc/sys shows it: `0x100` becomes `256`. Undefined where
   * no file sets the key (slash form: `net/core/somaxconn`) or the kernel takes none of what they say.
   */
  boot(key: string): Value<string> | undefined;
  /** After `sysctl --system`, as procps applies them. */
  manual(key: string): Value<string> | undefined;
  /** Keys that any file names, in slash form. */
  readonly keys: readonly string[];
  /** Whether any sysctl file is part of this host. */
  readonly present: boolean;
  /** Assignments that the kernel does not take, on every version that this host can have. */
  readonly refused: readonly SysctlRefusal[];
}

export interface SysctlRefusal {
  /** In slash form. */
  readonly key: string;
  readonly text: string;
  readonly at: Span;
  /** As the kernel says it; `no such key` where the key does not exist. */
  readonly reason: "EINVAL" | "ENOENT" | "EPERM" | "EISDIR" | "no such key";
  /** Which program runs into it. At boot only the last assignment of a key is written. */
  readonly when: "boot" | "manual";
}
