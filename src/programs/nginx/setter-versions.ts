import type { Version } from "../../model/facts.ts";
import type { KnownDirective, Setter } from "./directives.ts";

/** Setters that another kind had before a version. */
const before: ReadonlyMap<string, { readonly until: string; readonly kind: string }> = new Map([
  ["proxy_protocol", { until: "1.31.4", kind: "f" }],
  ["http2_push_preload", { until: "1.25.1", kind: "f" }],
  ["http2_max_concurrent_pushes", { until: "1.25.1", kind: "n" }],
]);

/** How a version reads the arguments; the newest way where it is not known. */
export function setterIn({ name, setter }: KnownDirective, version: Version | undefined): Setter {
  const older = before.get(name);
  if (older === undefined || version === undefined || version.atLeast(older.until)) return setter;
  return { kind: older.kind, words: undefined, bounds: undefined };
}
