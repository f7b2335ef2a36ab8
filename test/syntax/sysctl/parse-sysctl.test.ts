import fc from "fast-check";
import ini from "ini";
import { describe, expect, it } from "vitest";
import { parseSysctl } from "../../../src/syntax/sysctl/parse-sysctl.ts";
import type { SysctlLine, SysctlSetting } from "../../../src/syntax/sysctl/tree.ts";
import { SourceFile } from "../../../src/text/source-file.ts";

function parse(text: string) {
  return parseSysctl(new SourceFile("etc/sysctl.conf", text));
}

function settings(lines: readonly SysctlLine[]): SysctlSetting[] {
  return lines.filter((line) => line.kind === "setting");
}

function pairs(text: string, view: "procps" | "systemd" = "procps"): [string, string | undefined][] {
  return settings(parse(text)[view]).map(({ key, value }) => [
    text.slice(key.start, key.end),
    value && text.slice(value.start, value.end),
  ]);
}

function messages(text: string): string[] {
  return parse(text).problems.map(({ message, at }) => `${at.start}-${at.end} ${message}`);
}

describe("lines of sysctl.conf", () => {
  it("are key and value without the blanks around them", () => {
    expect(pairs("  net.core.somaxconn\t=  1 2 3 \n\nvm.swappiness=\r\na = b = c")).toEqual([
      ["net.core.somaxconn", "1 2 3"],
      ["vm.swappiness", ""],
      ["a", "b = c"],
    ]);
  });

  it("know the minus, with a value and without", () => {
    const [ignored, exclusion, blank] = settings(parse("-a.b = 1\n-c.d\n- e.f = 2\n").systemd);
    expect(ignored).toMatchObject({ minus: true, blankAfterMinus: false, line: 1 });
    expect(exclusion).toMatchObject({ minus: true, value: undefined, line: 2 });
    expect(blank).toMatchObject({ minus: true, blankAfterMinus: true, line: 3 });
  });

  it("keep comments with their marker", () => {
    const lines = parse("# one\n  ; two = 2\nkey = 1 # not a comment\n").procps;
    expect(lines.map((line) => (line.kind === "comment" ? line.marker : line.kind))).toEqual([
      "#",
      ";",
      "setting",
    ]);
    expect(pairs("key = 1 # not a comment\n")).toEqual([["key", "1 # not a comment"]]);
  });

  it("end at a lone CR and at NUL for systemd only", () => {
    expect(pairs("a = 1\rb = 2\n", "procps")).toEqual([["a", "1\rb = 2"]]);
    expect(pairs("a = 1\rb = 2\n", "systemd")).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
    expect(pairs("a = 1\0b = 2\n", "procps")).toEqual([["a", "1"]]);
    expect(pairs("a = 1\0b = 2\n", "systemd")).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
    expect(settings(parse("a = 1\r\nb = 2\r\n").systemd).map(({ line }) => line)).toEqual([1, 2]);
  });

  it("are one list where the programs agree", () => {
    const tree = parse("a = 1\r\nb = 2\n");
    expect(tree.procps).toBe(tree.systemd);
  });
});

describe("templates", () => {
  it("are values that are not known, and no faults", () => {
    const text = "{% if x == 1 %}\na.b = {{ v }}\nc.d = 1\n{% endif %}\ne.f = 2\n{{ k }} = 3\n";
    const tree = parse(text);
    expect(tree.problems).toEqual([]);
    expect(settings(tree.procps).map(({ template }) => template)).toEqual([
      "{{ v }}",
      "a template block",
      undefined,
      "{{ k }}",
    ]);
  });

  it.each(["<%= @value %>", "${VALUE}", "@VALUE@", "%%VALUE%%", "__VALUE__", "{{ value | int }}"])(
    "%s",
    (hole) => {
      expect(settings(parse(`a.b = ${hole}\n`).procps)[0]?.template).toBe(hole);
      expect(parse(`a.b = ${hole}\n`).problems).toEqual([]);
    },
  );
});

