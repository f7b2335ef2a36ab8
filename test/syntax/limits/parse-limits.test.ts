import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { domainRange } from "../../../src/syntax/limits/domain.ts";
import { limitNumber } from "../../../src/syntax/limits/item.ts";
import { parseLimits } from "../../../src/syntax/limits/parse-limits.ts";
import type { LimitsLine } from "../../../src/syntax/limits/tree.ts";
import { SourceFile } from "../../../src/text/source-file.ts";

function parse(text: string) {
  return parseLimits(new SourceFile("etc/security/limits.conf", text));
}

function words(line: LimitsLine): string[] {
  return line.kind === "entry"
    ? [line.domain.text, line.type.text, line.item.text, line.value.text]
    : [line.domain.text, line.type.text];
}

describe("lines of limits.conf", () => {
  it("fall into domain, type, item and value", () => {
    expect(
      parse("# c\n\n  www-data\tsoft  nofile 1024 # c\n@web - nproc 5\napp -\n").lines.map(words),
    ).toEqual([
      ["www-data", "soft", "nofile", "1024"],
      ["@web", "-", "nproc", "5"],
      ["app", "-"],
    ]);
  });

  it("end at a # wherever it stands", () => {
    expect(parse("app - nofile 50#00\n").lines.map(words)).toEqual([["app", "-", "nofile", "50"]]);
    expect(parse("app # - nofile 50\n").lines).toEqual([]);
  });

  it("take the rest for the value since 1.6.0, the next word before", () => {
    const tree = parse("app - nofile unlimited\r\napp - nproc 5 6\n");
    expect(tree.lines.map((line) => words(line).at(-1))).toEqual(["unlimited\r", "5 6"]);
    expect(tree.linesBefore16.map((line) => words(line).at(-1))).toEqual(["unlimited", "5"]);
    const plain = parse("app - nofile 5\n");
    expect(plain.linesBefore16).toBe(plain.lines);
  });

  it("are cut into pieces of 1023 bytes before 1.6.0", () => {
    const tree = parse(`${" ".repeat(1020)}app - nofile 5000\n`);
    expect(tree.lines.map(words)).toEqual([["app", "-", "nofile", "5000"]]);
    expect(tree.linesBefore16).toEqual([]);
    expect(tree.problems.map(({ message }) => message)).toEqual([
      "Linux-PAM before 1.6.0 takes a line of more than 1023 bytes for several lines",
    ]);
  });

  it("may be templates", () => {
    const tree = parse("{% for u in users %}\n{{ u }} - nofile {{ n }}\n{% endfor %}\napp - nofile 5\n");
    expect(tree.problems).toEqual([]);
    expect(tree.lines.map(({ domain, conditional }) => [domain.hole, conditional])).toEqual([
      ["{{ u }}", true],
      [undefined, false],
    ]);
    expect(tree.lines.map(words)[0]).toEqual(["{{ u }}", "-", "nofile", "{{ n }}"]);
  });
});

describe("problems", () => {
  it.each([
    ["app nofile 5000\n", "`app nofile 5000` is skipped: a line needs domain, type, item and value"],
    ["app - nofile=5000\n", "`app - nofile=5000` is skipped: a line needs domain, type, item and value"],
    ["app - nofiles 5000\n", "`nofiles` is no item that pam_limits knows, so the line is ignored"],
    ["app both nofile 5000\n", "`both` is no type of limit, so the line is ignored"],
    ["app - nofile abc\n", "`abc` is no number, so the line is ignored"],
    ["app - nofile 64k\n", "pam_limits stops at the first character that is no digit: `64k` means 64"],
    ["app - nofile 65,536\n", "pam_limits stops at the first character that is no digit: `65,536` means 65"],
    ["app - nofile 0x1000\n", "pam_limits stops at the first character that is no digit: `0x1000` means 0"],
    ["5000:abc - nofile 5\n", "`5000:abc` is no range of ids, so the line is skipped"],
    [
      "\ufeffapp - nofile 5\n",
      "the byte order mark at the start of the file becomes part of the domain, so the line matches nobody",
    ],
    [
      "app - nofile unlimited\r\n",
      "Linux-PAM 1.6.0 and later do not know `unlimited` with more text or a carriage return after it",
    ],
  ])("%j", (text, wanted) => {
    expect(parse(text).problems.map(({ message }) => message)).toEqual([wanted]);
  });

  it("are none in what pam_limits accepts", () => {
    const text =
      "# c\n* SOFT NOFILE 5\r\n@g hard core unlimited\nu - nice -5\n% - maxlogins 4\n1000: - nproc +5\n@:5 - as -1\nftp - chroot /ftp\nu -\nu - priority x\n";
    expect(parse(text).problems).toEqual([]);
  });
});

