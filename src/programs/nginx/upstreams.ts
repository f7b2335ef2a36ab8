import type { Address } from "../../model/address.ts";
import type { NginxUpstream, NginxUpstreamServer } from "../../model/nginx.ts";
import type { Connections, Seconds } from "../../model/units.ts";
import { unknown, type Value, written } from "../../model/value.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { defaultOf, defaults } from "./defaults.ts";
import { parseTarget } from "./parse-address.ts";
import { parseNumber } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import { holeIn, measured, type Reader, secondsKind, type ValueKind } from "./reader.ts";

/** The `upstream` blocks of a level, in order. */
export function collectUpstreams(
  level: Level,
  module: NginxUpstream["module"],
  reader: Reader,
): NginxUpstream[] {
  return level.named("upstream").flatMap((upstream) => {
    const { block } = upstream;
    return block === undefined ? [] : [toUpstream(upstream, block, module, reader)];
  });
}

function toUpstream(
  upstream: PlacedDirective,
  block: Level,
  module: NginxUpstream["module"],
  reader: Reader,
): NginxUpstream {
  const at = upstream.at;
  const timeout = reader.value(block.named("keepalive_timeout"), secondsKind);
  return {
    name: upstream.directive.arg(0)?.text ?? "",
    at,
    module,
    servers: block.named("server").map((server) => toServer(server, module)),
    keepalive: measured<Connections>(keepaliveOf(block, upstream, module, reader)),
    keepaliveTimeout: measured<Seconds>(timeout ?? defaultOf(defaults.keepalive_timeout, reader.version, at)),
  };
}

/** `keepalive 0` is refused before 1.29.7 and switches it off since (CHANGES). */
const keepaliveKind: ValueKind<number> = {
  parse: parseNumber,
};

function keepaliveOf(
  block: Level,
  upstream: PlacedDirective,
  module: NginxUpstream["module"],
  reader: Reader,
): Value<number> {
  if (module === "stream")
    return defaultOf(
      { ...defaults.keepalive, values: [{ since: "0", value: 0 }] },
      reader.version,
      upstream.at,
    );
  const directives = block.named("keepalive");
  const value = reader.value(directives, keepaliveKind);
  const word = directives[0]?.directive.arg(0);
  if (value?.known === true && value.value === 0 && word !== undefined && isBefore(reader, "1.29.7"))
    return reader.word("keepalive", word, word.text, {
      ...keepaliveKind,
      parse: (): number | undefined => undefined,
    });
  return value ?? defaultOf(defaults.keepalive, reader.version, upstream.at);
}

function isBefore(reader: Reader, version: string): boolean {
  return reader.version.known && !reader.version.value.atLeast(version);
}

function toServer(server: PlacedDirective, module: NginxUpstream["module"]): NginxUpstreamServer {
  const [word, ...parameters] = server.directive.args;
  const texts = parameters.map((each) => each.text);
  return {
    address:
      word === undefined
        ? unknown("server", "no address is written", { at: server.at })
        : texts.some((text) => text.startsWith("service="))
          ? unknown("server", "its addresses come from SRV records", { at: word.span })
          : serverAddress(word, module),
    at: server.at,
    backup: texts.includes("backup"),
    down: texts.includes("down"),
  };
}

function serverAddress(word: NginxWord, module: NginxUpstream["module"]): Value<Address> {
  const hole = holeIn(word);
  if (hole !== undefined) return unknown("server", `a template fills in ${hole}`, { at: word.span });
  const parsed = parseTarget(word.text, 80);
  const portless = parsed.ok && module === "stream" && !/^unix:|:\d+$/i.test(word.text);
  if (parsed.ok && !portless) return written("server", parsed.address, word.span);
  const error = parsed.ok ? "no port" : parsed.error;
  return unknown("server", `${error} in "${word.text}"`, { at: word.span });
}