describe("problems", () => {
  it.each([
    ["net.core.somaxconn 1024\n", "0-23 `net.core.somaxconn 1024` has no `=`, so the line is skipped"],
    ["[sysctl]\n", "0-8 `[sysctl]` has no `=`, so the line is skipped"],
    ["= 5\n", "0-3 there is no key before the `=`"],
    [
      "\ufeffa.b = 1\n",
      "0-4 the byte order mark at the start of the file becomes part of the key, so this line sets nothing",
    ],
    ["net.core. x = 1\n", "0-11 the key `net.core. x` has a blank in it, so the line sets nothing"],
    [
      "/proc/sys/a/b = 1\n",
      "0-13 keys count from /proc/sys/, so `/proc/sys/a/b` names nothing and the line sets nothing",
    ],
    [
      "a.b. = 1\n",
      "0-4 the key `a.b.` ends with a separator: it is set at boot, but `sysctl` finds nothing under it",
    ],
    [
      "- a.b = 1\n",
      "1-5 `sysctl` takes the blank after `-` as part of the key and sets nothing; at boot `a.b` is set",
    ],
  ])("%j", (text, wanted) => {
    expect(messages(text)).toEqual([wanted]);
  });

  it("say what to write where an `=` is missing", () => {
    expect(parse("net.core.somaxconn: 1024\n").problems[0]?.help).toBe("write `net.core.somaxconn = 1024`");
  });

  it("are none in what both programs accept", () => {
    expect(
      messages(
        "# c\n; c\n\n-a.b = 1\n-c.d\nnet.ipv4.conf.*.rp_filter = 1\nnet/ipv4/conf/eth0.1/rp_filter=1\n\ta = b = c # d\n-\n",
      ),
    ).toEqual([]);
  });

  it("tell of NUL bytes and lone carriage returns once", () => {
    expect(messages("a = 1\0\nb = 2\0\n").length).toBe(1);
    expect(messages("a = 1\rb = 2\rc = 3\n").length).toBe(1);
  });
});

describe("any text", () => {
  const lines = fc.array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "a.b = 1",
        "-a.b",
        "# c",
        "=",
        "-",
        "\0",
        "\r",
        "{% if %}",
        "{{ x }} = 1",
        "\ufeff",
        "a b = c",
      ),
    ),
  );

  it("is read without a throw, in order, with places inside the file", () => {
    fc.assert(
      fc.property(lines, (parts) => {
        const text = parts.join("\n");
        const tree = parse(text);
        for (const view of [tree.procps, tree.systemd]) {
          let last = 0;
          for (const line of view) {
            const stretches =
              line.kind === "setting"
                ? [line.key, ...(line.value === undefined ? [] : [line.value])]
                : [line];
            for (const { start, end } of stretches) {
              expect(start).toBeGreaterThanOrEqual(last);
              expect(end).toBeGreaterThanOrEqual(start);
              expect(end).toBeLessThanOrEqual(text.length);
              last = start;
            }
          }
        }
        for (const { at } of tree.problems) expect(at.end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it("means what the npm package ini takes it for, where both know the form", () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    const entry = fc.tuple(
      fc.array(name, { minLength: 1, maxLength: 4 }),
      fc.nat(),
      fc.constantFrom("=", " = ", "\t= "),
    );
    const comment = fc.constantFrom("# comment", "; comment", "");
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, comment)), fc.constantFrom("\n", "\r\n"), (entries, feed) => {
        const text = entries
          .map(([[key, value, equals], note]) => `${note}${feed}${key.join("/")}${equals}${value}`)
          .join(feed);
        expect(Object.fromEntries(pairs(text))).toEqual({ ...ini.parse(text) });
      }),
    );
  });

  it("of any size is read", () => {
    const tree = parse("net.core.somaxconn = 1\n".repeat(60_000));
    expect(tree.procps.length).toBe(50_000);
    expect(tree.problems.map(({ message }) => message)).toEqual([
      "the file has more than 50,000 lines; this one and those below it were not read",
    ]);
    expect(parse(`a = ${"x".repeat(1024 * 1024)}\nb = 1\n`).problems.length).toBe(1);
    expect(parse("{{".repeat(1_000_000)).procps.length).toBe(1);
  });
});
