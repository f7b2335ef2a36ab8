import { unknown } from "../../model/value.ts";
import { afterAll, type Complaints } from "./complaint.ts";
import { collectListens, serversOf } from "./listens.ts";
import { parseNumber } from "./parse-value.ts";
import type { Level } from "./placement.ts";
import { Reader } from "./reader.ts";

/**
 * Masks of `worker_cpu_affinity` against the number of workers (src/core/nginx.c ngx_core_module_init_conf); what
 * `worker_processes auto` comes to is the machine's.
 */
export function checkAffinity(top: Level, complaints: Complaints): void {
  const [affinity] = top.named("worker_cpu_affinity");
  const [setting] = top.named("worker_processes");
  if (affinity === undefined || affinity.directive.hole || setting?.directive.hole === true) return;
  const masks = affinity.args;
  const workers = setting === undefined ? 1 : parseNumber(setting.args[0] ?? "");
  if (masks[0] === "auto" || masks.length === 1 || workers === undefined || workers === masks.length) return;
  complaints.printAt(
    afterAll,
    'the number of "worker_processes" is not equal to the number of "worker_cpu_affinity" masks, using last mask for remaining worker processes',
    undefined,
  );
  const places = setting === undefined ? {} : { because: [{ message: "so many workers", at: setting.at }] };
  complaints.warn(
    affinity,
    "nginx/no-effect",
    masks.length > workers
      ? `${masks.length} masks for ${workers} worker processes: the masks after number ${workers} are not used`
      : `${masks.length} masks for ${workers} worker processes: the workers after number ${masks.length} all get the last mask`,
    { ...places, help: "Write one mask for each worker, or worker_cpu_affinity auto;" },
  );
}

/** What nginx takes where `worker_connections` is not set. */
const defaultConnections = 512;

/** worker_connections against listening sockets, at the end of everything (src/event/ngx_event.c ngx_event_init_conf). */
export function checkConnections(top: Level, complaints: Complaints): void {
  const [events] = top.named("events");
  const [setting] = top.named("events").flatMap(({ block }) => block?.named("worker_connections") ?? []);
  const slots = setting === undefined ? defaultConnections : parseNumber(setting.args[0] ?? "");
  const place = setting ?? events;
  if (place === undefined || slots === undefined || place.directive.hole) return;
  const modules = (["http", "stream", "mail"] as const).flatMap((module) =>
    top.named(module).flatMap(({ block }) => (block === undefined ? [] : serversOf(block, module))),
  );
  const reader = new Reader(unknown("nginx", "only the sockets are counted"));
  const sockets = collectListens(modules, reader).listens.length;
  if (slots > sockets) return;
  complaints.refuseAt(
    afterAll,
    place,
    "nginx/value",
    `${slots} worker_connections are not enough for ${sockets} listening sockets`,
    {
      at: setting?.directive.arg(0)?.span ?? place.at,
      help: "Each listening socket takes a connection of every worker.",
    },
    undefined,
  );
}
