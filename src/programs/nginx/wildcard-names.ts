import { wildcardHashes } from "./hash-size.ts";

/** In which hash of names one is kept (src/core/ngx_hash.c ngx_hash_add_key). */
export interface HashNames {
  readonly exact?: string;
  /** `com.example.` for `*.example.com`, `com.example` for `.example.com`. */
  readonly head?: string;
  /** `www.example` for `www.example.*`. */
  readonly tail?: string;
  /** What becomes elements of a hash. */
  readonly labels: readonly string[];
}

export function exactNames(name: string): HashNames {
  return { exact: name, labels: [name] };
}

/** A name in lower case that may have a wildcard at its start or its end. */
export function namesByKind(name: string): HashNames {
  const start =
    name.startsWith("*.") && name.length > 2 ? 2 : name.startsWith(".") && name.length > 1 ? 1 : 0;
  if (start > 0) {
    const labels = name.slice(start).split(".").reverse();
    return { head: `${labels.join(".")}${start === 2 ? "." : ""}`, labels };
  }
  if (!name.endsWith(".*") || name.length < 3) return exactNames(name);
  const tail = name.slice(0, -2);
  return { tail, labels: tail.split(".") };
}

/** The names of each hash that nginx builds: exact ones, then those that begin with a wildcard, then that end with one. */
export function hashesOf(names: readonly HashNames[]): string[][] {
  const heads = names.flatMap(({ head }) => (head === undefined ? [] : [head]));
  const tails = names.flatMap(({ tail }) => (tail === undefined ? [] : [tail]));
  return [
    names.flatMap(({ exact }) => (exact === undefined ? [] : [exact])),
    ...wildcardHashes(heads),
    ...wildcardHashes(tails),
  ];
}
