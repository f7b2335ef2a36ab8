import type { FileTree } from "../../files/file-tree.ts";

/** As many as Linux follows (MAXSYMLINKS). */
const mostLinks = 40;

/** The path with every symbolic link resolved inside the tree, whether or not anything stands there. */
export function canonicalPath(tree: FileTree, path: string): string {
  let pending = path.split("/").filter((part) => part !== "");
  let resolved: string[] = [];
  let links = 0;
  while (pending.length > 0) {
    const [part = "", ...rest] = pending;
    pending = rest;
    if (part === "." || part === "") continue;
    if (part === "..") {
      resolved.pop();
      continue;
    }
    const target = links < mostLinks ? tree.link(`/${[...resolved, part].join("/")}`) : undefined;
    if (target === undefined) {
      resolved.push(part);
      continue;
    }
    links++;
    if (target.startsWith("/")) resolved = [];
    pending = [...target.split("/"), ...pending];
  }
  return `/${resolved.join("/")}`;
}

/** Where a link points, as an absolute path; links in the folders before it are followed, the last one is not. */
export function linkTarget(tree: FileTree, path: string, target: string): string {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const absolute = target.startsWith("/") ? target : `${folder}/${target}`;
  const cut = absolute.lastIndexOf("/");
  return `${canonicalPath(tree, absolute.slice(0, cut))}/${absolute.slice(cut + 1)}`.replace(/^\/\//, "/");
}
