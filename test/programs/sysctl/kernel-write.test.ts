import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Version } from "../../../src/model/facts.ts";
import { kernelNumber } from "../../../src/programs/sysctl/kernel-number.ts";
import { kernelWrite } from "../../../src/programs/sysctl/kernel-write.ts";
import { slashed } from "../../../src/syntax/sysctl/key.ts";

type Recorded = Record<
  string,
  Record<string, Record<string, { readonly write: string; readonly value_after: string }>>
>;
type Defaults = Record<string, Record<string, { readonly init_net: string | null }>>;

const writes = JSON.parse(
  readFileSync("fixtures/programs/sysctl/kernel-write-ranges.json", "utf8"),
) as Recorded;
const defaults = JSON.parse(
  readFileSync("fixtures/programs/sysctl/kernel-defaults.json", "utf8"),
) as Defaults;

/** Depends on CONFIG_HZ, which no file tells; Debian's kernels (250) take it. */
const unsure = new Set([
  "net.ipv4.tcp_fin_timeout 3000000",
  "net.ipv4.tcp_fin_timeout 2147484",
  "net.ipv4.tcp_keepalive_time 2147484",
]);

describe("recorded writes to /proc/sys", () => {
  for (const [key, values] of Object.entries(writes))
    it(key, () => {
      for (const [text, byKernel] of Object.entries(values))
        for (const [release, { write, value_after: after }] of Object.entries(byKernel)) {
          const before = defaults[key]?.[release]?.init_net?.replace(/\s+/g, " ");
          const outcome = kernelWrite(slashed(key), text.trimEnd(), new Version(release), (asked) =>
            asked === slashed(key) ? before : undefined,
          );
          const place = `${key} '${text}' on ${release}`;
          if (unsure.has(`${key} ${text}`)) {
            expect(outcome.kind, place).toBe("unsure");
            continue;
          }
          // Linux 5.10 accepts -1 for fs.file-max and does nothing.
          const isNothing = key === "fs.file-max" && text === "-1";
          expect(outcome.kind, place).toBe(
            write === "ok" && !isNothing ? "written" : write === "ENOENT" ? "unsure" : "refused",
          );
          if (outcome.kind === "written") expect(outcome.shown, place).toBe(after);
          // Of several numbers those before the bad one are taken.
          if (outcome.kind === "refused" && before?.includes(" "))
            expect(outcome.shown ?? before, place).toBe(after);
        }
    });
});

describe("a number for the kernel", () => {
  it("is what JavaScript reads too, wherever both read it", () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom("", " ", "\t"), (value, blank) => {
        const number = kernelNumber(`${blank}${value} rest`, 0);
        expect(number).toMatchObject({ value: BigInt(value) });
      }),
    );
  });

  it("never throws and never reads backwards", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, at) => {
        const number = kernelNumber(text, at);
        if (typeof number === "object") expect(number.next).toBeGreaterThan(at);
      }),
    );
  });

  it.each([
    ["0x", "invalid"],
    ["08", "invalid"],
    ["0x1G", "invalid"],
    ["1k", "invalid"],
    ["+5", "invalid"],
    ["", "none"],
    ["  ", "none"],
    ["123456789012345678901", "invalid"],
  ])("%j is %s", (text, wanted) => {
    expect(kernelNumber(text, 0)).toBe(wanted);
  });
});
