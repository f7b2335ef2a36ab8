import { describe, expect, test } from "vitest";
import { parseNginx } from "../../../src/syntax/nginx/parse-nginx.ts";
import type { NginxFile } from "../../../src/syntax/nginx/tree.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { spanText } from "../../../src/text/span.ts";

function parse(text: string, path = "nginx.conf"): NginxFile {
  return parseNginx(new SourceFile(path, text));
}

/** Every directive with its words, holes in guillemets. */
function words(file: NginxFile): string[] {
  return Array.from({ length: file.directiveCount }, (_, index) =>
    file
      .directive(index)
      .words.map((word) => (word.hole ? `«${word.raw}»` : word.raw))
      .join(" "),
  );
}

test("words that a script replaces are holes, wherever they stand", () => {
  const text = "listen my-address:80;\nroot /srv/my-address;\nserver_name other;\n";
  const file = parseNginx(new SourceFile("site.conf", text, "utf-8", ["my-address", "absent"]));
  expect(words(file)).toEqual(["listen «my-address:80»", "root «/srv/my-address»", "server_name other"]);
  expect(parse(text).template).toBe(false);
});

describe("holes are words", () => {
  test.each([
    ["listen {{ port }} ssl;", ["listen «{{ port }}» ssl"]],
    [
      'server_name {{ a | default("x;y") }}.example.org;',
      ['server_name «{{ a | default("x;y") }}.example.org»'],
    ],
    ['return 200 "{{ x["y"] }}";', ['return 200 «"{{ x["y"] }}"»']],
    ["listen <%= @port %> ssl;", ["listen «<%= @port %>» ssl"]],
    ["root %%ROOT%%/www;", ["root «%%ROOT%%/www»"]],
    ["listen ${PORT};", ["listen «${PORT}»"]],
    ["client_max_body_size ${MAX_UPLOAD_MiB}m;", ["client_max_body_size «${MAX_UPLOAD_MiB}m»"]],
    ["root <site code path>;", ["root «<site code path>»"]],
    ["server_name www.<your-domain>;", ["server_name «www.<your-domain>»"]],
    ["server_name *YOUR_DOMAIN*;", ["server_name «*YOUR_DOMAIN*»"]],
    ["{{ name }} on;", ["«{{ name }}» on"]],
    ["location {{ path }} {\n}\n", ["location «{{ path }}»"]],
    ["a {{{ raw }}};", ["a «{{{ raw }}}»"]],
    ["listen 80{% if x %} ssl{% endif %};", ["listen «80{% if x %}» «ssl{% endif %}»"]],
  ])("%s", (text, expected) => {
    const file = parse(text);
    expect(file.template).toBe(true);
    expect(words(file)).toEqual(expected);
    expect(file.problems).toEqual([]);
  });
});

describe("statements of a template are no directives", () => {
  test.each([
    ["{% if x %}\nlisten 80;\n{% else %}\nlisten 81;\n{% endif %}\n", ["listen 80", "listen 81"]],
    ["{{ extra }}\nlisten 80;\n", ["listen 80"]],
    ["# it's\n{{ extra }}\nlisten 80;\n", ["listen 80"]],
    ["%%TEST_GLOBALS%%\n\ndaemon off;\n", ["daemon off"]],
    ["a;\n__EXTRA__\nb;\n", ["a", "b"]],
    ["a;\n@EXTRA@\nb;\n", ["a", "b"]],
    ["a;\n${EXTRA}\nb;\n", ["a", "b"]],
    ["{{- range .Hosts }}\nlisten 80;\n{{ end }}\n", ["listen 80"]],
    ["<% if @x -%>\nlisten 80;\n<% end -%>\n", ["listen 80"]],
    ["{# it's; a { comment #}\n{{ x }}\nlisten 80;\n", ["listen 80"]],
  ])("%j", (text, expected) => {
    const file = parse(text);
    expect(file.template).toBe(true);
    expect(words(file)).toEqual(expected);
    expect(file.problems).toEqual([]);
  });

  test("a hole inside a statement that goes on is a word", () => {
    expect(words(parse("log_format main\n  {{ format }}\n  ;\n"))).toEqual([
      "log_format main «{{ format }}»",
    ]);
  });

  test("braces that a condition opens twice are no error", () => {
    const text = "{% if tls %}\nserver { listen 443;\n{% else %}\nserver { listen 80;\n{% endif %}\n}\n";
    expect(parse(text).problems).toEqual([]);
    expect(parse(text).conditional).toBe(true);
  });
});

describe("what makes a file a template", () => {
  test.each([
    ["nginx.conf.template", "listen ${port};"],
    ["nginx.conf.j2", "listen 80;"],
    ["nginx.template.conf", "listen 80;"],
    ["nginx.conf", "listen {{ port }};"],
    ["nginx.conf", "listen ${NGINX_PORT};"],
  ])("%s: %s", (path, text) => {
    expect(parse(text, path).template).toBe(true);
  });

  test.each([
    "listen 80;",
    "return 200 ${host};",
    "return 200 ${{host}};",
    "# {{ commented }}\nlisten 80;",
    "location /__debug__/ { }",
    "location @named { }",
    "rewrite ^ /50%25off;",
    "server {{ listen 80; }}",
    "http { server { } }",
    'sub_filter "<head>" "<head><base href=x>";',
    "return 200 '<h1>Not Found</h1>';",
    'rewrite "^/(?<USER_ID>x)/" /y;',
    "rewrite ^/(?P<Name>x) /y;",
    "rewrite ^/*A_B /y;",
  ])("not %s", (text) => {
    expect(parse(text).template).toBe(false);
  });

  test("${x} in a template with a suffix is a hole", () => {
    expect(words(parse("listen ${port};", "default.conf.template"))).toEqual(["listen «${port}»"]);
    expect(parse("listen ${port};", "default.conf.template").holes.map(spanText)).toEqual(["${port}"]);
  });

  test("an error that no hole explains stays an error", () => {
    const file = parse("listen ${PORT};\nserver {\n  root /a\n}\n");
    expect(file.problems.map((problem) => problem.message)).toEqual(['unexpected "}"']);
  });
});
