import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { readConfiguration } from "../../src/cli/configuration-file.ts";
import { loadConfiguration } from "../../src/cli/configuration-loading.ts";
import { declaredFacts } from "../../src/cli/facts.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { valueText } from "../../src/model/value-text.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { spanText } from "../../src/text/span.ts";

const ruleIds = ["queue/somaxconn-below-backlog", "slots/worker-connections-default"];
const read = (text: string) =>
  readConfiguration(new SourceFile("hostlint.yaml", text), resolve("/srv"), ruleIds);

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
ignore:
  - old/
  - "**/*.bak"
`;

describe("readConfiguration", () => {
  it("reads every part, with places", () => {
    const configuration = read(whole);
    expect(configuration.path).toBe("hostlint.yaml");
    expect(configuration.directory).toBe(resolve("/srv"));
    expect(configuration.ignore).toEqual(["old/", "**/*.bak"]);
    expect([...configuration.severities]).toEqual([
      ["queue/somaxconn-below-backlog", "off"],
      ["slots/worker-connections-default", "error"],
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

  it.each(["", "# nothing\n", "facts:\n", "\ufeffignore: []\r\n", "---\nhosts:\nrules:\n..."])(
    "takes %j",
    (text) => {
      expect(read(text)).toMatchObject({ facts: {}, hosts: [], ignore: [], severities: new Map() });
    },
  );

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
    (await loadConfiguration({ paths: [path], config }, root, ruleIds))?.facts.cpus?.text;

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
      ruleIds,
    );
    expect(configuration?.path).toBe("outer/hostlint.yaml");
    expect(configuration?.directory).toBe(join(root, "outer"));
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
