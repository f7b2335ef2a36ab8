import type { EntryKind, FileTree } from "../../files/file-tree.ts";
import { absolutePath, compareBytes, directoryOf, isWithin } from "../../files/host-path.ts";
import type { Container, ContainerFile } from "../../model/container.ts";
import type { Problem } from "../../syntax/problem.ts";
import { EmbeddedFile } from "../../text/embedded-file.ts";
import type { SourceFile } from "../../text/source-file.ts";
import { filledIn } from "./fill-template.ts";
import { type ImageFiles, imageFiles } from "./image-files.ts";

/** One thing that stands at a path of the container; a mount hides all that was below its path before. */
interface Layer {
  readonly file: ContainerFile;
  readonly mount: boolean;
}

type Found =
  | { readonly kind: "repository"; readonly path: string }
  | { readonly kind: "inline"; readonly file: ContainerFile }
  | { readonly kind: "template"; readonly from: string }
  | { readonly kind: "directory" | "missing" }
  /** Nothing of the container covers what its base image has there. */
  | { readonly kind: "image" }
  /** What stands there cannot be known: a volume, another stage or a RUN decides it. */
  | { readonly kind: "unknown" };

const templateSuffix = ".template";

/**
 * The file system of a container as far as the repository says it: what its image is documented to bring, what the
 * image copies, and what is mounted over it. `read` gives what is certain; `isUnknown` tells where the base image, a
 * volume or a RUN decides.
 */
export class ContainerTree implements FileTree {
  readonly #repository: FileTree;
  readonly #container: Container;
  /** The last one wins. */
  readonly #layers: readonly Layer[];
  readonly #image: ImageFiles | undefined;
  readonly #made = new Map<ContainerFile | string, SourceFile>();

  constructor(repository: FileTree, container: Container) {
    this.#repository = repository;
    this.#container = container;
    const copied = container.image.files.length;
    this.#layers = container.files.map((file, index) => ({ file, mount: index >= copied })).reverse();
    this.#image = changesNginx(repository, container) ? undefined : imageFiles(container);
  }

  /** What the image is documented to bring; undefined where that is not known. */
  get image(): ImageFiles | undefined {
    return this.#image;
  }

