import type { FileTree } from "../../files/file-tree.ts";
import { globPaths, isPattern } from "../../files/glob.ts";
import { absolutePath, directoryOf, isWithin } from "../../files/host-path.ts";
import type { Version } from "../../model/facts.ts";
import { parseNginx } from "../../syntax/nginx/parse-nginx.ts";
import { contentBlocks } from "../../syntax/nginx/scan.ts";
import type { NginxDirective, NginxFile, NginxWord } from "../../syntax/nginx/tree.ts";
import type { Problem } from "../../syntax/problem.ts";
import { SourceFile } from "../../text/source-file.ts";
import { fileSpan, type Span } from "../../text/span.ts";
import { AbsentIncludes } from "./absent-includes.ts";
import type { Complaint, NginxMessage } from "./complaint.ts";
import { type Inclusion, Level, PlacedDirective } from "./placement.ts";

/** All files of one nginx put together, each directive at each of its places. */
export interface NginxPlacement {
  readonly main: NginxFile;
  readonly top: Level;
  /** Every file that was read, each once, the main file first; the text of `-g` is not among them. */
  readonly files: readonly NginxFile[];
  /** In the order in which nginx meets them. */
  readonly complaints: readonly Complaint[];
  /** Arguments of includes whose files are not here and may hold directives that matter. */
  readonly missingIncludes: readonly Span[];
  /** Some include is a pattern that finds nothing here, and may find files on the machine. */
  readonly emptyPatterns: boolean;
}

/** nginx keeps every including file open, so a deeper chain ends with "Too many open files". */
const deepest = 1000;

/** Includes can multiply without a cycle; more directives than this are not placed. */
const mostDirectives = 2_000_000;

/** Blocks nested deeper than this are not looked into; no configuration needs a tenth of it. */
const deepestBlock = 100;

/** Blocks whose content is data, an `include` among it (src/http/modules). */
const dataBlocks = new Set(["charset_map", "split_clients"]);

/** Files of packages whose content is known not to matter here. */
const stockData =
  /\/(?:mime\.types|fastcgi_params|fastcgi\.conf|uwsgi_params|scgi_params|koi-utf|koi-win|win-utf)$/;

/** Files that packages or certbot put on the machine, seldom into a repository. */
const stock =
  /\/(?:proxy_params|snippets\/(?:fastcgi-php|snakeoil)\.conf)$|^\/etc\/letsencrypt\/|^\/usr\/share\/|^\/etc\/nginx\/modules-enabled\//;

/**
 * Reads the main file and what it includes, as nginx does: a relative name counts from the directory of the main
 * file, a name with `*` `?` `[` is a pattern that may match nothing (src/core/ngx_conf_file.c ngx_conf_include).
 *
 * @param globals the text of `nginx -g`, which stands before the main file
 * @param version of the nginx that reads them, where it is known
 */
export function placeNginx(
  tree: FileTree,
  mainPath: string,
  globals?: string,
  version?: Version,
): NginxPlacement {
  return new Placer(tree, mainPath, version).place(globals);
}

/** Directives that are being placed. */
interface Frame {
  readonly directives: readonly NginxDirective[];
  next: number;
  readonly level: Level;
  readonly inclusion: Inclusion;
  /** The content of a block, not of a file. */
  readonly ofBlock: boolean;
}

/** Files of one include that are still to be read. */
interface PendingFiles {
  readonly paths: readonly string[];
  next: number;
  readonly directive: NginxDirective;
  readonly word: NginxWord;
  readonly frame: Frame;
}

class Placer {
  readonly #files = new Map<string, NginxFile>();
  readonly #globbed = new Map<string, readonly string[]>();
  readonly #complaints: Complaint[] = [];
  /** What the parser found in a file, until the place where nginx would meet it. */
  readonly #unmet = new Map<NginxFile, Problem[]>();
  readonly #missing: Span[] = [];
  readonly #absent = new AbsentIncludes();
  /** Includes whose problem was said; a file that is placed twice says it once. */
  readonly #told = new Set<NginxDirective>();
  readonly #stack: (Frame | PendingFiles)[] = [];
  #prefix = "/";
  #placed = 0;
  #order = 0;
  #tooDeep = false;
  #emptyPatterns = false;

  constructor(
    readonly tree: FileTree,
    readonly mainPath: string,
    readonly version: Version | undefined,
  ) {}

