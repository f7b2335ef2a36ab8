import { unknown } from "../../model/value.ts";
import { afterAll, type Complaints } from "./complaint.ts";
import { collectListens, serversOf } from "./listens.ts";
import { parseNumber } from "./parse-value.ts";
import type { Level } from "./placement.ts";
import { Reader } from "./reader.ts";

/** worker_connections against listening sockets, at the end of everything (src/event/ngx_event.c ngx_event_init_conf). */
export function checkConnections(top: Level, complaints: Complaints): void {
  const [setting] = top.named("events").flatMap(({ block }) => block?.named("worker_connections") ?? []);
  const slots = setting === undefined ? undefined : parseNumber(setting.args[0] ?? "");
  if (setting === undefined || slots === undefined || setting.directive.hole) return;
  const modules = (["http", "stream", "mail"] as const).flatMap((module) =>
    top.named(module).flatMap(({ block }) => (block === undefined ? [] : serversOf(block, module))),
  );
  const reader = new Reader(unknown("nginx", "only the sockets are counted"));
  const sockets = collectListens(modules, reader).listens.length;
  if (slots > sockets) return;
  complaints.refuseAt(
    afterAll,
    setting,
    "nginx/value",
    `${slots} worker_connections are not enough for ${sockets} listening sockets`,
    {
      at: setting.directive.arg(0)?.span ?? setting.at,
      help: "Each listening socket takes a connection of every worker.",
    },
    undefined,
  );
}
