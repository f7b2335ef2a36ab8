import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { RuleSettings } from "../../src/cli/configuration.ts";
import { readConfiguration } from "../../src/cli/configuration-file.ts";
import { loadConfiguration } from "../../src/cli/configuration-loading.ts";
import { declaredFacts } from "../../src/cli/facts.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import type { Rule } from "../../src/lint/rule.ts";
import { valueText } from "../../src/model/value-text.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { spanText } from "../../src/text/span.ts";

const knownRules = new Map<string, Pick<Rule, "options">>([
  ["queue/somaxconn-below-backlog", {}],
  ["slots/worker-connections-default", {}],
  [
    "some/options",
    {
      options: {
        "per-cpu": { kind: "number", default: 2, least: 0.5, unit: "workers", what: "w" },
        most: { kind: "integer", default: 4, least: 1, unit: "workers", what: "w" },
        strict: { kind: "boolean", default: false, what: "w" },
        known: { kind: "globs", default: [], unit: "paths", what: "w" },
        words: { kind: "texts", default: ["dev"], unit: "words", what: "w" },
      },
    },
  ],
]);
const read = (text: string) =>
  readConfiguration(new SourceFile("hostlint.yaml", text), resolve("/srv"), knownRules);

const whole = `# the shop
facts:
  cpus: 4
  kernel: 5.10        # not 5.1
  distribution: debian-12
hosts:
  - name: shop
    root: hosts/shop
    facts: { cpus: 8, memory: "16G" }
  - root: hosts/mail
  - name: edge
    files: [edge/nginx.conf, /etc/sysctl.conf]
rules:
  queue/somaxconn-below-backlog: off
  slots/worker-connections-default: error
overrides:
  - files: [hosts/shop/]
    rules:
      queue/somaxconn-below-backlog: info
ignore:
  - old/
  - "**/*.bak"
extends: [base.yaml, /etc/h.yaml]
`;

const severitiesOf = ({ severities }: { severities: RuleSettings }) =>
  [...severities].map(([id, { severity, at }]) => [id, severity, spanText(at)]);

