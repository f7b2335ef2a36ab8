import type { SourceFile } from "../text/source-file.ts";

const blockSize = 100;
const endOfFile = "\uffff";

/**
 * What GitHub recognises an alert by after lines were added above it (github/codeql-action fingerprints.ts): a
 * hash of the first 100 characters from the start of the line, spaces and tabs left out and all line ends alike,
 * and which of the lines with that hash it is.
 *
 * @param lines counted from 1
 * @returns for each line the hash, as in `271789c17abda88f:1`
 */
export function lineHashes(file: SourceFile, lines: Iterable<number>): Map<number, string> {
  const wanted = [...new Set(lines)].sort((a, b) => a - b);
  const text = normalized(file.text) + endOfFile;
  const starts = new Map<number, number>();
  let done = 0;
  let start = 0;
  for (const line of wanted) {
    const offset = file.offset({ line, column: 1 });
    start += normalized(file.text.slice(done, offset)).length;
    done = offset;
    starts.set(line, start);
  }
  const occurrences = countOccurrences(text, new Set(starts.values()));
  return new Map(
    [...starts].map(([line, at]) => [line, `${hash(blockAt(text, at))}:${occurrences.get(at) ?? 1}`]),
  );
}

function normalized(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(/[ \t]+/g, "");
}

function blockAt(text: string, start: number): string {
  return text.slice(start, start + blockSize);
}

/** For each start of a line, how many lines up to it begin with the same block. */
function countOccurrences(text: string, starts: ReadonlySet<number>): Map<number, number> {
  const counts = new Map([...starts].map((start) => [blockAt(text, start), 0]));
  const occurrences = new Map<number, number>();
  for (let start = 0, next = 0; next !== -1; start = next + 1) {
    const block = blockAt(text, start);
    const count = counts.get(block);
    if (count !== undefined) {
      counts.set(block, count + 1);
      if (starts.has(start)) occurrences.set(start, count + 1);
    }
    next = text.indexOf("\n", start);
  }
  return occurrences;
}

/** With 64 bits, factor 37; what is missing to a whole block counts as zeros. */
function hash(block: string): string {
  let value = 0n;
  for (let index = 0; index < blockSize; index++) {
    const code = index < block.length ? block.charCodeAt(index) : 0;
    value = BigInt.asUintN(64, value * 37n + BigInt(code));
  }
  return value.toString(16);
}
