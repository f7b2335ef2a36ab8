import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { climbs, dotted, found, isGlob, simplified, slashed } from "../../../src/syntax/sysctl/key.ts";

describe("a key as a path", () => {
  it.each([
    ["net.core.somaxconn", "net/core/somaxconn"],
    ["net/core/somaxconn", "net/core/somaxconn"],
    ["net.core/somaxconn", "net/core.somaxconn"],
    ["net.ipv4.conf.eth0/100.rp_filter", "net/ipv4/conf/eth0.100/rp_filter"],
    ["net/ipv4/conf/eth0.100/rp_filter", "net/ipv4/conf/eth0.100/rp_filter"],
    ["key", "key"],
  ])("%s is %s", (key, path) => {
    expect(slashed(key)).toBe(path);
  });

  it("comes back in dots", () => {
    const part = fc.stringMatching(/^[a-z][a-z0-9.]{0,6}[a-z]$/);
    fc.assert(
      fc.property(fc.array(part, { minLength: 2 }), (parts) => {
        const path = parts.join("/");
        fc.pre(!(parts[0] ?? "").includes("."));
        expect(slashed(dotted(path))).toBe(path);
      }),
    );
  });

  it("loses what says nothing", () => {
    expect(simplified("/net//core/./somaxconn/")).toBe("net/core/somaxconn");
    expect(found("net/ipv4/../core/somaxconn")).toBe("net/core/somaxconn");
    expect(found("../net")).toBeUndefined();
    expect(climbs("net/../core")).toBe(true);
    expect(climbs("net/..core")).toBe(false);
    expect(isGlob("net/*/x")).toBe(true);
  });
});
