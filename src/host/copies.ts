import type { Container, StartedProgram } from "../model/container.ts";
import { derive, relabel, type Value } from "../model/value.ts";

/**
 * How many of a server answer under its addresses together: the replicas of its container, and copies in one
 * container only where all of them get the address. Without SO_REUSEPORT the first keeps a port (the others end
 * with EADDRINUSE), and the last a unix socket, which each removes before it binds (gunicorn/sock.py).
 */
export function copiesOf(
  { program, copies }: StartedProgram,
  container: Container | undefined,
  reusePort: Value<boolean>,
): Value<number> {
  const label = `copies of ${program}`;
  const single = isSingle(copies);
  const inside = single
    ? relabel(label, copies)
    : derive(
        label,
        "all with reuse_port, else the one that gets the address",
        [copies, reusePort],
        (count, shared) => (shared ? count : Math.min(count, 1)),
      );
  if (container === undefined) return inside;
  const { replicas } = container;
  if (isSingle(replicas)) return inside;
  return single
    ? relabel(label, replicas)
    : derive(label, "replicas x copies in each", [replicas, inside], (outer, inner) => outer * inner);
}

/** For where nothing says that there is more than one. */
export function isSingle(copies: Value<number>): boolean {
  return copies.known && copies.value === 1;
}
