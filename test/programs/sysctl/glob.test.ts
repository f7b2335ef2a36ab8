import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fnmatcher, globMatcher } from "../../../src/programs/sysctl/glob.ts";

describe("a pattern", () => {
  it.each([
    ["net/ipv4/conf/*/rp_filter", "net/ipv4/conf/eth0.100/rp_filter", true],
    ["net/ipv4/conf/*/rp_filter", "net/ipv4/conf/a/b/rp_filter", false],
    ["net/core/somax*", "net/core/somaxconn", true],
    ["net/core/somax*", "net/core/so/maxconn", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["eth[0-2]", "eth1", true],
    ["eth[!0-2]", "eth1", false],
    ["eth[^0-2]", "eth3", true],
    ["[]a]", "]", true],
    ["[a", "[a", true],
    ["[z-a]", "b", false],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["**a**", "bab", true],
    ["", "", true],
  ])("%s on %s: %s", (pattern, path, wanted) => {
    expect(globMatcher(pattern)(path)).toBe(wanted);
  });

  it("of fnmatch crosses slashes", () => {
    expect(fnmatcher("net/*/rp_filter")("net/ipv4/conf/eth0/rp_filter")).toBe(true);
    expect(globMatcher("net/*/rp_filter")("net/ipv4/conf/eth0/rp_filter")).toBe(false);
  });

  it("without special characters matches itself only", () => {
    const plain = fc.stringMatching(/^[a-z/.]{0,12}$/);
    fc.assert(
      fc.property(plain, plain, (pattern, text) => {
        expect(globMatcher(pattern)(text)).toBe(pattern === text);
      }),
    );
  });

  it("of stars matches what a regular expression does", () => {
    const parts = fc.array(fc.constantFrom("a", "b", "*", "?"), { maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.stringMatching(/^[ab]{0,10}$/), (pattern, text) => {
        const expression = new RegExp(`^${pattern.join("").replace(/\*+/g, ".*").replace(/\?/g, ".")}$`);
        expect(globMatcher(pattern.join(""))(text)).toBe(expression.test(text));
      }),
    );
  });
});
