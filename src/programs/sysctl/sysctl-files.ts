import type { EntryKind, FileTree } from "../../files/file-tree.ts";
import { compareBytes, directoryOf, nameOf } from "../../files/host-path.ts";
import type { SysctlUnreadFile } from "../../model/sysctl.ts";
import { parseSysctl } from "../../syntax/sysctl/parse-sysctl.ts";
import type { SysctlTree } from "../../syntax/sysctl/tree.ts";
import { fileSpan } from "../../text/span.ts";
import { globMatcher } from "./glob.ts";
import { settingLines } from "./setting-lines.ts";

/** A file that one of the programs opens, in the order in which it does. */
export interface SysctlInput {
  /** Host path. */
  readonly path: string;
  readonly kind: EntryKind;
  /** Undefined where there is nothing to read: masked, a directory, a link into nothing. */
  readonly tree: SysctlTree | undefined;
}

const directories = [
  "/etc/sysctl.d",
  "/run/sysctl.d",
  "/usr/local/lib/sysctl.d",
  "/usr/lib/sysctl.d",
  "/lib/sysctl.d",
];

const linkName = "99-sysctl.conf";

/** The file that `sysctl` reads, and that is applied at boot only through a link in sysctl.d. */
const mainFile = "/etc/sysctl.conf";

/** Backups, what package managers and editors leave behind, templates, and texts for people. */
function isPutAside(name: string): boolean {
  return /^\.|^README|~$|\.(?:conf\W.*|conf[-_].*|dpkg-\w+|ucf-\w+|rpm\w+|pac\w+|bak|old|orig|save|disabled?|off|sample|example|dist|md|txt|j2|jinja2?|erb|tmpl|tpl|template|in|sh|py|ya?ml|swp)$/i.test(
    name,
  );
}

/** Reads each file once, however many programs and links lead to it. */
export class SysctlFiles {
  readonly #tree: FileTree;
  readonly #read = new Map<string, SysctlTree>();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /**
   * systemd-sysctl at boot: sysctl.d(5), conf_files_list of systemd. Hidden files are left out.
   *
   * @param linked whether a link that is not in the tree, 99-sysctl.conf, leads to /etc/sysctl.conf
   */
  atBoot(linked = false): SysctlInput[] {
    const inputs = this.#dropIns().filter(({ path }) => !nameOf(path).startsWith("."));
    const main = this.#input(mainFile);
    if (
      !linked ||
      main.tree === undefined ||
      inputs.some(({ path, tree }) => nameOf(path) === linkName || tree === main.tree)
    )
      return inputs;
    const after = inputs.findIndex(({ path }) => compareBytes(nameOf(path), linkName) > 0);
    const at = after === -1 ? inputs.length : after;
    return [...inputs.slice(0, at), main, ...inputs.slice(at)];
  }

  /** `sysctl --system`: PreloadSystem of procps-ng; /etc/sysctl.conf comes last. */
  ofSystem(): SysctlInput[] {
    const main = this.#input(mainFile);
    return [...this.#dropIns(), ...(main.kind === "file" ? [main] : [])];
  }

  /** `sysctl -p FILE...`, where a file may be a pattern; without a name /etc/sysctl.conf. */
  named(names: readonly string[]): SysctlInput[] {
    return (names.length === 0 ? [mainFile] : names).flatMap((name) => {
      const directory = directoryOf(name);
      const matches = globMatcher(nameOf(name));
      const found = this.#tree.list(directory).filter((entry) => matches(entry));
      return found.length === 0
        ? [this.#input(name)]
        : found.map((entry) => this.#input(`${directory}/${entry}`));
    });
  }

  /**
   * Files in sysctl.d that neither program reads though they hold settings: hidden by one of the same name in a
   * directory that comes first, or without .conf at the end. Names that show that a file is put aside are left out.
   */
  unread(): SysctlUnreadFile[] {
    const first = new Map<string, string>();
    return directories.flatMap((directory) =>
      this.#tree.list(directory).flatMap((name): SysctlUnreadFile[] => {
        const path = `${directory}/${name}`;
        const hiding = first.get(name);
        if (hiding === undefined) first.set(name, path);
        if (hiding === undefined ? name.endsWith(".conf") || isPutAside(name) : !name.endsWith(".conf"))
          return [];
        const source = this.#tree.kind(path) === "file" ? this.#tree.read(path) : undefined;
        const setting = source && settingLines([parseSysctl(source)])[0];
        if (setting === undefined || (hiding !== undefined && this.#input(hiding).tree?.file === source))
          return [];
        const by = hiding === undefined ? undefined : this.#input(hiding).tree;
        const hiddenBy = hiding === undefined ? undefined : { path: hiding, at: by && fileSpan(by.file) };
        return [{ path, at: { ...setting.keyAt, end: setting.at.end }, hiddenBy }];
      }),
    );
  }

  /** The files that were read so far, in reading order. */
  get read(): readonly SysctlTree[] {
    return [...this.#read.values()];
  }

  /** The `*.conf` names of all directories in byte order; the first directory that has a name hides the others. */
  #dropIns(): SysctlInput[] {
    const paths = new Map<string, string>();
    for (const directory of directories)
      for (const name of this.#tree.list(directory))
        if (name.endsWith(".conf") && !paths.has(name)) paths.set(name, `${directory}/${name}`);
    return [...paths.entries()].sort(([a], [b]) => compareBytes(a, b)).map(([, path]) => this.#input(path));
  }

  #input(path: string): SysctlInput {
    const kind = this.#tree.kind(path);
    const source = kind === "file" ? this.#tree.read(path) : undefined;
    if (source === undefined) return { path, kind, tree: undefined };
    let tree = this.#read.get(source.path);
    if (tree === undefined) {
      tree = parseSysctl(source);
      this.#read.set(source.path, tree);
    }
    return { path, kind, tree };
  }
}
