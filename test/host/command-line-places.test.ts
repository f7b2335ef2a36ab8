import { expect, test } from "vitest";
import { facts, lint } from "../../src/index.ts";
import { onDisk } from "../files/on-disk.ts";

const nginx =
  "daemon off;\nevents {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n";

test.each([
  [
    "a service",
    {
      "etc/nginx/nginx.conf": nginx,
      "etc/systemd/system/nginx.service": "[Service]\nExecStart=/usr/sbin/nginx -g 'daemon off;'\n",
    },
    { file: "etc/systemd/system/nginx.service", line: 2, message: "nginx is started with -g 'daemon off;'" },
  ],
  [
    "an image",
    { "nginx.conf": nginx, Dockerfile: "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n" },
    { file: "Dockerfile", line: 1, message: "nginx is started with -g 'daemon off;'" },
  ],
])("what stands in -g is shown where the command line of %s is", async (_, files, place) => {
  const root = onDisk(files);
  const { result } = await lint({
    requests: [{ paths: [root], facts: facts({}) }],
    workingDirectory: root,
  });
  const [found] = result.diagnostics.filter(({ rule }) => rule === "nginx/duplicate");
  expect(
    found?.evidence.map(({ at, message }) => ({
      file: at?.file.path,
      line: at?.file.position(at.start).line,
      message,
    })),
  ).toEqual([place]);
});
