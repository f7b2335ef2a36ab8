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
  /** Lines that give a key without a pattern a value, file by file, each once. */
  readonly lines: readonly SysctlLine[];
  /** Lines whose key no kernel has now, as far as that is certain. */
  readonly doubts: readonly SysctlKeyDoubt[];
  /** Files in the directories of sysctl.d that neither program reads, though they hold settings. */
  readonly unread: readonly SysctlUnreadFile[];
}

export interface SysctlLine {
  /** In slash form. */
  readonly key: string;
  readonly keyAt: Span;
  /** The value. */
  readonly at: Span;
  readonly text: string;
  /** `-` before the key: a failure is not one. */
  readonly tolerated: boolean;
  /** A template decides the value or whether the line is there. */
  readonly template: boolean;
}

export type SysctlKeyDoubt =
  | {
      readonly kind: "removed";
      readonly line: SysctlLine;
      /** The first kernel without it. */
      readonly since: string;
      readonly instead: string;
      /** Whether the kernel of the host is known. */
      readonly certain: boolean;
    }
  | {
      readonly kind: "unknown";
      readonly line: SysctlLine;
      /** The key that is probably meant, with dots. */
      readonly near: string | undefined;
    };

export interface SysctlUnreadFile {
  /** Host path. */
  readonly path: string;
  /** The first setting in it. */
  readonly at: Span;
  /** The file of the same name that hides it; undefined where the name does not end in .conf. */
  readonly hiddenBy: { readonly path: string; readonly at: Span | undefined } | undefined;
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
