import type { FileTree } from "../../../files/file-tree.ts";
import { absolutePath, directoryOf } from "../../../files/host-path.ts";
import type { Instruction } from "../../../syntax/dockerfile/instruction.ts";
import { parseDockerfile } from "../../../syntax/dockerfile/parse-dockerfile.ts";

/**
 * The build context of a Dockerfile that nothing here builds: its own folder, unless more of what it copies stands in
 * a folder above, as with `docker build -f deploy/Dockerfile .`
 */
export function buildFolder(tree: FileTree, path: string): string {
  const file = tree.read(path);
  const own = directoryOf(path);
  if (file === undefined || own === "/") return own;
  const sources = parseDockerfile(file).instructions.flatMap(copiedPaths);
  const here = (folder: string): number =>
    sources.filter((source) => tree.kind(absolutePath(source, folder)) !== "missing").length;
  let best = own;
  let most = here(own);
  for (let folder = own; folder !== "/" && most < sources.length; ) {
    folder = directoryOf(folder);
    const found = here(folder);
    if (found > most) [best, most] = [folder, found];
  }
  return best;
}

/** What an instruction copies from the context, relative to it; patterns and the whole context say nothing. */
function copiedPaths({ keyword, flags, arguments: given }: Instruction): string[] {
  if (keyword !== "COPY" && keyword !== "ADD") return [];
  if (flags.some(({ name }) => name === "from")) return [];
  const words = given.kind === "words" || given.kind === "exec" ? given.words.slice(0, -1) : [];
  return words
    .map(({ text }) => absolutePath(text).slice(1))
    .filter((source) => source !== "" && !/[*?[$<"'\\]|:\/\//.test(source));
}
