import { absolutePath } from "../../files/host-path.ts";
import type { Container } from "../../model/container.ts";
import { Version } from "../../model/facts.ts";
import { unknown, type Value, written } from "../../model/value.ts";
import { type Span, span } from "../../text/span.ts";
import type { ContainerTree } from "./container-tree.ts";

/** `-r FILE`, `--requirement=FILE` of pip; `-c FILE` names constraints, which pin as well. */
const requirementFiles = /(?:^|\s)(?:-r|--requirement|-c|--constraint)[ =]?["']?([\w./-]+)["']?/g;
const mostFiles = 20;

/**
 * The version of a Python package that the build of a container's image installs: pinned with `==` on the command
 * line of pip, or in a requirements file of the repository that it names. Unknown for everything looser.
 */
export function installedVersion(container: Container, tree: ContainerTree, name: string): Value<Version> {
  const label = `${name} version`;
  const { pins, runs } = container.image;
  const pin = pins.findLast((each) => each.name === name);
  if (pin !== undefined) return written(label, new Version(pin.version), pin.at);
  const directory = container.workingDirectory.known ? container.workingDirectory.value : "/";
  const waiting = runs
    .filter(({ text }) => /\b(?:pip3?|uv)\b/.test(text))
    .flatMap(({ text }) =>
      [...text.matchAll(requirementFiles)].map(([, path = ""]) => absolutePath(path, directory)),
    );
  const seen = new Set<string>();
  for (let path = waiting.shift(); path !== undefined && seen.size < mostFiles; path = waiting.shift()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const file = tree.read(path);
    if (file === undefined) continue;
    const found = pinIn(file.text, name);
    if (found !== undefined) {
      const at: Span = span(file, found.start, found.end);
      return written(label, new Version(found.version), at);
    }
    for (const [, other = ""] of file.text.matchAll(requirementFiles))
      waiting.push(absolutePath(other, path.slice(0, path.lastIndexOf("/")) || "/"));
  }
  return unknown(label, `the build of ${container.name} does not pin the version of ${name}`, {
    ...(name === "gunicorn" ? { fact: "gunicorn" as const } : {}),
  });
}

/** A line `name[extras]==version`, as PEP 508 writes a requirement. */
function pinIn(text: string, name: string): { version: string; start: number; end: number } | undefined {
  const line = new RegExp(
    `^[ \\t]*${name}(?:\\[[^\\]\\n]*\\])?[ \\t]*===?[ \\t]*(\\d+(?:\\.\\d+)*)(?![\\w.*])`,
    "im",
  );
  const found = line.exec(text);
  if (found?.[1] === undefined) return undefined;
  const start = found.index + (found[0].length - found[0].trimStart().length);
  return { version: found[1], start, end: found.index + found[0].length };
}
