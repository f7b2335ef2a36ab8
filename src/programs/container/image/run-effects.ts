import { absolutePath, directoryOf, isWithin, nameOf } from "../../../files/host-path.ts";
import type { ContainerFileSource } from "../../../model/container.ts";
import type { Value } from "../../../model/value.ts";
import { compilePattern, patternMatches } from "./path-pattern.ts";
import { type CommandWord, simpleCommands } from "./run-commands.ts";

/** What a RUN evidently does to files and packages; everything else that it does is not known. */
interface RunEffects {
  /** In order: later ones win. */
  readonly files: readonly { readonly path: string; readonly source: ContainerFileSource }[];
  readonly folders: readonly string[];
  readonly packages: readonly string[];
  /** Places are indices in the text. */
  readonly pins: readonly {
    readonly name: string;
    readonly version: string;
    readonly start: number;
    readonly end: number;
  }[];
}

/** What stands in the image before the RUN. */
interface RunGround {
  readonly workingDirectory: Value<string>;
  /** The source at a path; undefined where nothing is known. */
  at(path: string): ContainerFileSource | undefined;
  /** Known paths directly in a folder. */
  inFolder(path: string): readonly string[];
  isFolder(path: string): boolean;
}

/** Reads the simple commands of a RUN. */
export function runEffects(text: string, ground: RunGround): RunEffects {
  const reader = new RunReader(ground);
  for (const { words, certain } of simpleCommands(text))
    if (certain) reader.read(words);
    else reader.readPerhaps(words);
  return reader;
}

class RunReader implements RunEffects {
  readonly files: { path: string; source: ContainerFileSource }[] = [];
  readonly folders: string[] = [];
  readonly packages: string[] = [];
  readonly pins: { name: string; version: string; start: number; end: number }[] = [];
  readonly #ground: RunGround;
  #directory: string | undefined;

  constructor(ground: RunGround) {
    this.#ground = ground;
    this.#directory = ground.workingDirectory.known ? ground.workingDirectory.value : undefined;
  }

