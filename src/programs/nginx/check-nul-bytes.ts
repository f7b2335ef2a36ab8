import type { SourceFile } from "../../text/source-file.ts";
import { span } from "../../text/span.ts";
import type { Complaints } from "./complaint.ts";
import type { NginxPlacement } from "./place-nginx.ts";
import type { Level } from "./placement.ts";

/**
 * nginx takes a NUL byte into a word as any other (ngx_conf_read_token), and hands paths and names on as C strings,
 * which end there: `root /srv/a\0b` serves /srv/a, and `nginx -t` accepts it.
 */
export function checkNulBytes({ top, files }: NginxPlacement, complaints: Complaints): void {
  const open = new Set(files.map(({ source }) => source).filter(({ text }) => text.includes("\0")));
  if (open.size > 0) tell(top, open, complaints);
}

/** @param open files of which nothing has been told */
function tell(level: Level, open: Set<SourceFile>, complaints: Complaints): void {
  for (const placed of level.directives) {
    if (placed.block !== undefined) tell(placed.block, open, complaints);
    const { source } = placed.directive.file;
    const word = open.has(source) ? placed.directive.args.find(({ text }) => text.includes("\0")) : undefined;
    if (word === undefined) continue;
    const at = source.text.indexOf("\0", word.start);
    open.delete(source);
    complaints.warn(placed, "nginx/syntax", `a NUL byte in a value of "${placed.name}"`, {
      at: span(source, at, at + 1),
      severity: "warning",
      help: "Remove it: nginx accepts the file, but reads paths and names only up to there.",
    });
  }
}
