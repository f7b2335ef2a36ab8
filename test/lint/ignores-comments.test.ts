import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commentStyle } from "../../src/lint/ignores/comment-style.ts";
import { Coverages } from "../../src/lint/ignores/coverage.ts";
import { readIgnoreComment } from "../../src/lint/ignores/ignore-comment.ts";
import { namedRules } from "../../src/lint/ignores/named-rules.ts";
import { commentedText } from "../../src/lint/ignores/read-comments.ts";
import { SourceFile } from "../../src/text/source-file.ts";

const styles = ["nginx", "python", "limits", "sysctl", "unit"] as const;

function commentsIn(style: (typeof styles)[number], text: string): string[] {
  return commentedText(new SourceFile("x", text), style).comments.map(({ start, end }) =>
    text.slice(start, end),
  );
}

describe("commentStyle", () => {
  it.each([
    ["/etc/nginx/nginx.conf", "nginx"],
    ["/etc/nginx/sites-enabled/app", "nginx"],
    ["/usr/local/openresty/nginx/conf/mime.types", "nginx"],
    ["/srv/app/edge.conf", "nginx"],
    ["/srv/app/gunicorn.conf.py", "python"],
    ["/deploy/gunicorn.conf.py.j2", "python"],
    ["/srv/app/gunicorn.conf", "python"],
    ["/etc/security/limits.conf", "limits"],
    ["/etc/security/limits.d/90-app.conf", "limits"],
    ["/etc/sysctl.conf", "sysctl"],
    ["/usr/lib/sysctl.d/50-default.conf", "sysctl"],
    ["/etc/systemd/system/gunicorn.service", "unit"],
    ["/etc/systemd/system/gunicorn.service.d/limits.conf", "unit"],
    ["/etc/systemd/system.conf", "unit"],
    ["/etc/default/app", "unit"],
  ])("%s: %s", (path, style) => {
    expect(commentStyle(path)).toBe(style);
  });
});

describe("comments", () => {
  it("of nginx begin where a word could", () => {
    const text = `a b#no; # one\nc "# no\n# no" '#no' {# two\n} # three`;
    expect(commentsIn("nginx", text)).toEqual(["# one", "# two", "# three"]);
  });

  it("of Python stand outside of strings", () => {
    const text = [
      `a = "# no" # one`,
      `b = '''\n# no\n''' # two`,
      `c = 'it\\'s # no' # three`,
      `d = "not closed # no`,
      `# four`,
      `e = r"\\" + "# no" # five`,
    ].join("\n");
    expect(commentsIn("python", text)).toEqual(["# one", "# two", "# three", "# four", '# no" # five']);
  });

  it("of limits.conf begin anywhere", () => {
    expect(commentsIn("limits", "# one\r\napp - nofile 50#two\n; no\n")).toEqual(["# one", "#two"]);
  });

  it.each(["sysctl", "unit"] as const)("of %s have a line of their own", (style) => {
    expect(commentsIn(style, "# one\na = b # no\n\t; two\r\na = b ; no")).toEqual(["# one", "; two"]);
  });
});

describe("statements of several lines", () => {
  const covered = (style: (typeof styles)[number], text: string): string[] => {
    const file = new SourceFile("x", text);
    const read = commentedText(file, style);
    const coverages = new Coverages(file, read);
    return read.comments.map((comment) => {
      const coverage = coverages.ofComment(comment);
      return "nothing" in coverage ? coverage.nothing : text.slice(coverage.start, coverage.end);
    });
  };

  it("are covered in Python with their brackets and backslashes", () => {
    const list = 'bind = [\n  "a",\n  "b", # two\n]\n';
    expect(covered("python", `# one\n${list}c = 1\n`)).toEqual([list, list]);
    expect(covered("python", "# one\na = \\\n  1\nb = 2\n")).toEqual(["a = \\\n  1\n"]);
    expect(covered("python", "# one\na = [\n1\nb = 2 # two")).toEqual(["a = [\n", "b = 2 # two"]);
    expect(covered("python", "# one\nif x:\n  a = 1\n")).toEqual(["if x:\n"]);
  });

  it("are covered in units with their comment lines", () => {
    const start = "ExecStart=a \\\n# two\n  b\n";
    expect(covered("unit", `# one\n${start}Nice=1\n`)).toEqual([start, "  b\n"]);
    expect(covered("unit", "# one\nExecStart=a \\\\\nNice=1\n")).toEqual(["ExecStart=a \\\\\n"]);
    expect(covered("sysctl", "# one\na = b \\\nc = d\n")).toEqual(["a = b \\\n"]);
  });

  it("need a statement directly below", () => {
    expect(covered("unit", "# one")).toEqual(["nothing stands below it"]);
    expect(covered("unit", "# one\n# two\n")).toEqual(Array(2).fill("nothing stands below it"));
    expect(covered("unit", "# one\n  \nNice=1")).toEqual(["the line below it is empty"]);
  });
});

