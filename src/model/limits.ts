import type { Span } from "../text/span.ts";
import type { Value } from "./value.ts";

/** limits.conf and limits.d of one host, as pam_limits reads them. Filled by the PAM room. */
export interface PamLimits {
  readonly present: boolean;
  /** Lines that set a limit, in the order in which they are read. */
  readonly entries: readonly PamLimit[];
  /** The limits of a session of this account. */
  session(account: Account, item: string): PamSession;
}

export interface Account {
  readonly name: string;
  readonly uid?: number;
  readonly gid?: number;
  /** All groups of the account, by name. Undefined where not known. */
  readonly groups?: readonly { readonly name: string; readonly gid: number }[];
}

/** Limits in the units of setrlimit(2): counts, bytes, seconds. */
export interface PamSession {
  /** Undefined where pam_limits leaves the limit as it is. */
  readonly soft: Value<number> | undefined;
  readonly hard: Value<number> | undefined;
  /** The session is refused (a hard nofile above fs.nr_open, without Debian's patch; too few descriptors to begin). */
  readonly refused: Value<boolean>;
}

export interface PamLimit {
  /** The whole line, without comment. */
  readonly at: Span;
  /** As written: `www-data`, `@users`, `*`, `root`, `%web`, `1000:`. */
  readonly domain: string;
  readonly type: "soft" | "hard" | "both";
  readonly item: string;
  /** In the units of setrlimit(2); Infinity for `unlimited`, `infinity` and -1. */
  readonly value: Value<number>;
  /** As written. */
  readonly text: string;
  /** It stands in a template block, so that it may not be there. */
  readonly conditional: boolean;
}
