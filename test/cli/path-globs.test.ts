import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pathMatcher } from "../../src/cli/path-globs.ts";

/** Globs and paths count from /srv. */
const matcher = (globs: readonly string[]) => {
  const matches = pathMatcher({ directory: "/srv", globs });
  return (path: string): boolean => matches(`/srv/${path}`);
};

describe("pathMatcher", () => {
  it.each([
    ["nginx.conf", ["nginx.conf", "deploy/nginx.conf"], ["nginx.conf.j2", "my-nginx.conf"]],
    ["old/", ["old/nginx.conf", "deploy/old/a/b.conf"], ["old", "older/a"]],
    ["deploy/old", ["deploy/old", "deploy/old/a"], ["deploy/older", "x/deploy/old"]],
    ["/nginx.conf", ["nginx.conf"], ["deploy/nginx.conf"]],
    ["./deploy", ["deploy/nginx.conf"], ["x/deploy/nginx.conf"]],
    ["deploy/*.conf", ["deploy/a.conf"], ["deploy/a/b.conf", "deploy/a.conf.j2"]],
    ["**/test/**", ["test/a.conf", "a/test/b/c.conf"], ["tests/a.conf"]],
    ["deploy/**/dev.conf", ["deploy/dev.conf", "deploy/a/b/dev.conf"], ["dev.conf"]],
    ["nginx-?.conf", ["nginx-1.conf"], ["nginx-12.conf", "nginx-/.conf"]],
    ["nginx-[0-9].conf", ["nginx-1.conf"], ["nginx-a.conf"]],
    ["nginx-[!0-9].conf", ["nginx-a.conf"], ["nginx-1.conf"]],
    ["{dev,test}/*.conf", ["dev/a.conf", "test/a.conf"], ["prod/a.conf"]],
    ["a+b(c).conf", ["a+b(c).conf"], ["aab(c).conf", "axconf"]],
    ["[broken", ["[broken"], ["b"]],
  ])("%s", (glob, left, kept) => {
    const ignored = matcher([glob]);
    expect(left.filter((path) => !ignored(path))).toEqual([]);
    expect(kept.filter((path) => ignored(path))).toEqual([]);
  });

  it("matches nothing without globs, and nothing outside of its folder", () => {
    expect(matcher([])("nginx.conf")).toBe(false);
    const anything = pathMatcher({ directory: "/srv", globs: ["**"] });
    expect(["/srv", "/srv2/a", "/etc/nginx.conf"].filter(anything)).toEqual([]);
    expect(pathMatcher({ directory: "/", globs: ["etc/"] })("/etc/nginx.conf")).toBe(true);
  });

  it("takes any glob", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."*?[]{}!-,/\\^$.|+()ab🐘") }),
        fc.string(),
        (glob, path) => {
          expect(typeof matcher([glob])(path)).toBe("boolean");
        },
      ),
    );
  });

  it("matches every plain name to itself", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w.+()$^|#@ -]+$/), (name) => {
        expect(matcher([name])(name)).toBe(true);
      }),
    );
  });
});
