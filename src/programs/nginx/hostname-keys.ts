/** What nginx answers to a key: it takes it, refuses it as no name, or has it already. */
export type KeyAnswer = "taken" | "no name" | "known";

/** Keys that may be names with a wildcard, as the hash of src/core/ngx_hash.c ngx_hash_add_key keeps them. */
export class HostnameKeys<T> {
  readonly #exact = new Map<string, T>();
  readonly #heads = new Map<string, T>();
  readonly #tails = new Map<string, T>();

  /** What was added with the key that an answer `known` met. */
  met: T | undefined;

  /** @param wildcards `.name`, `*.name` and `name.*` stand for many names */
  add(key: string, what: T, wildcards: boolean): KeyAnswer {
    const name = key.toLowerCase();
    if (!wildcards) return this.#put(this.#exact, name, what);
    if (!isKey(key)) return "no name";
    if (name.length > 1 && name.startsWith(".")) {
      const rest = name.slice(1);
      const exact = this.#put(this.#exact, rest, what);
      return exact === "known" ? exact : this.#put(this.#heads, rest, what);
    }
    if (name.length > 2 && name.startsWith("*.")) return this.#put(this.#heads, name.slice(2), what);
    if (name.length > 2 && name.endsWith(".*")) return this.#put(this.#tails, name.slice(0, -1), what);
    return this.#put(this.#exact, name, what);
  }

  #put(keys: Map<string, T>, key: string, what: T): KeyAnswer {
    const before = keys.get(key);
    if (before === undefined) {
      keys.set(key, what);
      return "taken";
    }
    this.met = before;
    return "known";
  }
}

/** Whether it is a name, or one with a wildcard: a single `*` at the start before a dot, or at the end after one. */
export function isKey(key: string): boolean {
  if (key.includes("..") || key.includes("\0")) return false;
  const star = key.indexOf("*");
  if (star === -1) return true;
  if (key.indexOf("*", star + 1) !== -1) return false;
  return (
    (key.length > 1 && key.startsWith(".")) ||
    (key.length > 2 && (key.startsWith("*.") || key.endsWith(".*")))
  );
}
