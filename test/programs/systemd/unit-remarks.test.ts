import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { facts, Version } from "../../../src/model/facts.ts";
import { fact } from "../../../src/model/value.ts";
import { commentAfterValue } from "../../../src/programs/systemd/comment-after-value.ts";
import { loadUnits } from "../../../src/programs/systemd/load-units.ts";
import { nrOpenAtBoot } from "../../../src/programs/systemd/nr-open-at-boot.ts";
import { spanText } from "../../../src/text/span.ts";

function load(files: Readonly<Record<string, string>>, version?: string) {
  const known = facts(
    version === undefined ? {} : { systemd: fact("systemd version", new Version(version), "--systemd") },
  );
  const tree = memoryTree(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path.startsWith("/") ? path : `/etc/systemd/system/${path}`,
        text,
      ]),
    ),
  );
  return loadUnits(tree, known, { nrOpen: nrOpenAtBoot(known) });
}

const unit = (body: string): string => `[Service]\nExecStart=/bin/true\n${body}`;
const unknown = (body: string, version?: string) =>
  load({ "a.service": unit(body) }, version).units.unknownKeys;

describe("keys that systemd does not know", () => {
  test.each(["252", "257", "262"])("none of those that %s prints", (version) => {
    const items = readFileSync(`fixtures/programs/systemd/configuration-items-${version}.txt`, "utf8");
    const [, service = ""] = /\[Service\]\n(.*?)\n+\[Socket\]/s.exec(items) ?? [];
    const keys = service.split("\n").map((line) => line.replace(/=.*/, "="));
    expect(keys.length).toBeGreaterThan(200);
    const { units } = load({ "a.service": `[Service]\n${keys.join("\n")}` }, version);
    expect(units.unknownKeys.map(({ key }) => key)).toEqual([]);
  });

  test.each([
    ["LimitNOFILESoft=1", undefined, []],
    ["limitnofile=1", "LimitNOFILE", []],
    ["WantedBy=multi-user.target", undefined, ["Install"]],
    ["--schedule=/run/x", undefined, []],
  ])("%s", (line, near, sections) => {
    const [found, ...others] = unknown(`${line}\n`);
    expect(others).toEqual([]);
    expect([found?.near, found?.sections]).toEqual([near, sections]);
  });

  test("an option of a command that a template interrupts is none", () => {
    expect(unknown("ExecStop=/bin/x \\\n<%- if @a %>\n  --a=1 \\\n<%- end %>\n  --b=<%= @b %>\n")).toEqual(
      [],
    );
  });

  test("X- keys, other sections and lines of a template's condition are left alone", () => {
    expect(unknown("X-Role=web\n{% if x %}\nFoo=1\n{% endif %}\n[X-Notes]\nFoo=1\n")).toEqual([]);
  });

  test.each([
    ["RestartSteps=5", undefined, 0],
    ["RestartSteps=5", "252", 1],
    ["RestartSteps=5", "254", 0],
    ["MemoryTHP=no", "257", 1],
    ["MemoryTHP=no", "259", 0],
  ])("%s on systemd %s: %i", (line, version, count) => {
    expect(unknown(`${line}\n`, version)).toHaveLength(count);
  });
});

describe("comments after values", () => {
  const comments = (body: string) =>
    load({ "a.service": unit(body) }).units.trailingComments.map(({ key, at, kind }) => [
      key,
      spanText(at),
      kind,
    ]);

  test("by what the setting makes of them", () => {
    expect(comments("TasksMax=100 # c\nAfter=x.service ; y\nExecStop=/bin/kill 1 # now\n")).toEqual([
      ["TasksMax", "# c", "value"],
      ["After", "; y", "words"],
      ["ExecStop", "# now", "arguments"],
    ]);
  });

  test("the rejected value is not told a second time", () => {
    expect(load({ "a.service": unit("TasksMax=100 # c\nUser=app # c\n") }).problems).toEqual([]);
  });

  test("a hash in quotes, in a word and a command that ends in one are none", () => {
    expect(
      comments(
        "Environment=\"A=b # c\" D=#fff\nExecStop=/bin/sh -c 'a # b' #1\nUser=a#b\nDescription=x # y\n",
      ),
    ).toEqual([]);
  });

  test("always points into the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("#", ";", " ", "\t", "a", '"', "'") }), (text) => {
        const start = commentAfterValue(text);
        expect(start === undefined || /^[#;]/.test(text.slice(start))).toBe(true);
      }),
    );
  });
});

describe("empty limits", () => {
  test.each([
    [
      "LimitNOFILE=5000\nLimitNOFILE=\n",
      ["an empty LimitNOFILE= does not reset the limit: 5000 stays in force"],
    ],
    ["LimitNPROC=\n", ["an empty LimitNPROC= does not reset the limit: the default stays in force"]],
    ["LimitNOFILE=\nLimitNOFILE=5000\n", []],
  ])("%j", (body, messages) => {
    expect(load({ "a.service": unit(body) }).problems.map(({ message }) => message)).toEqual(messages);
  });
});

describe("drop-ins of which nothing is left", () => {
  const idle = (files: Readonly<Record<string, string>>) =>
    load({ "a.service": unit(""), ...files }).units.idleDropIns.map(({ path }) => path);

  test("all settings are set again by later names, in whatever directory", () => {
    expect(
      idle({
        "a.service.d/10-x.conf": "[Service]\nTasksMax=1\nUser=x\n",
        "a.service.d/20-y.conf": "[Service]\nTasksMax=2\n",
        "service.d/30-z.conf": "[Service]\nUser=z\n",
      }),
    ).toEqual(["/etc/systemd/system/a.service.d/10-x.conf"]);
  });

  test("not those of packages, lists, or with a line that a template decides", () => {
    expect(
      idle({
        "/usr/lib/systemd/system/a.service.d/10-x.conf": "[Service]\nTasksMax=1\n",
        "a.service.d/11-x.conf": "[Service]\nTasksMax=1\nEnvironment=A=1\n",
        "a.service.d/12-x.conf": "[Service]\nTasksMax={{ tasks }}\n",
        "a.service.d/20-y.conf": "[Service]\nTasksMax=2\n",
      }),
    ).toEqual([]);
  });
});