  kind(path: string): EntryKind {
    const found = this.#find(path);
    if (found.kind === "repository") return this.#repository.kind(found.path);
    if (found.kind === "inline" || found.kind === "template") return "file";
    if (found.kind === "directory") return "directory";
    const meant = absolutePath(path);
    if (this.#layers.some(({ file }) => file.path !== meant && isWithin(file.path, meant)))
      return "directory";
    return (found.kind === "image" ? this.#image?.tree.kind(path) : undefined) ?? "missing";
  }

  read(path: string): SourceFile | undefined {
    const found = this.#find(path);
    switch (found.kind) {
      case "repository":
        return this.#repository.read(found.path);
      case "image":
        return this.#image?.tree.read(path);
      case "inline":
        return this.#inline(found.file);
      case "template":
        return this.#template(found.from);
      default:
        return undefined;
    }
  }

  /** The path in the repository of what stands at a path; undefined for everything else. */
  repositoryPath(path: string): string | undefined {
    const found = this.#find(path);
    if (found.kind === "template") return this.repositoryPath(found.from);
    return found.kind === "repository" ? found.path : undefined;
  }

  /** Whether it cannot be said what stands at a path. */
  isUnknown(path: string): boolean {
    const { kind } = this.#find(path);
    return kind === "unknown" || (kind === "image" && this.#image?.tree.read(path) === undefined);
  }

  problem(path: string): Problem | undefined {
    const found = this.#find(path);
    return found.kind === "repository" ? this.#repository.problem?.(found.path) : undefined;
  }

  link(path: string): string | undefined {
    const found = this.#find(path);
    return found.kind === "repository" ? this.#repository.link(found.path) : undefined;
  }

  list(path: string): readonly string[] {
    const meant = absolutePath(path);
    const names = new Set(this.#listed(meant));
    const templates = this.#image?.templates;
    if (templates !== undefined && isWithin(meant, templates.to)) {
      const from = absolutePath(templates.from + meant.slice(templates.to.length));
      for (const name of this.#listed(from))
        if (name.endsWith(templateSuffix)) names.add(name.slice(0, -templateSuffix.length));
    }
    return [...names].filter((name) => this.#stands(absolutePath(name, meant))).sort(compareBytes);
  }

  /** Whether something certainly stands at a path that a folder was said to have: no RUN removed it. */
  #stands(path: string): boolean {
    return this.#find(path).kind === "repository" || this.kind(path) !== "missing";
  }

  #listed(meant: string): ReadonlySet<string> {
    const names = new Set<string>();
    for (const { file, mount } of this.#layers) {
      if (file.path !== meant && isWithin(file.path, meant)) {
        const rest = file.path.slice(meant === "/" ? 1 : meant.length + 1);
        names.add(rest.split("/", 1)[0] ?? rest);
      }
      if (!isWithin(meant, file.path)) continue;
      if (file.source.kind === "repository")
        for (const name of this.#repository.list(belowSource(file, meant) ?? "/dev/null")) names.add(name);
      if (mount) return names;
    }
    for (const name of this.#image?.tree.list(meant) ?? []) names.add(name);
    return names;
  }

  #find(path: string): Found {
    const meant = absolutePath(path);
    const templates = this.#image?.templates;
    if (templates !== undefined && meant.startsWith(`${templates.to}/`)) {
      const from = `${templates.from}${meant.slice(templates.to.length)}${templateSuffix}`;
      const found = this.#standing(from);
      if (
        found.kind === "inline" ||
        (found.kind === "repository" && this.#repository.kind(found.path) === "file")
      )
        return { kind: "template", from };
    }
    return this.#standing(meant);
  }

  #standing(meant: string): Found {
    for (const { file, mount } of this.#layers) {
      if (!isWithin(meant, file.path)) continue;
      const { source } = file;
      if (source.kind === "inline") {
        if (meant === file.path) return { kind: "inline", file };
        continue;
      }
      if (source.kind === "absent") return { kind: "missing" };
      if (source.kind === "folder") return { kind: meant === file.path ? "directory" : "missing" };
      const below = belowSource(file, meant);
      if (below === undefined) return { kind: "unknown" };
      if (this.#repository.kind(below) !== "missing") return { kind: "repository", path: below };
      if (mount || (!this.#isOfImage(directoryOf(meant)) && this.#isCopiedFolder(directoryOf(meant))))
        return { kind: "missing" };
    }
    return { kind: "image" };
  }

  /** Whether the image brings a folder itself, so that copying into it leaves what the image has there. */
  #isOfImage(folder: string): boolean {
    return this.#image?.tree.kind(folder) === "directory";
  }

  /** Whether a folder comes from the repository, so that a file that is not there is nowhere. */
  #isCopiedFolder(folder: string): boolean {
    return this.#layers.some(({ file }) => {
      if (!isWithin(folder, file.path)) return false;
      const below = belowSource(file, folder);
      return below !== undefined && this.#repository.kind(below) === "directory";
    });
  }

  #inline(file: ContainerFile): SourceFile | undefined {
    if (file.source.kind !== "inline") return undefined;
    const { text, at, lineStarts } = file.source.file;
    return this.#once(file, () => new EmbeddedFile(text, at, lineStarts));
  }

  #template(from: string): SourceFile | undefined {
    const template = this.read(from);
    return template && this.#once(from, () => filledIn(template, this.#container.environment));
  }

  #once(key: ContainerFile | string, make: () => SourceFile): SourceFile {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(key, made);
    return made;
  }
}

const startFolder = "/docker-entrypoint.d";

/** Whether a script that the entry point of the nginx image runs first writes the configuration anew. */
function changesNginx(repository: FileTree, { files }: Container): boolean {
  const scripts = files.flatMap(({ path, source }) => {
    if (source.kind !== "repository" || !isWithin(path, startFolder)) return [];
    if (repository.kind(source.path) !== "directory") return [source.path];
    return repository.list(source.path).map((name) => absolutePath(name, source.path));
  });
  return scripts.some((path) => repository.read(path)?.text.includes("/etc/nginx") === true);
}

/** The path in the repository behind a path of the container; undefined where the source is not the repository. */
function belowSource({ path, source }: ContainerFile, meant: string): string | undefined {
  if (source.kind !== "repository") return undefined;
  return absolutePath(source.path + meant.slice(path === "/" ? 0 : path.length));
}
