import { expect, test } from "vitest";
import { facts, lint } from "../../src/index.ts";
import { onDisk } from "../files/on-disk.ts";

const nginx = "events {\n  worker_connections 10240;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n";

async function surroundingsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const root = onDisk(files);
  const { hosts } = await lint({
    requests: [{ paths: [root], facts: facts({}) }],
    workingDirectory: root,
  });
  return hosts.flatMap((host) => host.nginx.map(({ environment }) => environment.kind));
}

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["a root tree is that of a package", { "etc/nginx/nginx.conf": nginx }, "service"],
  [
    "a root tree that a Dockerfile copies stands in a container",
    { "etc/nginx/nginx.conf": nginx, Dockerfile: "FROM debian\nCOPY --link etc /etc/\n" },
    "container",
  ],
  [
    "so does one below the Dockerfile that becomes its root",
    { "rootfs/etc/nginx/nginx.conf": nginx, Dockerfile: "FROM debian\nCOPY ./rootfs/ /\n" },
    "container",
  ],
  [
    "a Dockerfile of something else beside a root tree says nothing",
    { "etc/nginx/nginx.conf": nginx, Dockerfile: "FROM debian\nCOPY tools /opt/\n" },
    "service",
  ],
  [
    "an image that installs nginx reads the file beside it",
    { "deploy/nginx.conf": nginx, Dockerfile: "FROM debian\nRUN apt-get install -y nginx\nCMD start\n" },
    "container",
  ],
  [
    "a folder called docker is for containers",
    { "util/docker/web/nginx.conf": nginx, Dockerfile: "FROM debian\nCOPY util/docker /build\n" },
    "container",
  ],
  [
    "so is a part of the repository with a Dockerfile of its own",
    { "apps/space/nginx/nginx.conf": nginx, "apps/space/Dockerfile": "FROM node:22\nCMD node .\n" },
    "container",
  ],
  [
    "a Dockerfile at the top of a repository says nothing of its deploy folder",
    { "deploy/nginx.conf": nginx, Dockerfile: "FROM node:22\nCMD node .\n" },
    "unknown",
  ],
  ["loose files are not known to be either", { "deploy/nginx.conf": nginx }, "unknown"],
  [
    "of FreeBSD, which has no systemd, the service is not known",
    { "usr/local/etc/nginx/nginx.conf": nginx, "etc/rc.conf": 'nginx_enable="YES"\n' },
    "unknown",
  ],
])("%s", async (_, files, kind) => {
  expect(await surroundingsOf(files)).toEqual([kind]);
});