  place(globals: string | undefined): NginxPlacement {
    const main = this.#read(this.mainPath);
    if (main === undefined) return this.#withoutMain();
    this.#prefix = confPrefix(this.mainPath, main);
    const top = new Level(undefined);
    this.#push(main, this.mainPath, top, undefined, undefined);
    if (globals !== undefined) {
      const file = parseNginx(new SourceFile("nginx -g", globals), { commandLine: true });
      this.#unmet.set(file, [...file.problems]);
      this.#push(file, "", top, undefined, undefined);
    }
    this.#run();
    return {
      main,
      top,
      files: [...this.#files.values()],
      complaints: this.#complaints,
      missingIncludes: this.#missing,
      emptyPatterns: this.#emptyPatterns,
    };
  }

  #withoutMain(): NginxPlacement {
    const main = parseNginx(new SourceFile(this.mainPath.replace(/^\/+/, ""), ""));
    const problem = this.tree.problem?.(this.mainPath) ?? {
      rule: "nginx/include-missing",
      message: openFailed(this.mainPath),
      at: fileSpan(main.source),
    };
    const complaint = { order: 0, problem, said: { message: openFailed(this.mainPath), line: undefined } };
    return {
      main,
      top: new Level(undefined),
      files: [],
      complaints: [complaint],
      missingIncludes: [],
      emptyPatterns: false,
    };
  }

