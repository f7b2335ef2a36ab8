import type { EntryKind, FileTree } from "../../files/file-tree.ts";
import { parseLimits } from "../../syntax/limits/parse-limits.ts";
import type { LimitsTree } from "../../syntax/limits/tree.ts";

/** A file that pam_limits opens, in the order in which it does. */
export interface LimitsInput {
  readonly path: string;
  readonly kind: EntryKind;
  readonly tree: LimitsTree | undefined;
}

const mainFile = "/etc/security/limits.conf";
const dropIns = "/etc/security/limits.d";

/**
 * limits.conf, then limits.d/*.conf in byte order without hidden files; or the one file of `conf=`.
 *
 * @param configuration the path of `conf=`
 */
export function limitsInputs(tree: FileTree, configuration: string | undefined): LimitsInput[] {
  const names = tree.list(dropIns).filter((name) => name.endsWith(".conf") && !name.startsWith("."));
  const paths =
    configuration === undefined ? [mainFile, ...names.map((name) => `${dropIns}/${name}`)] : [configuration];
  return paths.map((path) => {
    const kind = tree.kind(path);
    const source = kind === "file" ? tree.read(path) : undefined;
    return { path, kind, tree: source === undefined ? undefined : parseLimits(source) };
  });
}
