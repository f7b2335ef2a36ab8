import type { DirectoryTree } from "./directory-tree.ts";
import type { ContainerFiles } from "./discovered-host.ts";
import { containerFileKind, isComposeOfStage } from "./recognise/container.ts";
import { mayBeManifest, recogniseManifest } from "./recognise/kubernetes.ts";
import { nginxFolder } from "./recognise/nginx.ts";
import { mayBeOurs, recognise } from "./recognise/recognise.ts";
import type { Recognised } from "./recognise/recognised.ts";
import { mayRewrite } from "./rewriting-scripts.ts";

/** A file that was recognised, at its path from the top of the tree that was walked. */
export interface FoundFile {
  readonly path: string;
  readonly recognised: Recognised;
}

export interface Walk {
  readonly files: readonly FoundFile[];
  readonly containers: ContainerFiles;
  readonly aside: readonly { readonly path: string; readonly why: string }[];
  /** Paths that should have been read and could not be. */
  readonly unreadable: readonly string[];
  /** Folders that are repositories of their own. */
  readonly repositories: readonly string[];
  /** Shell scripts and Dockerfiles, which may rewrite what is read. */
  readonly scripts: readonly string[];
}

/** Installed dependencies, caches and histories: never written by the people whose configuration this is. */
const foreignFolders = new Set(
  "node_modules bower_components .git .hg .svn .bzr vendor third_party site-packages dist-packages gems __pycache__ .venv venv .tox .nox .cache .terraform .mypy_cache .pytest_cache .idea .vscode .next .nuxt".split(
    " ",
  ),
);

const testFolder =
  /^(?:tests?|specs?|fixtures|__fixtures__|__tests__|testdata|test-data|test_data|molecule|e2e)$/;

/** Folders whose sub-folders are each a host, a stage or a role, so that `envs/test` is a stage and no test data. */
export const dividingFolder =
  /^(?:hosts?|servers?|machines?|nodes?|envs?|environments?|stages?|inventor(?:y|ies)|roles|examples?|samples?|cookbooks|playbooks|host_files)$/i;

/**
 * Looks through a tree for what hostlint reads. Names decide what is opened, and of that only the first 64 KB
 * are read. Links to folders are not followed; folders of test data are named and left aside.
 *
 * @param tops where to start, paths of the tree
 * @param context the name of the folder that is walked: a folder called nginx says what its files are
 * @param ignored paths of the tree that are passed over, with everything below them
 */
export function walk(
  tree: DirectoryTree,
  tops: readonly string[],
  context: string,
  ignored: (path: string) => boolean,
): Walk {
  const files: FoundFile[] = [];
  const compose: string[] = [];
  const images: string[] = [];
  const manifests: string[] = [];
  const procfiles: string[] = [];
  const aside: { path: string; why: string }[] = [];
  const unreadable: string[] = [];
  const repositories: string[] = [];
  const scripts: string[] = [];
  const testData = new Map<string, number>();
  const waiting: { path: string; test: string | undefined }[] = [...tops]
    .reverse()
    .map((path) => ({ path, test: undefined }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { path: folder, test } = next;
    const entries = tree.entries(folder);
    if (tree.kind(folder) === "unreadable") unreadable.push(folder);
    const folderName = folder.slice(folder.lastIndexOf("/") + 1);
    const inner: { path: string; test: string | undefined }[] = [];
    for (const entry of entries) {
      const path = folder === "/" ? `/${entry.name}` : `${folder}/${entry.name}`;
      if (ignored(path)) continue;
      if (entry.kind === "directory") {
        if (entry.name === ".git" && folder !== "/") repositories.push(folder);
        if (foreignFolders.has(entry.name)) continue;
        if (entry.name === "user" && folderName === "systemd") {
          aside.push({ path, why: "units of a user's own manager are no system services" });
          continue;
        }
        const isTest = testFolder.test(entry.name) && !dividingFolder.test(folderName);
        inner.push({ path, test: test ?? (isTest ? path : undefined) });
        continue;
      }
      if (entry.kind === "other") {
        if (mayBeOurs(path) && test === undefined) unreadable.push(path);
        continue;
      }
      if (test === undefined) {
        const kind = containerFileKind(path);
        if (mayRewrite(path)) scripts.push(path);
        if (kind === "compose") compose.push(path);
        else if (kind === "image") images.push(path);
        else if (kind === "procfile") procfiles.push(path);
        else if (mayBeManifest(path)) {
          const text = tree.head(path) ?? "";
          const verdict = recogniseManifest(path, text);
          if (verdict !== undefined && "program" in verdict) manifests.push(path);
          else if (isComposeOfStage(path, text)) compose.push(path);
        }
      }
      if (!mayBeOurs(`/${context}${path}`)) continue;
      const kind = tree.kind(path);
      if (kind === "unreadable" && test === undefined) unreadable.push(path);
      // A link that was written for the machine (/etc/nginx/sites-available/app) leads nowhere here.
      if (kind === "missing" && entry.kind === "link" && nginxFolder.test(folderName))
        files.push({ path, recognised: { program: "nginx", shape: "fragment" } });
      if (kind !== "file") continue;
      const text = tree.head(path);
      const verdict = text === undefined ? undefined : recognise(`/${context}${path}`, text);
      if (verdict === undefined) continue;
      if (test !== undefined) testData.set(test, (testData.get(test) ?? 0) + ("program" in verdict ? 1 : 0));
      else if ("not" in verdict) aside.push({ path, why: verdict.not });
      else files.push({ path, recognised: verdict });
    }
    for (const child of inner.reverse()) waiting.push(child);
  }
  for (const [path, count] of testData)
    if (count > 0)
      aside.push({
        path,
        why: `${count === 1 ? "a file" : `${count} files`} of test data; name the folder to lint it`,
      });
  const containers = { compose, images, manifests, procfiles };
  return { files, containers, aside, unreadable, repositories, scripts };
}
