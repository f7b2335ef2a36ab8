import { mayBeGunicorn, recogniseGunicorn } from "./gunicorn.ts";
import { mayBeLimits, recogniseLimits } from "./limits.ts";
import { mayBeNginx, recogniseNginx } from "./nginx.ts";
import type { Verdict } from "./recognised.ts";
import { mayBeSysctl, recogniseSysctl } from "./sysctl.ts";
import { maySystemdRead, recogniseSystemd } from "./systemd.ts";

/** Whether the name or a folder makes a look inside a file worth it. */
export function mayBeOurs(path: string): boolean {
  return (
    maySystemdRead(path) || mayBeSysctl(path) || mayBeLimits(path) || mayBeGunicorn(path) || mayBeNginx(path)
  );
}

/**
 * What a file is, by its path and the beginning of its content. Sections of systemd are the surest sign, so they
 * are asked first; the first that takes the file wins, and the first doubt stands if none does.
 */
export function recognise(path: string, text: string): Verdict {
  let doubt: Verdict;
  for (const ask of [recogniseSystemd, recogniseSysctl, recogniseLimits, recogniseGunicorn, recogniseNginx]) {
    const verdict = ask(path, text);
    if (verdict !== undefined && "program" in verdict) return verdict;
    doubt ??= verdict;
  }
  return doubt;
}

/**
 * As `recognise`, for a file that the user named: its name need not suggest anything, and there is always an
 * answer.
 */
export function recogniseNamed(path: string, text: string): Exclude<Verdict, undefined> {
  return (
    recognise(path, text) ??
    recognise(`${path}.conf`, text) ?? {
      not: "it is no configuration of nginx, sysctl, pam_limits, systemd or gunicorn",
    }
  );
}
