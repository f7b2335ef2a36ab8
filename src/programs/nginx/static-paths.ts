import type { NginxStaticPath } from "../../model/nginx.ts";
import { written } from "../../model/value.ts";
import type { Level } from "./placement.ts";

const around = new Set(["server", "location", "if"]);
/** What answers in place of files (the content handlers and the rewrite module). */
const answers = [
  "proxy_pass",
  "fastcgi_pass",
  "uwsgi_pass",
  "scgi_pass",
  "grpc_pass",
  "memcached_pass",
  "return",
  "rewrite",
  "try_files",
  "deny",
  "internal",
];

/**
 * Folders from which locations serve files: every `alias`, and a `root` that stands in a location which nothing else
 * answers. A path with variables or template holes is left out.
 */
export function staticPaths(http: readonly Level[]): NginxStaticPath[] {
  const found: NginxStaticPath[] = [];
  const waiting: Level[] = [...http];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    const { owner } = level;
    for (const directive of level.directives) {
      if (directive.block !== undefined && around.has(directive.name)) waiting.push(directive.block);
      if (owner?.name !== "location" || (directive.name !== "alias" && directive.name !== "root")) continue;
      if (directive.name === "root" && answers.some((name) => (level?.named(name).length ?? 0) > 0)) continue;
      const word = directive.directive.arg(0);
      if (word === undefined || !word.text.startsWith("/") || /[${}<%]/.test(word.text)) continue;
      found.push({
        directive: directive.name,
        path: written(`${directive.name} path`, word.text, directive.at),
        location: owner.args.join(" "),
      });
    }
  }
  return found.reverse();
}
