import { describe, expect, test } from "vitest";
import { matches } from "../../../src/files/glob.ts";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { type NginxPlacement, placeNginx } from "../../../src/programs/nginx/place-nginx.ts";
import type { Level } from "../../../src/programs/nginx/placement.ts";
import { spanText } from "../../../src/text/span.ts";

function place(
  files: Record<string, string>,
  main = "/etc/nginx/nginx.conf",
  globals?: string,
): NginxPlacement {
  return placeNginx(memoryTree(files), main, globals);
}

/** Names of the directives, blocks with their content in parentheses. */
function shape(level: Level): string {
  return level.directives
    .map(({ name, block }) => (block === undefined ? name : `${name}(${shape(block)})`))
    .join(" ");
}

function told({ complaints }: NginxPlacement): string[] {
  return complaints.map(
    ({ problem: { rule, message, at } }) =>
      `${rule}: ${message} at ${at.file.path}:${at.file.position(at.start).line}`,
  );
}

describe("includes", () => {
  test("stand where the include stood, in byte order", () => {
    const placement = place({
      "/etc/nginx/nginx.conf": "events {} http { a; include conf.d/*.conf; b; }",
      "/etc/nginx/conf.d/b.conf": "two;",
      "/etc/nginx/conf.d/B.conf": "one;",
      "/etc/nginx/conf.d/.hidden.conf": "never;",
    });
    expect(shape(placement.top)).toBe("events() http(a one two b)");
    expect(placement.files.map((file) => file.source.path)).toEqual([
      "etc/nginx/nginx.conf",
      "etc/nginx/conf.d/B.conf",
      "etc/nginx/conf.d/b.conf",
    ]);
  });

  test("one file in two contexts is read once and placed twice", () => {
    const placement = place({
      "/etc/nginx/nginx.conf": "events {} http { server { include s; } server { include s; } }",
      "/etc/nginx/s": "listen 80;",
    });
    expect(shape(placement.top)).toBe("events() http(server(listen) server(listen))");
    expect(placement.files).toHaveLength(2);
    const [first, second] = placement.top.named("http")[0]?.block?.named("server") ?? [];
    const [listen] = first?.block?.named("listen") ?? [];
    expect(listen?.directive).toBe(second?.block?.named("listen")[0]?.directive);
    expect(listen?.includedBy.map((include) => spanText(include.head))).toEqual(["include s;"]);
  });

  test("a relative name counts from the main file, whoever includes", () => {
    const placement = place({
      "/etc/nginx/nginx.conf": "include d/a;",
      "/etc/nginx/d/a": "include b;",
      "/etc/nginx/b": "right;",
      "/etc/nginx/d/b": "wrong;",
    });
    expect(shape(placement.top)).toBe("right");
  });

  test("a fragment below /etc/nginx counts from there", () => {
    const files = {
      "/etc/nginx/sites-enabled/a": "server { include snippets/s; }",
      "/etc/nginx/snippets/s": "root /;",
    };
    expect(shape(place(files, "/etc/nginx/sites-enabled/a").top)).toBe("server(root)");
  });

  test("a fragment elsewhere counts from its own folder", () => {
    const files = { "/srv/app/site.conf": "server { include s; }", "/srv/app/s": "root /;" };
    expect(shape(place(files, "/srv/app/site.conf").top)).toBe("server(root)");
  });

  test("no match of a pattern is no problem, a missing name is", () => {
    const placement = place({
      "/etc/nginx/nginx.conf": "include none/*.conf;\ninclude none.conf;\ninclude mime.types;",
    });
    expect(told(placement)).toEqual([
      "nginx/include-missing: /etc/nginx/none.conf is not among these files at etc/nginx/nginx.conf:2",
    ]);
    expect(placement.missingIncludes.map(spanText)).toEqual(["none.conf"]);
  });

  test("files of certbot and packages are missed without a problem", () => {
    const placement = place({ "/etc/nginx/nginx.conf": "include /etc/letsencrypt/options-ssl-nginx.conf;" });
    expect(placement.complaints).toEqual([]);
    expect(placement.missingIncludes).toHaveLength(1);
  });

  test("a hole in the name is missed without a problem", () => {
    const placement = place({ "/etc/nginx/nginx.conf": "include {{ folder }}/*.conf;" });
    expect(placement.complaints).toEqual([]);
    expect(placement.missingIncludes.map(spanText)).toEqual(["{{ folder }}/*.conf"]);
  });

  test("a cycle is told once, with its way", () => {
    const placement = place({
      "/etc/nginx/nginx.conf": "a;\ninclude x;\n",
      "/etc/nginx/x": "b;\ninclude y;\n",
      "/etc/nginx/y": "c;\ninclude x;\n",
    });
    expect(told(placement)).toEqual([
      "nginx/include-cycle: /etc/nginx/x is included while it is being read; nginx follows such a circle until it fails at etc/nginx/y:2",
    ]);
    expect(placement.complaints[0]?.problem?.because?.map((each) => each.message)).toEqual([
      "/etc/nginx/y is included here",
    ]);
    expect(shape(placement.top)).toBe("a b c");
  });

  test("a file that includes itself is told", () => {
    expect(told(place({ "/etc/nginx/nginx.conf": "include nginx.conf;" }))).toHaveLength(1);
  });

  test("includes that multiply end", () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `/etc/nginx/${index}`,
        `include ${index + 1}; include ${index + 1};`,
      ]),
    );
    const placement = place({ ...files, "/etc/nginx/nginx.conf": "include 0;", "/etc/nginx/40": "a;" });
    expect(told(placement)).toHaveLength(1);
  });

  test("a block in a file that is included into types is refused", () => {
    const placement = place({
      "/etc/nginx/nginx.conf": "events {} http { types { include t; } }",
      "/etc/nginx/t": "types { a b; }",
    });
    expect(told(placement)).toEqual(['nginx/syntax: unexpected "{" at etc/nginx/t:1']);
  });

  test("include is data in split_clients", () => {
    expect(
      place({ "/etc/nginx/nginx.conf": "http { split_clients $a $b { include x; } }" }).complaints.map(
        ({ problem }) => problem,
      ),
    ).toEqual([]);
  });

  test("the text of -g stands first", () => {
    const placement = place({ "/etc/nginx/nginx.conf": "events {}" }, undefined, "daemon off;");
    expect(shape(placement.top)).toBe("daemon events()");
  });

  test("deep nesting ends with a problem", () => {
    const placement = place({ "/etc/nginx/nginx.conf": `${"a {".repeat(100_000)}${"}".repeat(100_000)}` });
    expect(told(placement)).toHaveLength(1);
  });

  test("a missing main file is told", () => {
    expect(told(place({}))[0]).toMatch(/^nginx\/include-missing: open\(\) "\/etc\/nginx\/nginx.conf" failed/);
  });
});

describe("glob", () => {
  test.each([
    ["*.conf", "a.conf", true],
    ["*.conf", ".a.conf", false],
    [".*", ".a", true],
    ["?", "a", true],
    ["[ab]c", "bc", true],
    ["[!ab]c", "bc", false],
    ["[a-c]", "b", true],
    ["[]a]", "]", true],
    ["[a", "[a", true],
    ["\\[a]", "[a]", true],
    ["**", "abc", true],
    ["a*b*c", "axxbxxc", true],
    ["a*b*c", "axxbxx", false],
    ["{a,b}", "a", false],
  ])("%s %s %s", (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  test("stars do not blow up", () => {
    expect(matches(`${"*a".repeat(50)}b`, "a".repeat(5000))).toBe(false);
  });
});
