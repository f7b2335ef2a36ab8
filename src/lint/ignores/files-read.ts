import type { SourceFile } from "../../text/source-file.ts";
import { type CommentStyle, commentStyle } from "./comment-style.ts";
import { ignoreWord } from "./ignore-comment.ts";

/** A file that may hold ignore comments, however many hosts and links lead to it. */
export interface ReadFile {
  readonly file: SourceFile;
  readonly style: CommentStyle;
  /** Names of the hosts that read it. */
  readonly hosts: ReadonlySet<string>;
  /** One of these hosts was looked at as a whole, so that a comment without use has none. */
  readonly whole: boolean;
}

/** Collects what the programs of all hosts read. Some files are read only once a rule asks for them. */
export class FilesRead {
  readonly #known = new Map<string, { hosts: Set<string>; whole: boolean } | undefined>();
  readonly #files: ReadFile[] = [];

  /**
   * @param hostPath where the file stands on the machine
   * @param whole the run sees the host as a whole, and not only single files of it
   */
  add(hostPath: string, file: SourceFile, host: string, whole: boolean): void {
    if (!this.#known.has(file.path)) this.#known.set(file.path, this.#new(hostPath, file));
    const known = this.#known.get(file.path);
    if (known === undefined) return;
    known.hosts.add(host);
    known.whole ||= whole;
  }

  /** Those with the word in them, in the order in which they were read. */
  get files(): readonly ReadFile[] {
    return this.#files;
  }

  #new(hostPath: string, file: SourceFile): { hosts: Set<string>; whole: boolean } | undefined {
    if (!file.text.includes(ignoreWord)) return undefined;
    const added = { file, style: commentStyle(hostPath), hosts: new Set<string>(), whole: false };
    this.#files.push(added);
    return added;
  }
}
