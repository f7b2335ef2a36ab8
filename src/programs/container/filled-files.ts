import { absolutePath } from "../../files/host-path.ts";
import type { ProcessEnvironment } from "../../model/command.ts";
import type { Container, ContainerFile } from "../../model/container.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { Span } from "../../text/span.ts";
import type { ContainerTree } from "./container-tree.ts";
import { filledText } from "./fill-template.ts";

const word = String.raw`("[^"\n]*"|'[^'\n]*'|[^\s<>|&;"'()]+)`;
const blank = String.raw`(?:[ \t]|\\\r?\n)*`;
/** `envsubst '$A $B' < FROM > TO`, `cat FROM | envsubst > TO`; the quotes of a `sh -c "..."` around it are gone. */
const filling = new RegExp(
  String.raw`(?:\bcat${blank}${word}${blank}\|${blank})?\benvsubst\b${blank}((?:"[^"\n]*"|'[^'\n]*'|\\?\$[^\s<>|&;]+)?)${blank}(?:<${blank}${word}${blank})?(?:>|\|${blank}tee\b)${blank}${word}(?:${blank}<${blank}${word})?`,
  "g",
);

/** A file that a start command makes of a template, and where that template stands. */
export interface FilledFile {
  readonly file: ContainerFile;
  /** Path in the container. */
  readonly from: string;
}

/**
 * Files that the commands of a container fill in with envsubst before they start a program.
 *
 * @param texts start scripts and words of the command line, each with the place that names it
 */
export function filledFiles(
  container: Container,
  tree: ContainerTree,
  texts: readonly { readonly text: string; readonly at: Span }[],
): FilledFile[] {
  const found = new Map<string, FilledFile>();
  const directory = container.workingDirectory.known ? container.workingDirectory.value : "/";
  for (const { text, at } of texts)
    for (const [, piped, names = "", before, to, behind] of text.matchAll(filling)) {
      const from = pathOf(before ?? behind ?? piped, directory, container.environment);
      const path = pathOf(to, directory, container.environment);
      if (path === undefined) continue;
      const other = found.get(path);
      const source: ContainerFile["source"] =
        from === undefined || (other !== undefined && other.from !== from)
          ? { kind: "unknown", why: `a condition decides of what envsubst makes ${path}` }
          : sourceOf(container, tree, from, names);
      found.set(path, { file: { path, source, at, readOnly: false }, from: from ?? path });
    }
  return [...found.values()];
}

function pathOf(
  written: string | undefined,
  directory: string,
  environment: ProcessEnvironment,
): string | undefined {
  const path = written
    ?.replace(/^["']|["']$/g, "")
    .replace(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced, plain) => {
      const value = environment.get(String(braced ?? plain));
      return value.known ? (value.value ?? whole) : whole;
    });
  return path === undefined || path === "" || /[$`*?]/.test(path) ? undefined : absolutePath(path, directory);
}

function sourceOf(
  container: Container,
  tree: ContainerTree,
  from: string,
  names: string,
): ContainerFile["source"] {
  const template: SourceFile | undefined = tree.read(from);
  if (template === undefined)
    return { kind: "unknown", why: `envsubst makes it of ${from}, which is not here` };
  const only =
    names === "" ? undefined : new Set([...names.matchAll(/\$\{?(\w+)/g)].map(([, name = ""]) => name));
  const filled = filledText(template, container.environment, only);
  const own = tree.repositoryPath(from);
  return filled.text === template.text && own !== undefined
    ? { kind: "repository", path: own }
    : { kind: "inline", file: filled };
}