  read(words: readonly CommandWord[]): void {
    const command = words[0]?.text;
    this.#redirections(words);
    const given = words.slice(1).filter((word) => word.redirects === undefined);
    const operands = given.filter((word) => !word.text?.startsWith("-"));
    switch (command) {
      case "cd":
        this.#directory = this.#path(operands[0]);
        return;
      case "mkdir":
        for (const path of this.#paths(operands)) this.folders.push(path);
        return;
      case "rm":
      case "unlink":
        for (const path of this.#paths(operands)) this.#remove(path);
        return;
      case "ln":
        this.#link(operands);
        return;
      case "mv":
      case "cp":
      case "install":
        this.#copy(operands, command);
        return;
      case "sed":
        this.#edit(given);
        return;
      case "tee":
        for (const path of this.#paths(operands)) this.#unknown(path, "tee");
        return;
      case "apk":
      case "apt":
      case "apt-get":
      case "yum":
      case "dnf":
      case "microdnf":
        if (operands[0]?.text === "install" || operands[0]?.text === "add")
          for (const { text } of operands.slice(1))
            if (text !== undefined) this.packages.push(text.replace(/[=<>~@].*$/, ""));
        return;
      case "pip":
      case "pip3":
      case "uv":
      case "python":
      case "python3":
        this.#pinned(operands);
        return;
    }
  }

  /** What a command that may not run would change is not known; what it would install does not count. */
  readPerhaps(words: readonly CommandWord[]): void {
    const [command] = words;
    const before = [this.files, this.folders, this.packages, this.pins].map(({ length }) => length);
    const [files = 0, folders = 0, packages = 0, pins = 0] = before;
    this.read(words);
    this.folders.length = folders;
    this.packages.length = packages;
    this.pins.length = pins;
    for (const { path } of this.files.splice(files))
      this.files.push({
        path,
        source: {
          kind: "unknown",
          why: `${path} is perhaps changed by ${command?.text ?? "a command"} in a RUN`,
        },
      });
    if (command?.text === "cd") this.#directory = undefined;
  }

  #path(word: CommandWord | undefined): string | undefined {
    const text = word?.text;
    if (text === undefined || text === "") return undefined;
    if (text.startsWith("/")) return absolutePath(text);
    return this.#directory === undefined ? undefined : absolutePath(text, this.#directory);
  }

  #paths(words: readonly CommandWord[]): string[] {
    return words.flatMap((word) => this.#path(word) ?? []);
  }

  #unknown(path: string, by: string): void {
    this.files.push({ path, source: { kind: "unknown", why: `${path} is changed by ${by} in a RUN` } });
  }

  #redirections(words: readonly CommandWord[]): void {
    for (const word of words) {
      if (word.redirects === undefined) continue;
      const path = this.#path(word);
      if (path !== undefined && !path.startsWith("/dev/") && !path.startsWith("/proc/"))
        this.#unknown(
          path,
          words[0]?.redirects === undefined ? (words[0]?.text ?? "a command") : "a command",
        );
    }
  }

  /** `rm DIR/*` empties a folder; another pattern takes away what is known to match it. */
  #remove(path: string): void {
    const why = "removed by a RUN";
    const folder = directoryOf(path);
    const name = nameOf(path);
    if (/[*?[]/.test(folder)) return;
    if (!/[*?[]/.test(name)) this.files.push({ path, source: { kind: "absent", why } });
    else if (name === "*") this.files.push({ path: folder, source: { kind: "folder" } });
    else {
      const pattern = compilePattern(name);
      if (pattern === undefined) return;
      for (const known of this.#ground.inFolder(folder))
        if (patternMatches(pattern, nameOf(known)))
          this.files.push({ path: known, source: { kind: "absent", why } });
    }
  }

  #at(path: string): ContainerFileSource | undefined {
    const own = this.files.findLast((file) => isWithin(path, file.path));
    if (own !== undefined && own.path === path) return own.source;
    return own === undefined ? this.#ground.at(path) : undefined;
  }

  #link(operands: readonly CommandWord[]): void {
    const target = operands[0]?.text;
    const link = this.#path(operands[1]);
    if (operands.length !== 2 || target === undefined || link === undefined || target.startsWith("/dev/"))
      return;
    const place = this.#into(link, operands[1], nameOf(target));
    const meant = absolutePath(target, directoryOf(place));
    const source = this.#at(meant);
    if (source?.kind === "repository" || source?.kind === "inline") this.files.push({ path: place, source });
    else
      this.files.push({
        path: place,
        source: { kind: "unknown", why: `${place} is a link to ${meant}, which is not from the repository` },
      });
  }

  #copy(operands: readonly CommandWord[], command: string): void {
    const target = this.#path(operands.at(-1));
    if (target === undefined || operands.length < 2) return;
    for (const operand of operands.slice(0, -1)) {
      const from = this.#path(operand);
      if (from === undefined || /[*?[]/.test(from)) continue;
      const place =
        operands.length > 2
          ? absolutePath(nameOf(from), target)
          : this.#into(target, operands.at(-1), nameOf(from));
      const source = this.#at(from);
      if (source?.kind === "repository" || source?.kind === "inline")
        this.files.push({ path: place, source });
      else this.#unknown(place, command);
      if (command === "mv")
        this.files.push({ path: from, source: { kind: "absent", why: "moved by a RUN" } });
    }
  }

  #into(path: string, word: CommandWord | undefined, name: string): string {
    return word?.text?.endsWith("/") || this.folders.includes(path) || this.#ground.isFolder(path)
      ? absolutePath(name, path)
      : path;
  }

  /** `sed -i` on a file that is known; taking away the CR of line ends changes nothing that is read here. */
  #edit(given: readonly CommandWord[]): void {
    if (!given.some(({ text }) => text !== undefined && /^(?:-[a-zA-Z]*i|--in-place)/.test(text))) return;
    const harmless = /^s([/|,#])\\r\$?\1\1g?$/;
    if (given.some(({ text }) => text !== undefined && harmless.test(text))) return;
    for (const path of this.#paths(given.filter(({ text }) => !text?.startsWith("-")))) {
      const source = this.#at(path);
      if (source !== undefined && source.kind !== "absent") this.#unknown(path, "sed");
    }
  }

  #pinned(operands: readonly CommandWord[]): void {
    const install = operands.findIndex(({ text }) => text === "install" || text === "add");
    const before = operands.slice(0, Math.max(install, 0)).map(({ text }) => text);
    if (install === -1 || before.some((text) => text !== "pip" && text !== "pip3")) return;
    for (const { text, start, end } of operands.slice(install + 1)) {
      const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?===?(\d[\w.+!-]*)$/.exec(text ?? "");
      const [, name, version] = match ?? [];
      if (name === undefined || version === undefined) continue;
      this.pins.push({ name: name.toLowerCase().replace(/[_.-]+/g, "-"), version, start, end });
    }
  }
}
