import type { FileTree } from "../../files/file-tree.ts";
import { memoryTree } from "../../files/memory-tree.ts";
import type { Container, ImageNginx } from "../../model/container.ts";
import type { SourceFile } from "../../text/source-file.ts";

/** Files that an image is documented to bring, although they stand in no repository. */
export interface ImageFiles {
  readonly tree: FileTree;
  readonly templates: ImageNginx["templates"];
  readonly nginx: ImageNginx;
  /** Whether a file is one of these. */
  has(file: SourceFile): boolean;
}

/** What the image of a container brings; undefined where that is not known here. */
export function imageFiles({ image, arguments: line, files }: Container): ImageFiles | undefined {
  const { nginx } = image;
  if (nginx === undefined) return undefined;
  const folders = Object.fromEntries(nginx.folders.map((folder) => [`${folder}/`, ""]));
  const tree = memoryTree({ ...folders, ...nginx.files }, {}, `${image.name}:`);
  // Only the entry point of the image fills in templates; another one, or one that is put in its place, does not.
  const first = line.known ? line.value[0]?.text : undefined;
  const entry = first?.known === true ? first.value : "";
  const fills = entry.endsWith("docker-entrypoint.sh") && !files.some(({ path }) => path === entry);
  return {
    tree,
    nginx,
    templates: fills ? nginx.templates : undefined,
    has: (file) => Object.keys(nginx.files).some((path) => tree.read(path) === file),
  };
}