describe("readConfiguration", () => {
  it("reads every part, with places", () => {
    const configuration = read(whole);
    expect(configuration.path).toBe("hostlint.yaml");
    expect(configuration.directory).toBe(resolve("/srv"));
    expect(configuration.ignore).toEqual({ directory: resolve("/srv"), globs: ["old/", "**/*.bak"] });
    expect(configuration.extends.map(({ path }) => path)).toEqual([resolve("/srv/base.yaml"), "/etc/h.yaml"]);
    expect(severitiesOf(configuration)).toEqual([
      ["queue/somaxconn-below-backlog", "off", "queue/somaxconn-below-backlog: off"],
      ["slots/worker-connections-default", "error", "slots/worker-connections-default: error"],
    ]);
    expect(configuration.overrides.map(({ files }) => files)).toEqual([
      { directory: resolve("/srv"), globs: ["hosts/shop/"] },
    ]);
    expect(configuration.overrides.flatMap(severitiesOf)).toEqual([
      ["queue/somaxconn-below-backlog", "info", "queue/somaxconn-below-backlog: info"],
    ]);
    expect(configuration.hosts.map(({ name, kind, paths }) => ({ name, kind, paths }))).toEqual([
      { name: "shop", kind: "root", paths: [resolve("/srv/hosts/shop")] },
      { name: "hosts/mail", kind: "root", paths: [resolve("/srv/hosts/mail")] },
      { name: "edge", kind: "files", paths: [resolve("/srv/edge/nginx.conf"), resolve("/etc/sysctl.conf")] },
    ]);
    expect(configuration.hosts.map(({ at }) => spanText(at))).toEqual([
      "name: shop",
      "root: hosts/mail",
      "name: edge",
    ]);
  });

  it("keeps a version as it is written, and its place", () => {
    const { kernel } = declaredFacts({}, read(whole).facts);
    expect(valueText(kernel)).toBe("5.10");
    expect(kernel.origin).toMatchObject({ kind: "fact", how: "kernel: 5.10 in hostlint.yaml" });
    expect(kernel.origin.at && spanText(kernel.origin.at)).toBe("kernel: 5.10");
  });

  it("lets the facts of a host win", () => {
    const configuration = read(whole);
    const { cpus, memory } = declaredFacts({}, configuration.facts, configuration.hosts[0]?.facts ?? {});
    expect(valueText(cpus)).toBe("8");
    expect(cpus.origin).toMatchObject({ how: "cpus: 8 in hostlint.yaml, over cpus: 4 in hostlint.yaml" });
    expect(valueText(memory)).toBe("16 GiB");
  });

  it.each([
    "",
    "# nothing\n",
    "facts:\n",
    "\ufeffignore: []\r\n",
    "extends:\noverrides:\n",
    "---\nhosts:\nrules:\n...",
  ])("takes %j", (text) => {
    expect(read(text)).toMatchObject({
      facts: {},
      hosts: [],
      overrides: [],
      extends: [],
      ignore: { globs: [] },
      severities: new Map(),
    });
  });

  const optionsIn = (text: string) =>
    [...read(text).options].flatMap(([id, set]) =>
      [...set].map(([name, { value, at }]) => [id, name, value, spanText(at)]),
    );

  it("reads options beside a severity, or without one", () => {
    const text = `rules:
  some/options:
    severity: info
    per-cpu: 1.50
    most: 12
    strict: true
    known: [/srv/**, "lua_*"]
    words:
      - dev
      - 5
  queue/somaxconn-below-backlog: { severity: off }
`;
    expect(severitiesOf(read(text))).toEqual([
      ["some/options", "info", "severity: info"],
      ["queue/somaxconn-below-backlog", "off", "severity: off"],
    ]);
    expect(optionsIn(text)).toEqual([
      ["some/options", "per-cpu", 1.5, "per-cpu: 1.50"],
      ["some/options", "most", 12, "most: 12"],
      ["some/options", "strict", true, "strict: true"],
      ["some/options", "known", ["/srv/**", "lua_*"], 'known: [/srv/**, "lua_*"]'],
      ["some/options", "words", ["dev", "5"], "words:\n      - dev\n      - 5"],
    ]);
    expect(severitiesOf(read("rules: { some/options: { strict: false } }"))).toEqual([]);
    expect(optionsIn("rules: { some/options: { strict: false, known: [] } }")).toEqual([
      ["some/options", "strict", false, "strict: false"],
      ["some/options", "known", [], "known: []"],
    ]);
    expect(optionsIn("rules:\n  some/options: {}\n")).toEqual([]);
  });

  it.each([
    ["per-cpus: 2", "3:5: unknown option per-cpus, did you mean per-cpu?"],
    ["severty: off", "3:5: unknown option severty, did you mean severity?"],
    ["nonsense: 2", "3:5: unknown option nonsense: this rule has per-cpu, most, strict, known, words"],
    ["constructor: 2", "3:5: unknown option constructor: this rule has per-cpu, most, strict, known, words"],
    ["severity: warn", '3:15: expected error, warning, info, off, not "warn"'],
    ["severity: [off]", "3:15: expected a severity, not a list"],
    ["per-cpu: two", '3:14: expected a number from 0.5, such as 2, not "two"'],
    ["per-cpu: 0.4", '3:14: expected a number from 0.5, such as 2, not "0.4"'],
    ["per-cpu: -1", '3:14: expected a number from 0.5, such as 2, not "-1"'],
    ["per-cpu: 1e3", '3:14: expected a number from 0.5, such as 2, not "1e3"'],
    ["per-cpu: 12345678901", '3:14: expected a number from 0.5, such as 2, not "12345678901"'],
    ["per-cpu:", "3:13: expected a number from 0.5, such as 2, not nothing"],
    ["per-cpu: [2]", "3:14: expected a number from 0.5, such as 2, not a list"],
    ["most: 1.5", '3:11: expected a whole number from 1, such as 4, not "1.5"'],
    ["most: 0", '3:11: expected a whole number from 1, such as 4, not "0"'],
    ["strict: yes", '3:13: expected true or false, such as true, not "yes"'],
    ["known: /srv", '3:12: expected a list of paths, not "/srv"'],
    ["known: { a: b }", "3:12: expected a list of paths, not a mapping"],
    ["known: [a, [b]]", "3:16: expected a text, not a list"],
    ["words: [a, '']", "3:16: expected a text, not nothing"],
    ["strict: true\n    strict: false", "4:5: Map keys must be unique"],
    [
      "per-cpu: 0\n    most: no",
      [
        '3:14: expected a number from 0.5, such as 2, not "0"',
        'hostlint.yaml:4:11: expected a whole number from 1, such as 4, not "no"',
      ].join("\n"),
    ],
  ])("refuses an option with its line: %j", (option, message) => {
    const text = `rules:\n  some/options:\n    ${option}\n`;
    expect(() => read(text)).toThrow(new UsageError(`hostlint.yaml:${message}`));
  });

  it.each([
    ["fact:\n  cpus: 4\n", "hostlint.yaml:1:1: unknown key fact, did you mean facts?"],
    ["fact:\n", "hostlint.yaml:1:1: unknown key fact, did you mean facts?"],
    ["facts:\n  cpu: 4\n", "hostlint.yaml:2:3: unknown key cpu, did you mean cpus?"],
    ["hosts:\n  - root: a\n    file: b\n", "hostlint.yaml:3:5: unknown key file, did you mean files?"],
    ["facts:\n  cpus: many\n", 'hostlint.yaml:2:9: expected a whole number from 1, such as 4, not "many"'],
    ["facts:\n  cpus:\n", 'hostlint.yaml:2:8: expected a whole number from 1, such as 4, not ""'],
    ["facts:\n  cpus: [4]\n", "hostlint.yaml:2:9: expected a value, not a list"],
    ["facts: [cpus]\n", "hostlint.yaml:1:8: expected facts, not a list"],
    ["rules: [a]\n", "hostlint.yaml:1:8: expected rules with their severities, not a list"],
    ["facts: 4\n", 'hostlint.yaml:1:8: expected facts, not "4"'],
    ["- facts\n", "hostlint.yaml:1:1: expected facts, hosts, rules and ignore, not a list"],
    ["facts\n", 'hostlint.yaml:1:1: expected facts, hosts, rules and ignore, not "facts"'],
    ["hosts:\n  shop: {}\n", "hostlint.yaml:2:3: expected a list of hosts, not a mapping"],
    ["hosts:\n  - shop\n", 'hostlint.yaml:2:5: expected a host, not "shop"'],
    ["hosts:\n  - name: shop\n", "hostlint.yaml:2:5: a host needs either root or files"],
    ["hosts:\n  - { root: a, files: [b] }\n", "hostlint.yaml:2:5: a host needs either root or files"],
    ["hosts:\n  - files: [b]\n", "hostlint.yaml:2:5: a host of files needs a name"],
    ["hosts:\n  - name: a\n    files: []\n", "hostlint.yaml:3:12: names no file"],
    ["extends: {a: b}\n", "hostlint.yaml:1:10: expected a path or a list of paths, not a mapping"],
    ["overrides:\n  - rules: {}\n", "hostlint.yaml:2:5: files is missing"],
    ["overrides:\n  - files: [a]\n", "hostlint.yaml:2:5: rules is missing"],
    ["overrides:\n  - files: []\n    rules: {}\n", "hostlint.yaml:2:12: names no file"],
    [
      "overrides:\n  - file: [a]\n    files: [a]\n    rules: {}\n",
      "hostlint.yaml:2:5: unknown key file, did you mean files?",
    ],
    [
      "overrides:\n  - files: [a]\n    rules:\n      somaxconn-below-backlog: off\n",
      "hostlint.yaml:4:7: unknown rule somaxconn-below-backlog, did you mean queue/somaxconn-below-backlog?",
    ],
    ["overide: []\n", "hostlint.yaml:1:1: unknown key overide, did you mean overrides?"],
    ["ignore: old\n", 'hostlint.yaml:1:9: expected a list of paths, not "old"'],
    ["ignore:\n  - a\n  -\n", "hostlint.yaml:3:4: expected a text, not nothing"],
    [
      "rules:\n  queue/somaxconn-below-backlog: warn\n",
      'hostlint.yaml:2:34: expected error, warning, info, off, not "warn"',
    ],
    [
      "rules:\n  somaxconn-below-backlog: off\n",
      "hostlint.yaml:2:3: unknown rule somaxconn-below-backlog, did you mean queue/somaxconn-below-backlog?",
    ],
    [
      "rules:\n  queue/somaxconn-below-backlog: { most: 5 }\n",
      "hostlint.yaml:2:36: unknown option most: this rule has none",
    ],
    [
      "rules:\n  queue/somaxconn-below-backlog: [off]\n",
      "hostlint.yaml:2:34: expected a severity, not a list",
    ],
    [
      "overrides:\n  - files: [a]\n    rules:\n      some/options: { strict: true }\n",
      "hostlint.yaml:4:21: expected a severity, not a mapping: options count for all files and stand in rules at the top",
    ],
    [
      "facts: { cpu: 4 }\nrules: { some/options: { most: x }, some/thing: off }\noverrides: [{ files: [], rules: { other: off } }]\n",
      [
        "hostlint.yaml:1:10: unknown key cpu, did you mean cpus?",
        'hostlint.yaml:2:32: expected a whole number from 1, such as 4, not "x"',
        "hostlint.yaml:2:37: unknown rule some/thing",
        "hostlint.yaml:3:22: names no file",
        "hostlint.yaml:3:35: unknown rule other",
      ].join("\n"),
    ],
    ["facts:\n  cpus: 4\n  cpus: 5\n", "hostlint.yaml:3:3: Map keys must be unique"],
    [
      "a: [",
      "hostlint.yaml:1:5: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["a: *b\n", "hostlint.yaml:1:4: no anchor &b before this"],
    [
      "facts:\n  cpu: 4\n  kernel: x\nextra: 1\n",
      [
        "hostlint.yaml:2:3: unknown key cpu, did you mean cpus?",
        'hostlint.yaml:3:11: expected a kernel release, such as 5.15, not "x"',
        "hostlint.yaml:4:1: unknown key extra",
      ].join("\n"),
    ],
    [`x: &a b\nignore: ${"\n- *a".repeat(200)}\n`, "hostlint.yaml:103:3: more than 100 aliases"],
    ["? ".repeat(200), "hostlint.yaml:1:3: expected a name before the colon"],
    ['"\\e[31mx": 1\n', "hostlint.yaml:1:1: unknown key \\x1b[31mx"],
    [`ignore: ${"[".repeat(50_000)}\n`, "hostlint.yaml:1:109: nested too deep"],
    [`ignore: ${"- ".repeat(10_000)}\n`, "hostlint.yaml:1:1: line too long"],
    ["#\n".repeat(100_000), "hostlint.yaml: larger than 100000 characters"],
  ])("%#: refuses with the line", (text, message) => {
    expect(() => read(text)).toThrow(new UsageError(message));
  });

  it("reads or refuses any text", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "facts:",
        "\n",
        "\n  ",
        "cpus: 4",
        "hosts:",
        "- ",
        "root: a",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a",
        "? ",
        "! ",
        "|",
        "<<: ",
        "rules:\n  some/options:",
        "\n    per-cpu: ",
        "\n    known: [",
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          read(pieces.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("loadConfiguration", () => {
  const root = mkdtempSync(join(tmpdir(), "hostlint-configuration-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("outer/hostlint.yaml", "facts: { cpus: 1 }");
  write("outer/repository/.git/HEAD", "ref: refs/heads/main");
  write("outer/repository/deploy/nginx.conf", "");
  write("outer/repository/with/hostlint.yaml", "facts: { cpus: 2 }");
  write("outer/repository/with/deploy/nginx.conf", "");
  write("outer/plain/deploy/nginx.conf", "");
  write("outer/folder/hostlint.yaml/nginx.conf", "");

  const cpus = async (path: string, config: "search" | "none" | { file: string } = "search") =>
    (await loadConfiguration({ paths: [path], config }, root, knownRules))?.facts.cpus?.text;

  it.each([
    ["outer/repository/with/deploy/nginx.conf", "2"],
    ["outer/repository/with/deploy", "2"],
    ["outer/repository/with", "2"],
    ["outer/repository/with/missing/file", "2"],
    ["outer/repository/deploy", undefined],
    ["outer/repository", undefined],
    ["outer/plain/deploy/nginx.conf", "1"],
    ["outer/folder", "1"],
    [".", undefined],
    ["-", undefined],
  ])("finds the one that counts for %s", async (path, expected) => {
    expect(await cpus(path)).toBe(expected);
  });

  it("reads the one that is named, or none", async () => {
    expect(await cpus("outer/repository", { file: "outer/hostlint.yaml" })).toBe("1");
    expect(await cpus("outer/plain", "none")).toBeUndefined();
  });

  it("shows the path from the working directory", async () => {
    const configuration = await loadConfiguration(
      { paths: ["outer/plain"], config: "search" },
      root,
      knownRules,
    );
    expect(configuration?.path).toBe("outer/hostlint.yaml");
    expect(configuration?.directory).toBe(join(root, "outer"));
  });

  describe("extends", () => {
    write(
      "team/strict.yaml",
      "facts: { cpus: 2, memory: 1G }\nrules: { queue/somaxconn-below-backlog: error }\n",
    );
    write(
      "team/deep/base.yaml",
      `extends: ../strict.yaml
facts: { cpus: 4 }
hosts: [{ root: a }]
rules: { slots/worker-connections-default: info }
overrides:
  - files: [old/]
    rules: { slots/worker-connections-default: off, queue/somaxconn-below-backlog: off }
ignore: [x/]
`,
    );
    write(
      "team/shop/hostlint.yaml",
      "extends: [../deep/base.yaml]\nfacts: { cpus: 8 }\nrules: { slots/worker-connections-default: warning }\nignore: [y/]\n",
    );
    const load = (path: string) =>
      loadConfiguration({ paths: ["."], config: { file: path } }, root, knownRules);

    it("lets the nearer file win, and says where everything comes from", async () => {
      const shop = await load("team/shop/hostlint.yaml");
      expect(shop?.extended).toEqual(["team/strict.yaml", "team/deep/base.yaml"]);
      expect(shop?.facts.cpus?.how).toBe(
        "cpus: 8 in team/shop/hostlint.yaml, over cpus: 4 in team/deep/base.yaml, over cpus: 2 in team/strict.yaml",
      );
      expect(shop?.facts.memory?.text).toBe("1G");
      expect(shop?.hosts).toEqual([]);
      expect(shop && severitiesOf(shop).map(([id, severity]) => [id, severity])).toEqual([
        ["queue/somaxconn-below-backlog", "error"],
        ["slots/worker-connections-default", "warning"],
      ]);
      expect(shop?.overrides.map(({ severities }) => [...severities.keys()])).toEqual([
        ["queue/somaxconn-below-backlog"],
      ]);
      expect(shop?.ignore).toEqual([
        { directory: join(root, "team"), globs: [] },
        { directory: join(root, "team/deep"), globs: ["x/"] },
        { directory: join(root, "team/shop"), globs: ["y/"] },
      ]);
    });

    write("options/strict.yaml", "rules: { some/options: { severity: error, per-cpu: 1, words: [a] } }\n");
    write("options/base.yaml", "extends: strict.yaml\nrules: { some/options: { per-cpu: 3, most: 7 } }\n");
    write(
      "options/hostlint.yaml",
      "extends: base.yaml\nrules: { some/options: { per-cpu: 4, known: [b] } }\n",
    );

    it("merges options by name, and keeps what they win over", async () => {
      const configuration = await load("options/hostlint.yaml");
      const set = configuration?.options.get("some/options");
      expect(set && [...set].map(([name, { value, at }]) => [name, value, at.file.path])).toEqual([
        ["per-cpu", 4, "options/hostlint.yaml"],
        ["words", ["a"], "options/strict.yaml"],
        ["most", 7, "options/base.yaml"],
        ["known", ["b"], "options/hostlint.yaml"],
      ]);
      expect(set?.get("per-cpu")).toMatchObject({ over: { value: 3, over: { value: 1 } } });
      expect(configuration && severitiesOf(configuration)).toEqual([
        ["some/options", "error", "severity: error"],
      ]);
    });

    write("circle/a.yaml", "extends:\n  - b.yaml\n");
    write("circle/b.yaml", "extends: c.yaml\n");
    write("circle/c.yaml", "facts: {}\nextends: ./a.yaml\n");
    write("circle/self.yaml", "extends: self.yaml\n");
    write("circle/lost.yaml", "extends:\n  - gone/base.yaml\n");
    write("circle/folder.yaml", "extends: ../circle\n");
    write("circle/faulty.yaml", "extends: wrong.yaml\n");
    write("circle/wrong.yaml", "facts:\n  cpu: 4\n");
    for (let index = 0; index < 7; index++)
      write(`circle/twice-${index}.yaml`, `extends: [twice-${index + 1}.yaml, twice-${index + 1}.yaml]\n`);
    write("circle/twice-7.yaml", "");

    it.each([
      ["a", "circle/c.yaml:2:10: a.yaml extends this file, directly or through others"],
      ["self", "circle/self.yaml:1:10: self.yaml extends this file, directly or through others"],
      ["lost", "circle/lost.yaml:2:5: circle/gone/base.yaml cannot be read: no such file"],
      ["folder", "circle/folder.yaml:1:10: circle cannot be read: it is a directory"],
      ["faulty", "circle/wrong.yaml:2:3: unknown key cpu, did you mean cpus?"],
      ["twice-0", "circle/twice-3.yaml:1:25: extends more than 50 files"],
    ])("refuses with the line: %s.yaml", async (name, message) => {
      await expect(load(`circle/${name}.yaml`)).rejects.toThrow(new UsageError(message));
    });
  });

  it("takes the text that an editor holds", async () => {
    const unsaved = { path: join(root, "outer/hostlint.yaml"), bytes: Buffer.from("facts: { cpus: 9 }") };
    const search = { paths: ["outer"], config: "search" } as const;
    expect((await loadConfiguration(search, root, knownRules, unsaved))?.facts.cpus?.text).toBe("9");
  });

  it("refuses a named one that cannot be read", async () => {
    await expect(cpus(".", { file: "missing.yaml" })).rejects.toThrow(
      new UsageError("missing.yaml: cannot be read: no such file"),
    );
    await expect(cpus(".", { file: "outer" })).rejects.toThrow(
      new UsageError("outer: cannot be read: it is a directory"),
    );
  });
});
