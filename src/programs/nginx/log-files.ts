import type { Level, PlacedDirective } from "./placement.ts";

const blocks = new Set(["http", "stream", "mail", "server", "location", "if", "limit_except"]);

/**
 * Distinct log files that a worker keeps open: every path of error_log and access_log once, the built-in ones
 * where none is written. A path with variables is opened for each request; syslog and memory are no files
 * (src/http/modules/ngx_http_log_module.c; counted in /proc/PID/fd of 1.22.1).
 */
export function countLogFiles(top: Level): number {
  const paths = new Set<string>();
  const defaultAccessLog = "logs/access.log";
  const defaultErrorLog = "logs/error.log";
  if (top.named("error_log").length === 0) paths.add(defaultErrorLog);
  const waiting: Level[] = [top];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop()) {
    for (const directive of level.directives) {
      if (directive.name === "error_log" || directive.name === "access_log") add(paths, directive);
      else if (directive.block !== undefined && blocks.has(directive.name)) waiting.push(directive.block);
    }
    if (level.owner?.name === "server" && inHttp(level.owner) && !logs(level) && !logs(level.owner.level))
      paths.add(defaultAccessLog);
  }
  return paths.size;
}

function add(paths: Set<string>, directive: PlacedDirective): void {
  const path = directive.directive.arg(0)?.text;
  if (path === undefined || path.includes("$") || /^(?:syslog|memory):|^stderr$/.test(path)) return;
  if (directive.name === "access_log" && path === "off") return;
  paths.add(path);
}

function logs(level: Level): boolean {
  return level.named("access_log").length > 0;
}

function inHttp(server: PlacedDirective): boolean {
  return server.level.owner === undefined || server.level.owner.name === "http";
}
