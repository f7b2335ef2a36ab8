import type { Complaints } from "./complaint.ts";
import { parseNumber, parseOffset, parseSize } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";

const page = 4096;

/** Protocols of backends with buffers. */
type Protocol = "proxy" | "fastcgi" | "uwsgi" | "scgi";

const settings = [
  "buffer_size",
  "buffers",
  "busy_buffers_size",
  "temp_file_write_size",
  "max_temp_file_size",
] as const;
type Setting = (typeof settings)[number];

/** The directive in force for each setting. */
type Buffers = Readonly<Partial<Record<Setting, PlacedDirective>>>;

const inner = new Set(["location", "if", "limit_except"]);

/**
 * The arithmetic of buffers to a backend, which nginx does for each server and location when http ends
 * (ngx_http_proxy_merge_loc_conf and its like).
 */
export function checkProxyBuffers(
  http: PlacedDirective,
  block: Level,
  protocol: Protocol,
  complaints: Complaints,
): void {
  const outer = withOwn({}, block, protocol);
  for (const server of block.named("server"))
    if (server.block !== undefined) checkLevel(http, server.block, outer, protocol, complaints, true);
}

/** The protocols whose buffers are set somewhere. */
export function bufferedProtocols(block: Level): ReadonlySet<string> {
  const used = new Set<string>();
  const waiting = [block];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop())
    for (const { name, block: content } of level.directives) {
      const [, protocol] =
        /^([a-z]+)_(?:buffers|(?:busy_buffers|buffer|temp_file_write|max_temp_file)_size)$/.exec(name) ?? [];
      if (protocol !== undefined) used.add(protocol);
      if (content !== undefined && (name === "server" || inner.has(name))) waiting.push(content);
    }
  return used;
}

function withOwn(outer: Buffers, level: Level, protocol: Protocol): Buffers {
  const own: Partial<Record<Setting, PlacedDirective>> = {};
  for (const setting of settings) {
    const [directive] = level.named(`${protocol}_${setting}`);
    if (directive !== undefined) own[setting] = directive;
  }
  return Object.keys(own).length === 0 ? outer : { ...outer, ...own };
}

function checkLevel(
  http: PlacedDirective,
  level: Level,
  outer: Buffers,
  protocol: Protocol,
  complaints: Complaints,
  isServer: boolean,
): void {
  const buffers = withOwn(outer, level, protocol);
  // Where nothing is set anew, the outer level has been told already.
  if (isServer || buffers !== outer) checkBuffers(http, buffers, protocol, complaints);
  for (const { name, block } of level.directives)
    if (block !== undefined && inner.has(name)) checkLevel(http, block, buffers, protocol, complaints, false);
}

function checkBuffers(
  http: PlacedDirective,
  buffers: Buffers,
  protocol: Protocol,
  complaints: Complaints,
): void {
  const places = Object.values(buffers);
  if (places.length === 0 || places.some(({ directive }) => directive.hole || directive.file.conditional))
    return;
  const size = (setting: Setting): number | undefined => {
    const text = buffers[setting]?.directive.arg(0)?.text;
    return text === undefined ? undefined : (parseOffset(text) ?? Number.NaN);
  };
  const bufferSize = size("buffer_size") ?? page;
  const number =
    buffers.buffers === undefined ? 8 : parseNumber(buffers.buffers.directive.arg(0)?.text ?? "");
  const one = buffers.buffers === undefined ? page : parseSize(buffers.buffers.directive.arg(1)?.text ?? "");
  if (number === undefined || one === undefined || number === 0 || one === 0) return;
  const largest = Math.max(bufferSize, one);
  const busy = size("busy_buffers_size") ?? 2 * largest;
  const write = size("temp_file_write_size") ?? 2 * largest;
  const most = size("max_temp_file_size") ?? 1024 ** 3;
  const maximum = `the maximum of the value of "${protocol}_buffer_size" and one of the "${protocol}_buffers"`;
  const faults: [boolean, string, Setting][] = [
    [number < 2, `there must be at least 2 "${protocol}_buffers"`, "buffers"],
    [
      busy < largest,
      `"${protocol}_busy_buffers_size" must be equal to or greater than ${maximum}`,
      "busy_buffers_size",
    ],
    [
      busy > (number - 1) * one,
      `"${protocol}_busy_buffers_size" must be less than the size of all "${protocol}_buffers" minus one buffer`,
      "busy_buffers_size",
    ],
    [
      write < largest,
      `"${protocol}_temp_file_write_size" must be equal to or greater than ${maximum}`,
      "temp_file_write_size",
    ],
    [
      most !== 0 && most < largest,
      `"${protocol}_max_temp_file_size" must be equal to zero to disable temporary files usage or must be equal to or greater than ${maximum}`,
      "max_temp_file_size",
    ],
  ];
  const [, message, setting] = faults.find(([holds]) => holds) ?? [];
  if (message === undefined || setting === undefined) return;
  const innermost = places.reduce((a, b) => (b.level.depth > a.level.depth ? b : a));
  const at = buffers[setting] ?? buffers.buffer_size ?? innermost;
  const { directive } = http;
  complaints.refuseAt(
    http.closed,
    at,
    "nginx/value",
    message,
    {
      because: places
        .filter((place) => place !== at)
        .map((place) => ({ message: "it counts with this", at: place.at })),
      help: `Here one buffer is ${one} bytes, there are ${number}, the first is ${bufferSize} and ${busy} may be busy.`,
    },
    { file: directive.file.source, line: directive.file.source.position(directive.close?.start ?? 0).line },
  );
}