describe("values", () => {
  it.each([
    ["nofile", "5000", 5000],
    ["nofile", "010000", 10000],
    ["nofile", "+5000", 5000],
    ["nofile", "1e6", 1],
    ["nofile", "unlimited", Number.POSITIVE_INFINITY],
    ["nofile", "-", Number.POSITIVE_INFINITY],
    ["nofile", "99999999999999999999999", Number.POSITIVE_INFINITY],
    ["nofile", "-5", 2 ** 64 - 5],
    ["nofile", "abc", undefined],
    ["memlock", "64", 65536],
    ["cpu", "2", 120],
    ["nice", "-5", 25],
    ["nice", "-50", 40],
    ["maxlogins", "4", undefined],
  ])("%s %s", (item, value, wanted) => {
    expect(limitNumber(item, value)).toBe(wanted);
  });
});

describe("domains", () => {
  it.each([
    ["www-data", "none"],
    [":", "malformed"],
    ["5000:abc", "malformed"],
    ["5000:", { kind: "from", min: 5000 }],
    [":5000", { kind: "one", id: 5000 }],
    ["@:5000", { kind: "one", id: 5000 }],
    ["@4000:5000", { kind: "between", min: 4000, max: 5000 }],
    ['":0"', "malformed"],
  ])("%s", (domain, wanted) => {
    expect(domainRange(domain)).toEqual(wanted);
  });
});

describe("any text", () => {
  const lines = fc.array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "app - nofile 5",
        "app -",
        "#",
        "\0",
        "{% if %}",
        "a b c d e",
        "\ufeff",
        "1:2 soft nofile -1",
      ),
    ),
  );

  it("is read without a throw, in order, with places inside the file", () => {
    fc.assert(
      fc.property(lines, (parts) => {
        const text = parts.join("\n");
        const tree = parse(text);
        for (const view of [tree.lines, tree.linesBefore16]) {
          let last = 0;
          for (const line of view) {
            const fields =
              line.kind === "entry"
                ? [line.domain, line.type, line.item, line.value]
                : [line.domain, line.type];
            for (const field of fields) {
              expect(text.slice(field.start, field.end)).toBe(field.text);
              expect(field.start).toBeGreaterThanOrEqual(last);
              last = field.end;
            }
          }
        }
        for (const { at } of tree.problems) expect(at.end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it("comes back as it was written", () => {
    const word = fc.stringMatching(/^[a-z@*:0-9-]{1,8}$/);
    const blank = fc.stringMatching(/^[ \t]{1,3}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word, word, blank)), (entries) => {
        const text = entries.map(([a, b, c, d, between]) => [a, b, c, d].join(between)).join("\n");
        expect(parse(text).lines.map(words)).toEqual(entries.map((entry) => entry.slice(0, 4)));
      }),
    );
  });

  it("of any size is read", () => {
    const tree = parse("app - nofile 5\n".repeat(60_000));
    expect(tree.lines.length).toBe(50_000);
    expect(tree.problems.length).toBe(1);
    expect(parse(" a".repeat(1_000_000)).lines.length).toBe(1);
    expect(parse(" ".repeat(2_000_000)).lines.length).toBe(0);
  });
});
