import type { SourceFile } from "../../text/source-file.ts";
import { type Span, span } from "../../text/span.ts";
import { nameOf } from "../host-path.ts";
import { installedName } from "./template-suffix.ts";

const composeName = /^(?:docker|podman)?[-_]?compose(?:[-._].*)?\.ya?ml$|\.compose\.ya?ml$/i;
const imageName = /^(?:.+[._-])?(?:docker|container)file(?:[._-].*)?$/i;

/** What a file by its name may say about containers. */
export function containerFileKind(path: string): "compose" | "image" | "procfile" | undefined {
  const name = installedName(nameOf(path));
  if (name === "Procfile") return "procfile";
  if (composeName.test(name)) return "compose";
  return imageName.test(name) ? "image" : undefined;
}

const stageName =
  /^(?:local|dev|develop|development|prod|production|stag(?:e|ing)|test|testing|stack|swarm|deploy|deployment)(?:[-._][\w.-]*)?\.ya?ml$/i;

/**
 * Whether a YAML file that is named after a stage (`production.yml`, started with `docker compose -f`) is a compose
 * file: services by name at its top, and an image or a build below.
 */
export function isComposeOfStage(path: string, text: string): boolean {
  return (
    stageName.test(installedName(nameOf(path))) &&
    /^services:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ \t]+["']?[\w.-]+["']?:[ \t]*(?:[&#].*)?\r?$/m.test(
      text,
    ) &&
    /^[ \t]+(?:image|build)[ \t]*:/m.test(text)
  );
}

/**
 * The line of a compose file or Dockerfile that shows that nginx or gunicorn runs in a container; undefined
 * where none does. A look at lines, not a parser: a service, an image, a command, an entry point, a package or a file
 * that names the program.
 */
export function runsInContainer(file: SourceFile): Span | undefined {
  const shows = /\.ya?ml$/i.test(installedName(nameOf(file.path)))
    ? /^[ \t]*(?:(?:- )?(?:image|command|entrypoint|container_name|build|context|dockerfile)[ \t]*:.*|-[ \t]*["']?|(?:sh|bash)[ \t].*|exec[ \t].*)\b(?:nginx|gunicorn|openresty)\b.*$|^[ \t]+(?:[\w-]*[-_])?(?:nginx|gunicorn|openresty)(?:[-_][\w-]*)?:[ \t]*(?:#.*)?$/m
    : /^[ \t]*(?:(?:FROM|CMD|ENTRYPOINT)\b(?:[^\n\\]|\\[^\n]|\\\r?\n)*\b(?:nginx|gunicorn|openresty)|(?:RUN|COPY|ADD)\b(?:[^\n\\]|\\[^\n]|\\\r?\n)*\b(?:nginx|openresty))\b.*$/im;
  const found = shows.exec(file.text);
  if (found === null) return undefined;
  const start = found.index + (found[0].length - found[0].trimStart().length);
  return span(file, start, found.index + found[0].trimEnd().length);
}

/**
 * The line of a Dockerfile that copies a folder of the repository to where programs of the container read it.
 *
 * @param folder from the folder of the Dockerfile: `rootfs`; "" for that folder itself
 */
export function copiesTree(file: SourceFile, folder: string): Span | undefined {
  const etc = folder === "" ? "etc" : `${folder}/etc`;
  for (const line of file.text.matchAll(
    /^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*(\S+)[ \t]+(\/\S*)[ \t]*\r?$/gim,
  )) {
    const [, source = "", target = ""] = line;
    const from = source.replace(/^\.?\//, "").replace(/(?:^|\/)(?:\.|\*)?$/, "");
    const to = target.replace(/\/+$/, "");
    if ((from === folder && to === "") || (from === etc && to === "/etc") || from.startsWith(`${etc}/nginx`))
      return span(file, line.index, line.index + line[0].trimEnd().length);
  }
  return undefined;
}
