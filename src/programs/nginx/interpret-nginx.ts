import type { FileTree } from "../../files/file-tree.ts";
import type { Version } from "../../model/facts.ts";
import type { NginxConfiguration } from "../../model/nginx.ts";
import type { Connections, Descriptors, Processes } from "../../model/units.ts";
import { unknown, type Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import type { SourceFile } from "../../text/source-file.ts";
import { fileSpan, type Span } from "../../text/span.ts";
import { type CheckOptions, checkNginx } from "./check-nginx.ts";
import { defaultOf, defaults } from "./defaults.ts";
import { collectListens, type ListenModule, serversOf } from "./listens.ts";
import { countLogFiles } from "./log-files.ts";
import { openFileCache } from "./open-file-cache.ts";
import { mainBlocks, type NginxPlacement, placeNginx } from "./place-nginx.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import { collectProxies } from "./proxies.ts";
import { flagKind, measured, numberKind, Reader, type ValueKind } from "./reader.ts";
import { staticPaths } from "./static-paths.ts";
import { collectUpstreams } from "./upstreams.ts";

export interface InterpretedNginx {
  readonly configuration: NginxConfiguration;
  readonly problems: readonly Problem[];
  /** Every file that was read, the main file first. */
  readonly files: readonly SourceFile[];
}

/**
 * What an nginx that is started with this file works with.
 *
 * @param mainPath host path of nginx.conf, or of a fragment that no main file includes
 * @param version decides defaults that changed; where it is unknown they are unknown with all that they can be
 * @param globals the text of `nginx -g`
 */
export function interpretNginx(
  tree: FileTree,
  mainPath: string,
  version: Value<Version>,
  globals?: string,
): InterpretedNginx {
  const placement = placeNginx(tree, mainPath, globals, version.known ? version.value : undefined);
  const reader = new Reader(version);
  const configuration = new Interpreter(placement, reader).configuration();
  return {
    configuration,
    problems: checkNginx(placement, checkOptions(placement, mainPath, version)).map(({ problem }) => problem),
    files: placement.files.map((file) => file.source),
  };
}

/** `auto` is known in lower case only; src/core/nginx.c ngx_set_worker_processes. */
const workerProcessesKind: ValueKind<"auto" | number> = {
  parse: (text) => (text === "auto" ? "auto" : numberKind.parse(text)),
};

const textKind: ValueKind<string> = {
  parse: (text) => text,
};

const elsewhere = "the main configuration, which sets it, is not here";

class Interpreter {
  readonly #top: Level;
  readonly #scope: "main" | "fragment";
  /** Levels that hold server and upstream blocks, with their module. */
  readonly #modules: readonly { readonly level: Level; readonly module: ListenModule }[];

  constructor(
    readonly placement: NginxPlacement,
    readonly reader: Reader,
  ) {
    this.#top = placement.top;
    const blocks = this.#top.directives.filter(
      (directive) => directive.block !== undefined && mainBlocks.has(directive.name),
    );
    // Without an events block nginx does not start, so the file is a part of one that has it.
    this.#scope = blocks.some(({ name }) => name === "events") ? "main" : "fragment";
    this.#modules = blocks.length > 0 ? moduleLevels(blocks) : [fragmentLevel(this.#top, placement)];
  }

  configuration(): NginxConfiguration {
    const { reader, placement } = this;
    const listens = collectListens(
      this.#modules.flatMap(({ level, module }) => serversOf(level, module)),
      reader,
    );
    const upstreams = this.#modules.flatMap(({ level, module }) =>
      module === "mail" ? [] : collectUpstreams(level, module, reader),
    );
    const http = this.#modules.filter(({ module }) => module === "http");
    const surroundings = {
      upstreams: upstreams.filter((upstream) => upstream.module === "http"),
      multiplexed: listens.multiplexed,
    };
    return {
      main: fileSpan(placement.main.source),
      scope: this.#scope,
      serves:
        this.#scope === "main" || this.#modules.some(({ level }) => level !== this.#top)
          ? this.#modules.some(({ level }) => level.directives.length > 0)
          : this.#top.named("server").some((each) => each.block),
      workerProcesses: this.#workerProcesses(),
      workerConnections: this.#workerConnections(),
      workerRlimitNofile: this.#workerRlimitNofile(),
      daemon: this.#daemon(),
      user: reader.value(this.#top.named("user"), textKind),
      listens: listens.listens,
      upstreams,
      proxies: http.flatMap(({ level }) => collectProxies(level, surroundings, reader)),
      logFiles: countLogFiles(this.#top),
      openFileCache: openFileCache(
        http.map(({ level }) => level),
        reader,
      ),
      staticPaths: staticPaths(http.map(({ level }) => level)),
      missingIncludes: placement.missingIncludes,
    };
  }

  #daemon(): Value<boolean> {
    const value = this.reader.value(this.#top.named("daemon"), flagKind);
    if (value !== undefined) return value;
    if (this.#scope === "fragment" || this.placement.missingIncludes.length > 0)
      return unknown("daemon", elsewhere, { at: this.#start() });
    return defaultOf(defaults.daemon, this.reader.version, this.#start());
  }

  #workerProcesses(): Value<"auto" | Processes> {
    const value = this.reader.value(this.#top.named("worker_processes"), workerProcessesKind);
    if (value !== undefined) return value as Value<"auto" | Processes>;
    if (this.#scope === "fragment") return unknown("worker_processes", elsewhere, { at: this.#start() });
    return measured<Processes>(defaultOf(defaults.worker_processes, this.reader.version, this.#start()));
  }

  #workerConnections(): Value<Connections> {
    const events = this.#top
      .named("events")
      .flatMap((each) => (each.block === undefined ? [] : [each.block]));
    const directives = (events[0] ?? this.#top).named("worker_connections");
    const value = this.reader.value(directives, numberKind);
    if (value !== undefined) return measured<Connections>(value);
    if (this.#scope === "fragment") return unknown("worker_connections", elsewhere, { at: this.#start() });
    const at = events[0]?.owner?.at ?? this.#start();
    return measured<Connections>(defaultOf(defaults.worker_connections, this.reader.version, at));
  }

  #workerRlimitNofile(): Value<Descriptors> | undefined {
    const value = this.reader.value(this.#top.named("worker_rlimit_nofile"), numberKind);
    return value && measured<Descriptors>(value);
  }

  #start(): Span {
    return fileSpan(this.placement.main.source);
  }
}

function moduleLevels(blocks: readonly PlacedDirective[]): { level: Level; module: ListenModule }[] {
  const modules: { level: Level; module: ListenModule }[] = [];
  for (const { name, block } of blocks)
    if (block !== undefined && (name === "http" || name === "stream" || name === "mail"))
      modules.push({ level: block, module: name });
  return modules;
}

/**
 * A fragment does not say into which block it is included. `proxy_pass` straight in a server block is of the
 * stream module; otherwise its folder or name tells.
 */
function fragmentLevel(top: Level, placement: NginxPlacement): { level: Level; module: ListenModule } {
  const streams = top.named("server").some((server) => (server.block?.named("proxy_pass").length ?? 0) > 0);
  const named = /(?:^|[/._-])streams?(?:[/._-]|$)/i.test(placement.main.source.path);
  const locations = top.named("server").some((server) => (server.block?.named("location").length ?? 0) > 0);
  return { level: top, module: streams || (named && !locations) ? "stream" : "http" };
}

/** Blocks that only http and stream hold. */
const heldByModules = ["server", "upstream", "map", "geo", "split_clients"];

function checkOptions(placement: NginxPlacement, mainPath: string, version: Value<Version>): CheckOptions {
  const { top, main } = placement;
  const openresty = mainPath.includes("/openresty/");
  const known = version.known ? version.value : undefined;
  const isBlock = (name: string): boolean => top.named(name).some((each) => each.block !== undefined);
  if ([...mainBlocks].some(isBlock))
    return {
      version: known,
      top: "M",
      complete: /(?:^|\/)nginx\.conf$/.test(main.source.path) && placement.missingIncludes.length === 0,
      openresty,
    };
  const module = fragmentLevel(top, placement).module === "stream" ? "T" : "H";
  const held = heldByModules.some(isBlock) ? module : isBlock("location") ? "S" : undefined;
  return { version: known, top: held, complete: false, openresty };
}
