import { describe, expect, test } from "vitest";
import { written } from "../../../src/model/value.ts";
import { nginxCommand } from "../../../src/programs/nginx/nginx-command.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { fileSpan } from "../../../src/text/span.ts";

const command = (text: string) => {
  const at = fileSpan(new SourceFile("a.service", text));
  return nginxCommand(text.split(" ").map((word) => ({ at, text: written("word", word, at) })));
};

describe("nginxCommand", () => {
  test.each([
    ["nginx", "/etc/nginx/nginx.conf", false],
    ["/usr/sbin/nginx -g daemon_off;", "/etc/nginx/nginx.conf", false],
    ["/usr/local/sbin/nginx", "/etc/nginx/nginx.conf", false],
    ["/usr/local/nginx/sbin/nginx", "/usr/local/nginx/conf/nginx.conf", false],
    ["openresty", "/usr/local/openresty/nginx/conf/nginx.conf", false],
    ["/usr/bin/openresty", "/usr/local/openresty/nginx/conf/nginx.conf", false],
    ["/usr/local/openresty/nginx/sbin/nginx", "/usr/local/openresty/nginx/conf/nginx.conf", false],
    ["/usr/local/openresty/bin/openresty -c /srv/nginx.conf", "/srv/nginx.conf", true],
    ["/usr/sbin/nginx -c/srv/nginx.conf", "/srv/nginx.conf", true],
  ])("%s reads %s", (text, configuration, named) => {
    expect(command(text)).toMatchObject({ configuration, named });
  });

  test.each(["/usr/sbin/apache2", "my-nginx", "nginx-exporter"])("%s is no nginx", (text) => {
    expect(command(text)).toBeUndefined();
  });
});
