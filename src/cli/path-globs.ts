import { globSource } from "../text/globs.ts";
import type { PathGlobs } from "./configuration.ts";

/**
 * Whether an absolute path is meant. Globs count from their folder: `*` and `?` stay within one name, `**` crosses
 * folders, `[a-z]` and `{a,b}` choose. As in .gitignore a glob without a slash matches at any depth, one that ends
 * with a slash matches folders only, and what matches a folder matches everything below it.
 */
export function pathMatcher({ directory, globs }: PathGlobs): (path: string) => boolean {
  const forms = globs.map(folderForm);
  const prefix = directory.endsWith("/") ? directory : `${directory}/`;
  return (path) => path.startsWith(prefix) && forms.some((form) => form.test(path.slice(prefix.length)));
}

function folderForm(glob: string): RegExp {
  const trimmed = glob.replace(/^\.?\//, "").replace(/\/+$/, "");
  const anywhere = glob.includes("/") && glob.indexOf("/") !== glob.length - 1 ? "" : "(?:.*/)?";
  const below = glob.endsWith("/") ? "/" : "(?:/|$)";
  return new RegExp(`^${anywhere}${globSource(trimmed)}${below}`, "su");
}
