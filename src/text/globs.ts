/** A class or a choice that is not closed stands for itself, as in a shell. */
const piece = /(?:\*\*\/)+|\*+|\?|\[!?[^\]/]+\]|\{[^{}/]*\}|./gsu;

/**
 * The source of a regular expression for a glob: `*` and `?` stay within one name of a path, `**` crosses folders,
 * `[a-z]` and `{a,b}` choose.
 */
export function globSource(glob: string): string {
  return glob.replace(piece, (found) => {
    if (found.startsWith("**/")) return "(?:.*/)?";
    if (found.startsWith("**")) return ".*";
    if (found === "*") return "[^/]*";
    if (found === "?") return "[^/]";
    if (found.length > 1 && found.startsWith("[")) return characterClass(found);
    if (found.length > 1 && found.startsWith("{"))
      return `(?:${found.slice(1, -1).split(",").map(globSource).join("|")})`;
    return literal(found);
  });
}

function literal(text: string): string {
  return text.replace(/[\\^$.|+()[\]{}*?]/g, "\\$&");
}

function characterClass(found: string): string {
  const negated = found.startsWith("[!");
  const members = found.slice(negated ? 2 : 1, -1).replace(/[\\\]^[]/g, "\\$&");
  const form = `[${negated ? "^/" : ""}${members}]`;
  try {
    new RegExp(form, "u");
    return form;
  } catch {
    return literal(found);
  }
}

/** Whether one of the globs stands for the whole text. */
export function isListed(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => new RegExp(`^${globSource(glob)}$`, "su").test(text));
}
