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

/** Collects what the programs of all hosts read. */
export class FilesRead {
  readonly #files = new Map<string, { file: ReadFile; hosts: Set<string> } | undefined>();

  /**
   * @param hostPath where the file stands on the machine
   * @param whole the run sees the host as a whole, and not only single files of it
   */
  add(hostPath: string, file: SourceFile, host: string, whole: boolean): void {
    const { path } = file;
    if (!this.#files.has(path)) {
      const hosts = new Set<string>();
      this.#files.set(
        path,
        file.text.includes(ignoreWord)
          ? { file: { file, style: commentStyle(hostPath), hosts, whole }, hosts }
          : undefined,
      );
    }
    const known = this.#files.get(path);
    if (known === undefined) return;
    known.hosts.add(host);
    if (whole && !known.file.whole) known.file = { ...known.file, whole };
  }

  /** Those with the word in them. */
  get files(): ReadFile[] {
    return [...this.#files.values()].flatMap((each) => (each === undefined ? [] : [each.file]));
  }
}
