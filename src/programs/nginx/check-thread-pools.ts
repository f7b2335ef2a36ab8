import { afterAll, type Complaints } from "./complaint.ts";
import type { Level, PlacedDirective } from "./placement.ts";

/** Pools that `aio threads=` names and no `thread_pool` defines, found after everything is read (ngx_thread_pool_init_conf). */
export function checkThreadPools(top: Level, used: readonly PlacedDirective[], complaints: Complaints): void {
  const defined = new Set(["default", ...top.named("thread_pool").map(({ args }) => args[0] ?? "")]);
  for (const placed of used) {
    const word = placed.directive.arg(0);
    const name = word?.text.slice("threads=".length) ?? "";
    if (word === undefined || defined.has(name)) continue;
    defined.add(name);
    complaints.refuseAt(
      afterAll,
      placed,
      "nginx/value",
      `unknown thread pool "${name}"`,
      { at: word.span, help: `Write thread_pool ${name} threads=32; at the top of the file.`, absent: true },
      { file: placed.directive.file.source, line: placed.directive.line },
    );
  }
}
