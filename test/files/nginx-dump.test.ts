import fc from "fast-check";
import { expect, test } from "vitest";
import { nginxDump } from "../../src/files/nginx-dump.ts";

const dump = `nginx: the configuration file /etc/nginx/nginx.conf syntax is ok
nginx: configuration file /etc/nginx/nginx.conf test is successful
# configuration file /etc/nginx/nginx.conf:
events {}
http { include conf.d/*.conf; }

# configuration file /etc/nginx/conf.d/app.conf:
server { listen 80; }

`;

test("takes a dump apart, without the line end that nginx adds", () => {
  const read = nginxDump(dump, "-");
  if ("rule" in read) throw new Error(read.message);
  expect(read.main).toBe("/etc/nginx/nginx.conf");
  expect(read.paths).toEqual(["/etc/nginx/nginx.conf", "/etc/nginx/conf.d/app.conf"]);
  expect(read.tree.read("/etc/nginx/nginx.conf")?.text).toBe("events {}\nhttp { include conf.d/*.conf; }\n");
  expect(read.tree.read("/etc/nginx/conf.d/app.conf")?.text).toBe("server { listen 80; }\n");
  expect(read.tree.list("/etc/nginx")).toEqual(["conf.d", "nginx.conf"]);
  expect(read.tree.kind("/etc/nginx/conf.d")).toBe("directory");
  expect(read.tree.kind("/etc/nginx/missing")).toBe("missing");
});

test("reads a dump with CRLF and one that ends within a file", () => {
  const read = nginxDump(dump.replaceAll("\n", "\r\n").slice(0, -12), "-");
  if ("rule" in read) throw new Error(read.message);
  expect(read.paths.length).toBe(2);
  expect(read.tree.read("/etc/nginx/nginx.conf")?.text).toBe(
    "events {}\r\nhttp { include conf.d/*.conf; }\r\n",
  );
});

test("refuses what is no dump", () => {
  for (const text of [
    "",
    "events {}\n",
    'nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:1\n',
  ]) {
    const read = nginxDump(text, "-");
    expect(read).toMatchObject({ rule: "files/unreadable", at: { start: 0 } });
  }
});

test("keeps every character of every file", () => {
  const content = fc
    .string()
    .filter((text) => !text.includes("# configuration file") && !/[\r\n]/.test(text));
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 5 }), (contents) => {
      const text = contents.map((each, at) => `# configuration file /etc/nginx/${at}:\n${each}\n\n`).join("");
      const read = nginxDump(text, "-");
      if ("rule" in read) throw new Error(read.message);
      expect(contents.map((_, at) => read.tree.read(`/etc/nginx/${at}`)?.text)).toEqual(
        contents.map((each) => `${each}\n`),
      );
    }),
  );
});
