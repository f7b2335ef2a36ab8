/** How nginx builds a hash of names: it looks for the least number of buckets in which none overflows. */
export interface HashSetting {
  /** `server_names_hash`: its directives are `..._max_size` and `..._bucket_size`. */
  readonly name: string;
  readonly maxSize: number;
  /** Bytes of a bucket, whole cache lines. */
  readonly bucketSize: number;
}

/** Bytes of a cache line, the smallest bucket. */
export const cacheLine = 64;

/** Bytes of a pointer. */
const pointer = 8;

/** Names that are placed before the answer is given up: nginx takes long for such a hash, too. */
const mostSteps = 10_000_000;

/** Buckets that are looked at together. */
const mostBuckets = 1 << 22;

/** A setting in whole cache lines, as nginx rounds it. */
export function wholeLines(size: number): number {
  return Math.ceil(size / cacheLine) * cacheLine;
}

/** Bytes of an element: a pointer, two bytes of length and the name, rounded up (NGX_HASH_ELT_SIZE). */
function elementSize(length: number): number {
  return pointer + Math.ceil((length + 2) / pointer) * pointer;
}

/** Whether a name fits into a bucket at all, beside the pointer that ends it. */
export function fitsBucket(name: string, bucketSize: number): boolean {
  return elementSize(byteLength(name)) + pointer <= bucketSize;
}

/** What nginx prints where it cannot build the hash with buckets of that size (src/core/ngx_hash.c ngx_hash_init). */
export function notOptimal({ name, maxSize, bucketSize }: HashSetting): string {
  return `could not build optimal ${name}, you should increase either ${name}_max_size: ${maxSize} or ${name}_bucket_size: ${bucketSize}; ignoring ${name}_bucket_size`;
}

/**
 * Whether some number of buckets up to the largest holds all names (src/core/ngx_hash.c ngx_hash_init).
 *
 * @param names in lower case, each fitting into a bucket
 * @returns undefined where it would take too long to say
 */
export function isOptimal(
  names: readonly string[],
  { maxSize, bucketSize }: HashSetting,
): boolean | undefined {
  const room = bucketSize - pointer;
  const count = names.length;
  let size = Math.max(1, Math.floor(count / Math.floor(room / (2 * pointer))));
  if (maxSize > 10_000 && count > 0 && Math.floor(maxSize / count) < 100) size = maxSize - 1000;
  if (size > maxSize) return false;
  const { high, low } = keyHashes(names);
  const sizes = Uint16Array.from(names, (name) => elementSize(byteLength(name)));
  const filled = new Uint16Array(Math.min(maxSize, mostBuckets));
  for (let steps = 0; size <= maxSize; size++) {
    if (size > mostBuckets || steps > mostSteps) return undefined;
    filled.fill(0, 0, size);
    const perHigh = 2 ** 32 % size;
    let at = 0;
    for (; at < count; at++) {
      const bucket = (((high[at] ?? 0) % size) * perHigh + ((low[at] ?? 0) % size)) % size;
      const bytes = (filled[bucket] ?? 0) + (sizes[at] ?? 0);
      if (bytes > room) break;
      filled[bucket] = bytes;
    }
    if (at === count) return true;
    steps += at + size / 16;
  }
  return false;
}

/** `key * 31 + byte` for each byte, in 64 bits (ngx_hash). */
function keyHashes(names: readonly string[]): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(names.length);
  const low = new Uint32Array(names.length);
  for (const [index, name] of names.entries()) {
    let upper = 0;
    let lower = 0;
    const plain = isPlain(name);
    const bytes = plain ? undefined : encoder.encode(name);
    const length = bytes?.length ?? name.length;
    for (let at = 0; at < length; at++) {
      const product = lower * 31 + (bytes === undefined ? name.charCodeAt(at) : (bytes[at] ?? 0));
      lower = product >>> 0;
      upper = (upper * 31 + Math.floor(product / 2 ** 32)) >>> 0;
    }
    high[index] = upper;
    low[index] = lower;
  }
  return { high, low };
}

const encoder = new TextEncoder();

function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

export function byteLength(text: string): number {
  return isPlain(text) ? text.length : encoder.encode(text).length;
}

/**
 * The hashes that nginx builds of names with a wildcard, one for the labels after each label, the inner ones first
 * (src/core/ngx_hash.c ngx_hash_wildcard_init).
 *
 * @param names labels with dots, the outermost first: `com.example` for `.example.com`, `com.example.` for
 * `*.example.com`
 * @returns the names of each hash
 */
export function wildcardHashes(names: readonly string[]): string[][] {
  const hashes: string[][] = [];
  collect([...names].sort(byLabels), hashes);
  return hashes;
}

/** As deep as a name has labels; a name has less than 4096 bytes. */
function collect(names: readonly string[], hashes: string[][]): void {
  const labels: string[] = [];
  for (let at = 0; at < names.length; ) {
    const name = names[at] ?? "";
    const dot = name.indexOf(".");
    const label = dot === -1 ? name : name.slice(0, dot);
    const start = dot === -1 ? label : `${label}.`;
    labels.push(label);
    const inner = name.length === start.length ? [] : [name.slice(start.length)];
    for (at += 1; at < names.length; at++) {
      const other = names[at] ?? "";
      if (!other.startsWith(start)) break;
      if (dot === -1 && other.length > start.length && other.charAt(start.length) !== ".") break;
      inner.push(other.slice(label.length + 1));
    }
    if (inner.length > 0) collect(inner, hashes);
  }
  hashes.push(labels);
}

/** ngx_dns_strcmp: the dot comes before everything else. */
function byLabels(one: string, other: string): number {
  const a = one.replaceAll(".", "\u0001");
  const b = other.replaceAll(".", "\u0001");
  return a < b ? -1 : a > b ? 1 : 0;
}
