import type { Host } from "../model/host.ts";
import type { Span } from "../text/span.ts";

/**
 * Alternatives that stand side by side (`app.service`, `app_fixed.service`) make hosts that share the other files, and
 * which of them the machine has is not said. What nginx hands requests to in one of them only counts as unanswered
 * where it is in all of them. Containers are named by the project that runs them, so that nothing is open there.
 */
export function withoutAnsweredElsewhere(hosts: readonly Host[]): readonly Host[] {
  if (hosts.length < 2 || hosts.every(({ unanswered }) => unanswered.length === 0)) return hosts;
  const answered = new Set(hosts.flatMap(({ links }) => links.map(({ at }) => placeIn(at))));
  return hosts.map((host) => ({
    ...host,
    unanswered: host.unanswered.filter(
      ({ at, nginx }) => nginx.container !== undefined || !answered.has(placeIn(at)),
    ),
  }));
}

function placeIn({ file, start }: Span): string {
  return `${file.path}:${start}`;
}
