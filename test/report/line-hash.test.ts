import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineHashes } from "../../src/report/line-hash.ts";
import { SourceFile } from "../../src/text/source-file.ts";

const hashes = (text: string): string[] => {
  const file = new SourceFile("a.conf", text);
  const lines = Array.from({ length: file.lineCount }, (_, index) => index + 1);
  return [...lineHashes(file, lines).values()];
};

/** The rolling hash as github/codeql-action has it, character by character. */
function rolling(text: string): string[] {
  const size = 100;
  const window: bigint[] = Array(size).fill(0n);
  const starts: boolean[] = Array(size).fill(false);
  const counts = new Map<string, number>();
  const found: string[] = [];
  const first = 37n ** BigInt(size);
  let value = 0n;
  let index = 0;
  let lineStart = true;
  const output = (): void => {
    const hash = value.toString(16);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    found.push(`${hash}:${count}`);
    starts[index] = false;
  };
  const update = (code: number): void => {
    const begin = window[index] ?? 0n;
    window[index] = BigInt(code);
    value = BigInt.asUintN(64, value * 37n + BigInt(code) - first * begin);
    index = (index + 1) % size;
  };
  for (const code of [...Array(text.length).keys()].map((at) => text.charCodeAt(at)).concat(65535)) {
    if (code === 32 || code === 9) continue;
    if (starts[index] === true) output();
    if (lineStart) starts[index] = true;
    lineStart = code === 10;
    update(code);
  }
  for (let rest = 0; rest < size; rest++) {
    if (starts[index] === true) output();
    update(0);
  }
  return found;
}

describe("lineHashes", () => {
  it.each([
    ["", ["c129715d7a2bc9a3:1"]],
    [
      " a\nb\n  \t\tc\n d",
      ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
    ],
    [
      " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
      [
        "e9496ae3ebfced30:1",
        "fb7c023a8b9ccb3f:1",
        "ce8ba1a563dcdaca:1",
        "e20e36e16fcb0cc8:1",
        "b3edc88f2938467e:1",
        "c8e28b0b4002a3a0:1",
        "c129715d7a2bc9a3:1",
      ],
    ],
    [
      "Lorem ipsum dolor sit amet.\n".repeat(10),
      [
        "a7f2ff13bc495cf2:1",
        "a7f2ff13bc495cf2:2",
        "a7f2ff13bc495cf2:3",
        "a7f2ff13bc495cf2:4",
        "a7f2ff13bc495cf2:5",
        "a7f2ff13bc495cf2:6",
        "a7f2ff1481e87703:1",
        "a9cf91f7bbf1862b:1",
        "55ec222b86bcae53:1",
        "cc97dc7b1d7d8f7b:1",
        "c129715d7a2bc9a3:1",
      ],
    ],
    [
      "x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n",
      [
        "e54938cc54b302f1:1",
        "bb609acbe9138d60:1",
        "1131fd5871777f34:1",
        "5c482a0f8b35ea28:1",
        "54517377da7028d2:1",
        "2c644846cb18d53e:1",
        "f1b89f20de0d133:1",
        "c129715d7a2bc9a3:1",
      ],
    ],
  ])("gives what GitHub's own action gives for %j", (text, expected) => {
    expect(hashes(text)).toEqual(expected);
  });

  it("is the rolling hash for any text", () => {
    const line = fc.constantFrom(
      "a",
      "b;",
      "\n",
      "\n\n",
      " ",
      "\t",
      "server {",
      "}",
      "x".repeat(99),
      "é",
      "🐘",
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), (parts) => {
        const text = parts.join("");
        expect(hashes(text)).toEqual(rolling(text));
      }),
    );
  });

  it("gives the same for one line as for all", () => {
    const file = new SourceFile("a.conf", "a;\nb;\na;\nb;\n".repeat(60));
    const all = lineHashes(
      file,
      Array.from({ length: file.lineCount }, (_, index) => index + 1),
    );
    for (const line of [1, 3, 100, 241]) expect(lineHashes(file, [line]).get(line)).toBe(all.get(line));
  });

  it("stays when lines are added above", () => {
    const text = "events {\n  worker_connections 512;\n}\n";
    const [, before] = hashes(text);
    expect(hashes(`# new\n${text}`)[2]).toBe(before);
  });
});
