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
  return new RegExp(`^${anywhere}${pattern(trimmed)}${below}`, "su");
}

/** A class or a choice that is not closed stands for itself, as in a shell. */
const piece = /(?:\*\*\/)+|\*+|\?|\[!?[^\]/]+\]|\{[^{}/]*\}|./gsu;

function pattern(glob: string): string {
  return glob.replace(piece, (found) => {
    if (found.startsWith("**/")) return "(?:.*/)?";
    if (found.startsWith("**")) return ".*";
    if (found === "*") return "[^/]*";
    if (found === "?") return "[^/]";
    if (found.length > 1 && found.startsWith("[")) return characterClass(found);
    if (found.length > 1 && found.startsWith("{"))
      return `(?:${found.slice(1, -1).split(",").map(pattern).join("|")})`;
    return found.replace(/[\\^$.|+()[\]{}*?/-]/u, (special) =>
      special === "-" || special === "/" ? special : `\\${special}`,
    );
  });
}

function characterClass(found: string): string {
  const negated = found.startsWith("[!");
  const members = found.slice(negated ? 2 : 1, -1).replace(/[\\\]^[]/g, "\\$&");
  const form = `[${negated ? "^/" : ""}${members}]`;
  try {
    new RegExp(form, "u");
    return form;
  } catch {
    return found.replace(/[\\[\]^]/g, "\\$&");
  }
}
