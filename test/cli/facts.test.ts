import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { declaredFacts, factFault } from "../../src/cli/facts.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { type Facts, facts, Version } from "../../src/model/facts.ts";
import { originText } from "../../src/model/origin-text.ts";
import { type FactName, factNames } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";

function propertyOf(name: FactName): keyof Facts {
  if (name === "request-seconds") return "requestSeconds";
  return name === "worker-memory" ? "workerMemory" : name;
}

describe("declaredFacts", () => {
  it("leaves everything unknown that is not declared", () => {
    expect(declaredFacts({})).toEqual(facts());
  });

  it.each<[FactName, string, unknown]>([
    ["cpus", "4", 4],
    ["memory", "8G", 8 * 1024 ** 3],
    ["memory", "8GiB", 8 * 1024 ** 3],
    ["memory", "8gb", 8 * 1024 ** 3],
    ["memory", "0.5T", 512 * 1024 ** 3],
    ["memory", "1048576", 1048576],
    ["kernel", "5.15.0-91-generic", new Version("5.15.0-91-generic")],
    ["kernel", "5.10", new Version("5.10")],
    ["distribution", "debian-12", { name: "debian", release: "12" }],
    ["distribution", "Ubuntu 22.04", { name: "ubuntu", release: "22.04" }],
    ["distribution", "fedora:41", { name: "fedora", release: "41" }],
    ["nginx", "1.24", new Version("1.24")],
    ["gunicorn", "23.0.0", new Version("23.0.0")],
    ["systemd", "252.39-1~deb12u1", new Version("252.39-1~deb12u1")],
    ["concurrent", "2000", 2000],
    ["headroom", "3", 3],
    ["headroom", "2.5", 2.5],
    ["request-seconds", "0.2", 0.2],
    ["worker-memory", "300M", 300 * 1024 ** 2],
  ])("--%s %s", (name, text, value) => {
    const declared = declaredFacts({ [name]: text })[propertyOf(name)];
    expect(declared).toMatchObject({ known: true, value });
    expect(originText(declared)).toBe(`declared by --${name} ${text}`);
  });

  it("lets flags win over the file, and a host over all hosts, and says what lost", () => {
    const file = new SourceFile("hostlint.yaml", "facts:\n  cpus: 8\n");
    const at = span(file, 9, 16);
    const layers = [
      {
        cpus: { text: "8", how: "cpus: 8 in hostlint.yaml", at },
        kernel: { text: "6.1", how: "kernel: 6.1", at },
      },
      { kernel: { text: "5.4", how: "kernel: 5.4", at } },
    ];
    const { cpus, kernel } = declaredFacts({ cpus: "4" }, ...layers);
    expect(valueText(cpus)).toBe("4");
    expect(cpus.origin).toEqual({ kind: "fact", how: "--cpus 4, over cpus: 8 in hostlint.yaml" });
    expect(valueText(kernel)).toBe("5.4");
    expect(kernel.origin).toEqual({ kind: "fact", how: "kernel: 5.4, over kernel: 6.1", at });
  });

  it("names what is nearest to a fact that does not exist", () => {
    expect(() => declaredFacts({ cpu: "4" })).toThrow(new UsageError("unknown fact cpu, did you mean cpus?"));
  });
});

describe("factFault", () => {
  it.each<[FactName, string]>([
    ["cpus", "0"],
    ["cpus", "-4"],
    ["cpus", "four"],
    ["cpus", "1e9"],
    ["cpus", "99999999999"],
    ["memory", "0"],
    ["memory", "8X"],
    ["memory", "G"],
    ["kernel", "linux"],
    ["kernel", ""],
    ["distribution", "debian"],
    ["distribution", "12"],
    ["headroom", "0.9"],
    ["request-seconds", "0"],
    ["request-seconds", "0.0"],
    ["request-seconds", "1s"],
    ["worker-memory", "0"],
    ["worker-memory", "300 M"],
    ["concurrent", "2k"],
    ["nginx", "stable"],
  ])("refuses --%s %j", (name, text) => {
    expect(factFault(name, text)).toMatch(/^expected .*, such as .*, not "/);
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.constantFrom(...factNames), fc.string(), (name, text) => {
        if (factFault(name, text) === undefined) {
          const declared = declaredFacts({ [name]: text });
          expect(Object.values(declared).filter((value) => value.origin.kind === "fact")).toHaveLength(1);
        } else expect(() => declaredFacts({ [name]: text })).toThrow(UsageError);
      }),
    );
  });
});