describe("readIgnoreComment", () => {
  const read = (text: string) => {
    const comment = readIgnoreComment(new SourceFile("x", text), { start: 0, end: text.length });
    return comment && [comment.word, comment.names.map((name) => name.text), comment.reason];
  };

  it.each([
    ["# hostlint-ignore a/b -- c", ["hostlint-ignore", ["a/b"], "c"]],
    [";;hostlint-ignore a/b,c/*, d/e  --  f -- g ", ["hostlint-ignore", ["a/b", "c/*", "d/e"], "f -- g"]],
    ["#\thostlint-ignore-file\ta/b\t--\tc", ["hostlint-ignore-file", ["a/b"], "c"]],
    ["# hostlint-ignore a/b --", ["hostlint-ignore", ["a/b"], undefined]],
    ["# hostlint-ignore a/b --c", ["hostlint-ignore", ["a/b"], undefined]],
    ["# hostlint-ignore a/b, c/d because of x/y", ["hostlint-ignore", ["a/b", "c/d"], undefined]],
    ["# hostlint-ignore b - c", ["hostlint-ignore", ["b"], undefined]],
    ["# hostlint-ignore -- c", ["hostlint-ignore", [], "c"]],
    ["# hostlint-ignore: a/b -- c", ["hostlint-ignore:", ["a/b"], "c"]],
    ["# hostlint-ignored a/b -- c", ["hostlint-ignored", ["a/b"], "c"]],
    ["# no hostlint-ignore a/b -- c", undefined],
    ["# hostlint", undefined],
  ])("%s", (text, expected) => {
    expect(read(text)).toEqual(expected);
  });
});

describe("namedRules", () => {
  const ids = ["queue/short", "queue/long", "ignore/unused", "nginx/syntax"];
  it.each([
    ["queue/short", { ids: ["queue/short"] }],
    ["queue/*", { ids: ["queue/short", "queue/long"] }],
    ["short", { fault: "unknown rule short, did you mean queue/short?" }],
    ["queue/shrt", { fault: "unknown rule queue/shrt, did you mean queue/short?" }],
    ["quue/*", { fault: "unknown layer quue/*, did you mean queue/*?" }],
    ["*/*", { fault: "*/* would ignore everything: name the rules, or a layer such as queue/*" }],
    ["ignore/*", { fault: "ignore/* cannot be ignored by a comment: turn the rule off instead" }],
  ])("%s", (name, expected) => {
    expect(namedRules(name, ids)).toEqual(expected);
  });
});

describe("any text", () => {
  const text = fc
    .array(
      fc.constantFrom(
        "# hostlint-ignore a/b -- c",
        "#",
        ";",
        "\n",
        "\r\n",
        "\\",
        '"',
        "'",
        '"""',
        "[",
        "}",
        "{",
        " ",
        "a",
        "=",
        "\0",
        "\uFEFF",
        "hostlint-ignore",
        "{{ x }}",
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(""));

  it.each(styles)("gives comments and statements in order and inside of it (%s)", (style) => {
    fc.assert(
      fc.property(text, (content) => {
        const file = new SourceFile("x", content);
        const read = commentedText(file, style);
        for (const list of [read.comments, read.statements]) {
          let last = 0;
          for (const { start, end } of list) {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeGreaterThanOrEqual(start);
            last = start;
          }
          expect(list.at(-1)?.end ?? 0).toBeLessThanOrEqual(content.length);
        }
        const coverages = new Coverages(file, read);
        for (const comment of read.comments) {
          const coverage = coverages.ofComment(comment);
          if (!("nothing" in coverage)) expect(coverage.end).toBeGreaterThan(coverage.start);
          readIgnoreComment(file, comment);
        }
      }),
    );
  });
});
