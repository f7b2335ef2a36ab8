import type { Value } from "./value.ts";

/** What the sysctl files of one host leave in the kernel. Filled by the sysctl room. */
export interface SysctlSettings {
  /** After boot, as systemd-sysctl applies them. Undefined where no file sets the key (slash form: `net/core/somaxconn`). */
  boot(key: string): Value<string> | undefined;
  /** After `sysctl --system`, as procps applies them. */
  manual(key: string): Value<string> | undefined;
  /** Keys that any file names, in slash form. */
  readonly keys: readonly string[];
  /** Whether any sysctl file is part of this host. */
  readonly present: boolean;
}
