import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isListed } from "../../src/text/globs.ts";

describe("isListed", () => {
  it.each([
    [["lua_*"], "lua_package_path", true],
    [["lua_*"], "a_lua_x", false],
    [["/srv/tls/**"], "/srv/tls/a/b.conf", true],
    [["/srv/tls/*"], "/srv/tls/a/b.conf", false],
    [["net.core.*"], "net_core.somaxconn", false],
    [["a", "b?"], "bc", true],
    [["{a,b}.conf"], "b.conf", true],
    [["[ab"], "[ab", true],
    [["[é-{]"], "[é-{]", true],
    [["[z-a]*"], "[z-a]/", false],
    [["[z-a]*"], "[z-a].conf", true],
    [[], "", false],
  ])("%j: %s is %s", (globs, text, expected) => {
    expect(isListed(globs, text)).toBe(expected);
  });

  it("takes any glob, and one without a mark for itself", () => {
    const glob = fc.string({ unit: fc.constantFrom(..."a*?[]{},!^-/\\.$(é"), maxLength: 12 });
    fc.assert(
      fc.property(glob, fc.string({ maxLength: 8 }), (each, text) => {
        expect(() => isListed([each], text)).not.toThrow();
        if (!/[*?[{]/.test(each)) expect(isListed([each], each)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
