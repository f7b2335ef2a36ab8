import type { RunningContainer } from "../model/container.ts";
import type { Problem } from "../syntax/problem.ts";
import type { Span } from "../text/span.ts";
import type { FileTree } from "./file-tree.ts";

/** One host that was found, with its files at the paths they have on the machine. */
export interface DiscoveredHost {
  /** How it is named to the user: the folder, or the file that makes it an alternative. */
  readonly name: string;
  /**
   * `root`: a tree with `etc/`. `loose`: deploy files of a repository, each placed where the machine would have
   * it (`deploy/gunicorn.service` at /etc/systemd/system/gunicorn.service). `dump`: the output of `nginx -T`.
   */
  readonly kind: "root" | "loose" | "dump";
  /** Host paths; loose files stand at the paths they were placed at. */
  readonly tree: FileTree;
  /** Host paths of the files with which an nginx starts: nginx.conf, or fragments that no main file includes. */
  readonly nginx: readonly string[];
  /** Unit files, drop-ins and EnvironmentFiles are found through `tree`; this says whether there are any. */
  readonly hasUnits: boolean;
  /** The repository around loose files as a tree of its own (paths from its root), to find what a unit names by an absolute path of the machine. */
  readonly repository: FileTree | undefined;
  /** Files that show that programs run in containers (compose files, Dockerfiles). */
  readonly containerFiles: readonly Span[];
  /** Containers of a compose project, of Kubernetes manifests or of a Dockerfile; their files are those of `repository`. */
  readonly containers: readonly RunningContainer[];
  /** What was found wrong while the containers were read. */
  readonly containerProblems: readonly Problem[];
  /** What was taken for what. */
  readonly files: readonly { readonly path: string; readonly role: string }[];
}

/** Containers that run together, before they are joined to the machine around them. */
export interface ContainerProject {
  /** The folder that it belongs to, in the tree that was searched. */
  readonly folder: string;
  /** How it is named to the user where nothing else names the host: a path of the tree. */
  readonly mark: string;
  readonly containers: readonly RunningContainer[];
  readonly problems: readonly Problem[];
  /** Paths of the tree that its programs read, with what each was taken for. */
  readonly files: readonly { readonly path: string; readonly role: string }[];
  /** Paths of the tree that stand in a container beside the configuration of its nginx, which does not read them. */
  readonly unread: readonly {
    readonly path: string;
    readonly container: string;
    /** Where it stands in the container. */
    readonly inside: string;
  }[];
}

/** Files by which containers are found, as paths of the tree that was searched. */
export interface ContainerFiles {
  readonly compose: readonly string[];
  readonly images: readonly string[];
  readonly manifests: readonly string[];
  readonly procfiles: readonly string[];
}

export interface ResolvedContainers {
  readonly projects: readonly ContainerProject[];
  /** Servers that are not understood, by the path of a file whose containers start no other: `daphne`. */
  readonly otherServers: ReadonlyMap<string, readonly string[]>;
}

/** Makes projects of container files; the files room recognises them, other rooms understand them. */
export type ResolveContainers = (tree: FileTree, files: ContainerFiles) => Promise<ResolvedContainers>;

export interface Discovery {
  readonly hosts: readonly DiscoveredHost[];
  /** Files that looked like input and were left aside. */
  readonly aside: readonly { readonly path: string; readonly why: string }[];
  /** What could not be read. */
  readonly problems: readonly Problem[];
}
