import type { FileTree } from "../../../files/file-tree.ts";
import { directoryOf, nameOf } from "../../../files/host-path.ts";
import { compilePattern, type PathPattern, patternMatches } from "./path-pattern.ts";

interface IgnorePattern {
  readonly pattern: PathPattern;
  /** `!`: what it matches stays. */
  readonly keeps: boolean;
}

/** Which files of a build context are not sent. */
export interface ContextFilter {
  /** No pattern at all. */
  readonly empty: boolean;
  /** A folder that is left out may hold files that are not. */
  readonly hasExceptions: boolean;
  /** @param path relative to the context, without a leading slash */
  excludes(path: string): boolean;
}

/**
 * The filter that patterns make: the last pattern that matches the path or a folder above it decides
 * (MatchesOrParentMatches of moby/patternmatcher; the reading of lines is that of its ignorefile.ReadAll).
 */
export function contextFilter(lines: readonly string[]): ContextFilter {
  const patterns: IgnorePattern[] = [];
  for (const line of lines) {
    if (line.startsWith("#")) continue;
    let text = line.trim();
    const keeps = text.startsWith("!");
    if (keeps) text = text.slice(1).trim();
    if (text === "") continue;
    const clean = cleaned(text);
    const pattern = compilePattern(clean.length > 1 && clean.startsWith("/") ? clean.slice(1) : clean);
    if (pattern !== undefined) patterns.push({ pattern, keeps });
  }
  return {
    empty: patterns.length === 0,
    hasExceptions: patterns.some(({ keeps }) => keeps),
    excludes(path) {
      let excluded = false;
      let prefixes: string[] | undefined;
      for (const { pattern, keeps } of patterns) {
        if (keeps !== excluded) continue;
        prefixes ??= prefixesOf(path);
        if (prefixes.some((prefix) => patternMatches(pattern, prefix))) excluded = !keeps;
      }
      return excluded;
    },
  };
}

/** The path and every folder above it. */
function prefixesOf(path: string): string[] {
  const prefixes = [path];
  for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1))
    prefixes.push(path.slice(0, slash));
  return prefixes;
}

/** filepath.Clean of Go. */
function cleaned(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !rooted) parts.push(part);
  }
  const joined = parts.join("/");
  return rooted ? `/${joined}` : joined === "" ? "." : joined;
}

/**
 * The filter of a build: `NAME.dockerignore` beside a Dockerfile NAME, else `.dockerignore` of the context
 * (frontend/dockerui/config.go of BuildKit).
 *
 * @param dockerfile undefined where it is written inside another file
 */
export function filterOf(tree: FileTree, context: string, dockerfile: string | undefined): ContextFilter {
  const own =
    dockerfile === undefined
      ? undefined
      : tree.read(
          `${directoryOf(dockerfile) === "/" ? "" : directoryOf(dockerfile)}/${nameOf(dockerfile)}.dockerignore`,
        );
  const file = own ?? tree.read(`${context === "/" ? "" : context}/.dockerignore`);
  if (file === undefined || file.text.length > longestFile) return contextFilter([]);
  return contextFilter(file.text.replace(/^\ufeff/, "").split("\n"));
}

/** A longer one is nothing that a person wrote. */
const longestFile = 1_000_000;