  #run(): void {
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      if ("paths" in frame) {
        this.#nextFile(frame);
        continue;
      }
      const directive = frame.directives[frame.next];
      if (directive === undefined) {
        this.#stack.pop();
        this.#end(frame);
        continue;
      }
      frame.next += 1;
      this.#placed += 1;
      this.#meet(frame.inclusion.file, directive.terminator.start);
      if (this.#placed > mostDirectives) {
        this.#complain({
          rule: "nginx/syntax",
          message: `more than ${mostDirectives} directives, those of included files counted; the rest is not judged`,
          at: directive.head,
        });
        return;
      }
      if (!this.#isInclude(directive, frame.level)) this.#add(directive, frame);
      else this.#include(directive, frame);
    }
  }

  #complain(problem: Problem, said?: NginxMessage): void {
    this.#order += 1;
    this.#complaints.push({ order: this.#order, problem, ...(said === undefined ? {} : { said }) });
  }

  /** Tells what the parser found in a file up to a place. */
  #meet(file: NginxFile, until: number): void {
    const unmet = this.#unmet.get(file);
    if (unmet === undefined) return;
    const { refusal } = file;
    for (let [next] = unmet; next !== undefined; [next] = unmet) {
      const first = next === file.problems[0] ? refusal : undefined;
      if ((first?.from ?? next.at.start) > until) break;
      unmet.shift();
      if (first !== undefined)
        this.#complain(next, { message: first.message, line: { file: file.source, line: first.line } });
      else this.#complain(next);
    }
    if (unmet.length === 0) this.#unmet.delete(file);
  }

  /** The end of a block or of a file. */
  #end({ level, inclusion, ofBlock }: Frame): void {
    const close = ofBlock ? level.owner?.directive.close?.start : undefined;
    this.#meet(inclusion.file, close ?? Number.POSITIVE_INFINITY);
    this.#order += 1;
    if (ofBlock && level.owner !== undefined) level.owner.closed = this.#order;
  }

  #add(directive: NginxDirective, frame: Frame): void {
    const placed = new PlacedDirective(directive, frame.inclusion, frame.level);
    this.#order += 1;
    placed.order = this.#order;
    frame.level.directives.push(placed);
    if (directive.kind !== "block") return;
    if (frame.level.depth >= deepestBlock) {
      if (!this.#tooDeep) this.#complain(tooDeep(directive));
      this.#tooDeep = true;
      return;
    }
    this.#checkIncludedBlock(placed);
    placed.block = new Level(placed);
    this.#stack.push({
      directives: directive.children,
      next: 0,
      level: placed.block,
      inclusion: frame.inclusion,
      ofBlock: true,
    });
  }

  /** A block in a file that is included into types, map or geo, which take none; the parser saw only the file. */
  #checkIncludedBlock({ directive, inclusion, level }: PlacedDirective): void {
    if (
      level.owner === undefined ||
      inclusion === level.owner.inclusion ||
      !contentBlocks.has(level.owner.name)
    )
      return;
    if (!this.#tell(directive)) return;
    const message = 'unexpected "{"';
    const because = [
      {
        message: `the file is included into this ${level.owner.name} block, which takes no blocks`,
        at: level.owner.at,
      },
    ];
    this.#complain(
      { rule: "nginx/syntax", message, at: directive.terminator, because },
      saidAt(directive, message),
    );
  }

  #isInclude(directive: NginxDirective, level: Level): boolean {
    return (
      directive.argCount === 1 &&
      directive.kind === "simple" &&
      directive.name === "include" &&
      !(level.owner !== undefined && dataBlocks.has(level.owner.name))
    );
  }

  #include(directive: NginxDirective, frame: Frame): void {
    const [word] = directive.args;
    if (word === undefined) return;
    if (word.hole) {
      if (this.#tell(directive)) this.#missing.push(word.span);
      return;
    }
    // `geo` opens a pattern by its own name before 1.29.8.
    const literal = frame.level.owner?.name === "geo" && this.version?.atLeast("1.29.8") === false;
    const paths = literal ? [absolutePath(word.text, this.#prefix)] : this.#paths(word.text);
    this.#stack.push({ paths, next: 0, directive, word, frame });
  }

  #nextFile(files: PendingFiles): void {
    const path = files.paths[files.next];
    files.next += 1;
    if (path === undefined) this.#stack.pop();
    else this.#includeFile(path, files);
  }

  #paths(name: string): readonly string[] {
    const path = absolutePath(name, this.#prefix);
    if (!isPattern(name)) return [path];
    let paths = this.#globbed.get(path);
    if (paths === undefined) {
      paths = globPaths(this.tree, path);
      this.#globbed.set(path, paths);
      if (paths.length === 0 && !/modules/.test(name)) this.#emptyPatterns = true;
    }
    return paths;
  }

  #includeFile(path: string, { directive, word, frame }: PendingFiles): void {
    for (let each: Inclusion | undefined = frame.inclusion; each !== undefined; each = each.parent)
      if (each.path === path) {
        this.#cycle(path, directive, word, frame.inclusion);
        return;
      }
    if (frame.inclusion.depth >= deepest) {
      if (this.#tell(directive))
        this.#complain({
          rule: "nginx/include-cycle",
          message: `files include each other ${deepest} deep, and nginx keeps them all open`,
          at: word.span,
        });
      return;
    }
    const file = this.#read(path);
    if (file !== undefined) this.#push(file, path, frame.level, directive, frame.inclusion);
    else if (this.#tell(directive))
      this.#notRead(path, directive, word, isPattern(word.text) ? path : this.#fullName(word.text));
  }

  #push(
    file: NginxFile,
    path: string,
    level: Level,
    directive: NginxDirective | undefined,
    parent: Inclusion | undefined,
  ): void {
    const inclusion = { directive, path, file, parent, depth: parent === undefined ? 0 : parent.depth + 1 };
    this.#stack.push({ directives: file.directives, next: 0, level, inclusion, ofBlock: false });
  }

  #cycle(path: string, directive: NginxDirective, word: NginxWord, inclusion: Inclusion): void {
    if (!this.#tell(directive)) return;
    const way: { message: string; at: Span }[] = [];
    for (
      let each: Inclusion | undefined = inclusion;
      each !== undefined && each.path !== path;
      each = each.parent
    )
      if (each.directive !== undefined)
        way.push({ message: `${each.path} is included here`, at: each.directive.head });
    this.#complain({
      rule: "nginx/include-cycle",
      message: `${path} is included while it is being read; nginx follows such a circle until it fails`,
      at: word.span,
      because: way.reverse(),
    });
  }

  /** The path as nginx names it. */
  #fullName(name: string): string {
    return name.startsWith("/") ? name : `${this.#prefix === "/" ? "" : this.#prefix}/${name}`;
  }

  #notRead(path: string, directive: NginxDirective, word: NginxWord, name: string): void {
    const kind = this.tree.kind(path);
    if (kind === "masked" || /^\/dev\/(?:stdin|fd\/\d+)$/.test(path) || stockData.test(path)) return;
    this.#missing.push(word.span);
    const problem = this.tree.problem?.(path);
    if (problem !== undefined) this.#complain(problem);
    else if (kind === "directory") {
      const message = `pread() "${name}" failed (21: Is a directory)`;
      const help = `Include the files in it: ${path}/*.conf`;
      this.#complain(
        { rule: "nginx/include-missing", message, at: word.span, help },
        { message, line: undefined },
      );
    } else if (!stock.test(path)) {
      const problem = this.#absent.problem(path, directive, word, name);
      if (problem !== undefined) this.#complain(problem, saidAt(directive, openFailed(name)));
    }
  }

  /** True the first time. */
  #tell(directive: NginxDirective): boolean {
    if (this.#told.has(directive)) return false;
    this.#told.add(directive);
    return true;
  }

  #read(path: string): NginxFile | undefined {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const source = this.tree.read(path);
    if (source === undefined) return undefined;
    const file = parseNginx(source);
    this.#files.set(path, file);
    this.#unmet.set(file, [...file.problems]);
    return file;
  }
}

function saidAt(directive: NginxDirective, message: string): NginxMessage {
  return { message, line: { file: directive.file.source, line: directive.line } };
}

function tooDeep(directive: NginxDirective): Problem {
  return {
    rule: "nginx/syntax",
    message: `blocks are nested more than ${deepestBlock} deep; what stands inside is not judged`,
    at: directive.head,
  };
}

/** Relative includes of a fragment count from where its nginx.conf stands. */
function confPrefix(path: string, main: NginxFile): string {
  const home = "/etc/nginx";
  return isWithin(path, home) && !isMain(main) ? home : directoryOf(path);
}

function isMain(file: NginxFile): boolean {
  return file.directives.some((directive) => directive.kind === "block" && mainBlocks.has(directive.name));
}

/** Blocks that only a main configuration has at top level. */
export const mainBlocks: ReadonlySet<string> = new Set(["events", "http", "stream", "mail"]);

function openFailed(path: string): string {
  return `open() "${path}" failed (2: No such file or directory)`;
}
