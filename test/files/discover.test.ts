import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { discover } from "../../src/files/discover.ts";
import type { Discovery } from "../../src/files/discovered-host.ts";
import { onDisk } from "./on-disk.ts";

const main = "events {}\nhttp {\n  include conf.d/*.conf;\n  include /etc/nginx/sites-enabled/*;\n}\n";
const site = "server { listen 80; }\n";
const unit = "[Service]\nExecStart=/usr/bin/gunicorn app\n";
const sysctl = "net.core.somaxconn = 1024\n";
const limits = "www-data - nofile 65536\n";

type Files = Readonly<Record<string, string>>;

function inFolder(files: Files, links: Files = {}, paths: readonly string[] = ["."]): Promise<Discovery> {
  return discover(paths, { workingDirectory: onDisk(files, links) });
}

/** Each host as its name, kind and the repository files behind its entry points and roles. */
function summary(found: Discovery): readonly unknown[] {
  return found.hosts.map((host) => ({
    name: host.name,
    kind: host.kind,
    starts: host.nginx.map((path) => host.tree.read(path)?.path),
    others: host.files.filter(({ role }) => !role.startsWith("nginx")).map(({ path }) => path),
  }));
}

test("a root tree is one host, whatever stands below it", async () => {
  const found = await inFolder(
    {
      "etc/nginx/nginx.conf": main,
      "etc/nginx/sites-available/app": site,
      "etc/nginx/sites-available/off": site,
      "etc/nginx/mime.types": "types { text/html html; }\n",
      "etc/sysctl.d/60-web.conf": sysctl,
      "etc/security/limits.conf": limits,
      "etc/systemd/system/app.service": unit,
      "etc/systemd/system/app.service.d/limits.conf": "[Service]\nLimitNOFILE=9\n",
      "etc/ufw/sysctl.conf": "net/ipv4/tcp_sack=1\n",
      "srv/app/gunicorn.conf.py": "workers = 4\n",
      "srv/app/deploy/nginx.conf": site,
    },
    { "etc/nginx/sites-enabled/app": "/etc/nginx/sites-available/app" },
  );
  expect(summary(found)).toEqual([
    {
      name: ".",
      kind: "root",
      starts: ["etc/nginx/nginx.conf"],
      others: [
        "etc/security/limits.conf",
        "etc/sysctl.d/60-web.conf",
        "etc/systemd/system/app.service",
        "etc/systemd/system/app.service.d/limits.conf",
        "srv/app/gunicorn.conf.py",
      ],
    },
  ]);
  expect(found.hosts[0]?.hasUnits).toBe(true);
  expect(found.aside).toEqual([
    { path: "etc/ufw/sysctl.conf", why: "ufw reads it, not systemd-sysctl" },
    { path: "srv/app/deploy/nginx.conf", why: "it stands in a root tree where its program does not read it" },
    { path: "etc/nginx/sites-available/off", why: "no link in sites-enabled turns this site on" },
  ]);
  expect(found.problems).toEqual([]);
});

test("without sites-enabled every available site counts", async () => {
  const found = await inFolder({ "etc/nginx/sites-available/a": site, "etc/nginx/sites-available/b": site });
  expect(summary(found)).toMatchObject([
    { starts: ["etc/nginx/sites-available/a", "etc/nginx/sites-available/b"] },
  ]);
});

test("spare files of nginx are left aside, but not where nginx reads them", async () => {
  const found = await inFolder({
    "etc/nginx/nginx.conf": main,
    "etc/nginx/nginx-stream.conf": "events {}\nstream {}\n",
    "etc/nginx/nginx.conf.default": main,
    "etc/nginx/sites-enabled/app.bak": site,
  });
  expect(found.aside.map(({ path }) => path)).toEqual([
    "etc/nginx/nginx-stream.conf",
    "etc/nginx/nginx.conf.default",
  ]);
});

test("a second main configuration counts where a unit names it", async () => {
  const found = await inFolder({
    "etc/nginx/nginx.conf": main,
    "etc/nginx/lb.conf": "events {}\nstream {}\n",
    "etc/systemd/system/lb.service": "[Service]\nExecStart=/usr/sbin/nginx -c /etc/nginx/lb.conf\n",
  });
  expect(found.hosts[0]?.nginx).toEqual(["/etc/nginx/lb.conf", "/etc/nginx/nginx.conf"]);
});

test("loose files complete the root tree beside them", async () => {
  const found = await inFolder({
    "etc/systemd/system/app.service": unit,
    "nginx/nginx.conf": main,
    "sysctl.conf": sysctl,
  });
  expect(summary(found)).toEqual([
    {
      name: ".",
      kind: "root",
      starts: ["nginx/nginx.conf"],
      others: ["etc/systemd/system/app.service", "sysctl.conf"],
    },
  ]);
  expect(found.hosts[0]?.tree.read("/etc/sysctl.conf")?.path).toBe("sysctl.conf");
  expect(found.hosts[0]?.tree.read("/etc/systemd/system/app.service")?.text).toBe(unit);
});

test("loose files of a repository stand where the machine would have them", async () => {
  const found = await inFolder({
    "deploy/nginx.conf.j2": "events {}\nhttp { include sites/*; }\n",
    "deploy/sites/app": site,
    "deploy/gunicorn.service": unit,
    "deploy/gunicorn.service.d/x.conf": "[Service]\nLimitNOFILE=9\n",
    "deploy/sysctl.conf": sysctl,
    "deploy/tuning.conf": sysctl,
    "deploy/limits.conf": limits,
    "deploy/system.conf": "[Manager]\n",
    "files/limits.d/web.conf": limits,
    "app/gunicorn.conf.py": "workers = 4\n",
    "app/main.py": "",
  });
  expect(found.hosts.map(({ name, kind }) => ({ name, kind }))).toEqual([{ name: ".", kind: "loose" }]);
  const [host] = found.hosts;
  for (const [path, shown] of [
    ["/etc/nginx/nginx.conf", "deploy/nginx.conf.j2"],
    ["/etc/nginx/sites/app", "deploy/sites/app"],
    ["/etc/systemd/system/gunicorn.service", "deploy/gunicorn.service"],
    ["/etc/systemd/system/gunicorn.service.d/x.conf", "deploy/gunicorn.service.d/x.conf"],
    ["/etc/systemd/system.conf", "deploy/system.conf"],
    ["/etc/sysctl.conf", "deploy/sysctl.conf"],
    ["/etc/sysctl.d/tuning.conf", "deploy/tuning.conf"],
    ["/etc/security/limits.conf", "deploy/limits.conf"],
    ["/etc/security/limits.d/web.conf", "files/limits.d/web.conf"],
  ] as const)
    expect(host?.tree.read(path)?.path).toBe(shown);
  expect(host?.nginx).toEqual(["/etc/nginx/nginx.conf"]);
  expect(host?.repository?.read("/app/gunicorn.conf.py")?.text).toBe("workers = 4\n");
  expect(host?.files).toContainEqual({ path: "app/gunicorn.conf.py", role: "gunicorn settings" });
});

test("fragments go where the main file looks for them", async () => {
  const found = await inFolder({
    "deploy/nginx.conf":
      "http {\n  include /etc/nginx/conf.d/*.conf;\n  include /etc/nginx/snippets/tls;\n}\n",
    "deploy/app.conf": "upstream app { server 127.0.0.1:8000; }\nserver { include /etc/nginx/locations; }\n",
    "deploy/nginx/locations": "location / { proxy_pass http://app; }\n",
    "deploy/nginx/tls": "ssl_protocols TLSv1.3;\n",
  });
  const [host] = found.hosts;
  expect(host?.nginx).toEqual(["/etc/nginx/nginx.conf"]);
  expect(host?.tree.read("/etc/nginx/conf.d/app.conf")?.path).toBe("deploy/app.conf");
  expect(host?.tree.read("/etc/nginx/locations")?.path).toBe("deploy/nginx/locations");
  expect(host?.tree.read("/etc/nginx/snippets/tls")?.path).toBe("deploy/nginx/tls");
});

test("fragments without a main file are starts of one host, but for those that others include", async () => {
  const found = await inFolder({
    "nginx/site.conf": "server { include /etc/nginx/locations; }\n",
    "nginx/upstream.conf": "upstream app { server 127.0.0.1:8000; }\n",
    "nginx/locations": "location / { return 204; }\n",
    "nginx/circle-a.conf": "map $a $b { default 0; }\ninclude circle-b.conf;\n",
    "nginx/circle-b.conf": "map $c $d { default 0; }\ninclude circle-a.conf;\n",
  });
  expect(summary(found)).toMatchObject([
    { name: "nginx", starts: ["nginx/site.conf", "nginx/upstream.conf", "nginx/circle-a.conf"] },
  ]);
});

test("alternatives side by side are hosts that share the rest", async () => {
  const found = await inFolder({
    "deploy/nginx.conf": main,
    "deploy/nginx-dev.conf": main,
    "deploy/app.service": unit,
    "deploy/app-dev.service": unit,
    "deploy/app-worker.service": unit,
    "deploy/sysctl.conf": sysctl,
  });
  expect(summary(found)).toEqual([
    {
      name: "deploy/nginx-dev.conf",
      kind: "loose",
      starts: ["deploy/nginx-dev.conf"],
      others: ["deploy/app-worker.service", "deploy/sysctl.conf", "deploy/app-dev.service"],
    },
    {
      name: "deploy/nginx.conf",
      kind: "loose",
      starts: ["deploy/nginx.conf"],
      others: ["deploy/app-worker.service", "deploy/sysctl.conf", "deploy/app.service"],
    },
  ]);
});

test("a template beside the file it makes is an alternative, a sample is left aside", async () => {
  const found = await inFolder({
    "a/nginx/default.conf": site,
    "a/nginx/default.conf.template": site,
    "a/nginx/default.conf.example": site,
  });
  expect(found.hosts.map(({ name }) => name)).toEqual([
    "a/nginx/default.conf",
    "a/nginx/default.conf.template",
  ]);
  expect(found.aside).toEqual([
    { path: "a/nginx/default.conf.example", why: "it is a sample, to be copied under its real name" },
  ]);
  expect(summary(await inFolder({ "nginx.conf.example": main }))).toMatchObject([
    { starts: ["nginx.conf.example"] },
  ]);
});

test("sites of one folder are no alternatives", async () => {
  const found = await inFolder({ "nginx/conf.d/shop.conf": site, "nginx/conf.d/shop-dev.conf": site });
  expect(found.hosts.length).toBe(1);
});

test("several hosts of one repository never meet", async () => {
  const found = await inFolder({
    "hosts/web1/etc/nginx/nginx.conf": main,
    "hosts/web1/etc/sysctl.conf": sysctl,
    "hosts/web2/etc/nginx/nginx.conf": main,
    "examples/a/nginx.conf": main,
    "examples/b/nginx.conf": main,
    "examples/b/app.service": unit,
    "roles/web/templates/nginx.conf.j2": main,
    "roles/db/templates/limits.conf.j2": limits,
  });
  expect(summary(found).map((host) => JSON.stringify(host))).toEqual(
    [
      {
        name: "hosts/web1",
        kind: "root",
        starts: ["hosts/web1/etc/nginx/nginx.conf"],
        others: ["hosts/web1/etc/sysctl.conf"],
      },
      { name: "hosts/web2", kind: "root", starts: ["hosts/web2/etc/nginx/nginx.conf"], others: [] },
      { name: "examples/a", kind: "loose", starts: ["examples/a/nginx.conf"], others: [] },
      {
        name: "examples/b",
        kind: "loose",
        starts: ["examples/b/nginx.conf"],
        others: ["examples/b/app.service"],
      },
      {
        name: "roles/db/templates",
        kind: "loose",
        starts: [],
        others: ["roles/db/templates/limits.conf.j2"],
      },
      {
        name: "roles/web/templates",
        kind: "loose",
        starts: ["roles/web/templates/nginx.conf.j2"],
        others: [],
      },
    ].map((host) => JSON.stringify(host)),
  );
});

test("folders that claim the same place are apart, stages share what stands around them", async () => {
  const apart = await inFolder({
    "shop/nginx.conf": main,
    "blog/nginx.conf": main,
    "blog/app.service": unit,
  });
  expect(summary(apart)).toMatchObject([
    { name: "blog", starts: ["blog/nginx.conf"], others: ["blog/app.service"] },
    { name: "shop", starts: ["shop/nginx.conf"], others: [] },
  ]);
  const stages = await inFolder({ "dev/nginx.conf": main, "prod/nginx.conf": main, "app.service": unit });
  expect(summary(stages)).toMatchObject([
    { starts: ["dev/nginx.conf"], others: ["app.service"] },
    { starts: ["prod/nginx.conf"], others: ["app.service"] },
  ]);
});

test("a repository inside the repository is on its own", async () => {
  const found = await inFolder({ "app.service": unit, "other/.git/HEAD": "", "other/db.service": unit });
  expect(summary(found)).toMatchObject([{ others: ["app.service"] }, { others: ["other/db.service"] }]);
});

test("dependencies are skipped, test data is named and left aside", async () => {
  const found = await inFolder({
    "node_modules/x/nginx.conf": main,
    "vendor/x/nginx.conf": main,
    "tests/fixtures/nginx.conf": main,
    "tests/app.service": unit,
    "envs/test/nginx.conf": main,
  });
  expect(summary(found)).toMatchObject([{ name: "envs/test" }]);
  expect(found.aside).toEqual([{ path: "tests", why: "2 files of test data; name the folder to lint it" }]);
});

test("the links of loose sites are followed as on the machine", async () => {
  const found = await inFolder(
    { "nginx/nginx.conf": main, "nginx/sites-available/on": site, "nginx/sites-available/off": site },
    { "nginx/sites-enabled/on": "/etc/nginx/sites-available/on" },
  );
  const [host] = found.hosts;
  expect(host?.nginx).toEqual(["/etc/nginx/nginx.conf"]);
  expect(host?.tree.read("/etc/nginx/sites-enabled/on")?.path).toBe("nginx/sites-available/on");
  expect(found.aside.map(({ path }) => path)).toEqual(["nginx/sites-available/off"]);
});

test("containers of the same deployment are shown", async () => {
  const found = await inFolder({
    "compose.yaml": "services:\n  web:\n    image: nginx\n",
    "a/nginx.conf": main,
    "b/nginx.conf": main,
    "b/Dockerfile": "FROM nginx\n",
  });
  expect(found.hosts.map((host) => host.containerFiles.map(({ file }) => file.path))).toEqual([
    ["compose.yaml"],
    ["compose.yaml", "b/Dockerfile"],
  ]);
});

test("settings of gunicorn alone make no host", async () => {
  const found = await inFolder({ "gunicorn.conf.py": "workers = 4\n" });
  expect(found).toEqual({
    hosts: [],
    aside: [{ path: "gunicorn.conf.py", why: "settings of gunicorn that no unit here starts" }],
    problems: [],
  });
});

test("a named file is the only input, with what it includes beside it", async () => {
  const files = {
    "web/etc/nginx/nginx.conf": main,
    "web/etc/nginx/conf.d/app.conf": site,
    "web/etc/sysctl.conf": sysctl,
    "web/etc/systemd/system/app.service": unit,
    "web/etc/systemd/system/app.service.d/x.conf": "[Service]\nLimitNOFILE=9\n",
  };
  const nginx = await inFolder(files, {}, ["web/etc/nginx/nginx.conf"]);
  const [host] = nginx.hosts;
  expect(summary(nginx)).toEqual([
    { name: "web/etc/nginx/nginx.conf", kind: "loose", starts: ["web/etc/nginx/nginx.conf"], others: [] },
  ]);
  expect(host?.hasUnits).toBe(false);
  expect(host?.tree.read("/etc/nginx/conf.d/app.conf")?.path).toBe("web/etc/nginx/conf.d/app.conf");
  expect(host?.tree.kind("/etc/sysctl.conf")).toBe("missing");

  const service = await inFolder(files, {}, ["web/etc/systemd/system/app.service"]);
  expect(service.hosts[0]?.tree.list("/etc/systemd/system")).toEqual(["app.service", "app.service.d"]);
  expect(service.hosts[0]?.tree.kind("/etc/nginx")).toBe("missing");

  const both = await inFolder(files, {}, ["web/etc/nginx/conf.d/app.conf", "web/etc/sysctl.conf"]);
  expect(summary(both)).toEqual([
    {
      name: "web",
      kind: "loose",
      starts: ["web/etc/nginx/conf.d/app.conf"],
      others: ["web/etc/sysctl.conf"],
    },
  ]);
});

test("named files of different machines stay apart", async () => {
  const found = await inFolder(
    { "a/etc/nginx/nginx.conf": main, "b/etc/systemd/system/x.service": unit },
    {},
    ["a/etc/nginx/nginx.conf", "b/etc/systemd/system/x.service"],
  );
  expect(found.hosts.map(({ name }) => name)).toEqual([
    "a/etc/nginx/nginx.conf",
    "b/etc/systemd/system/x.service",
  ]);
});

test("the folder etc stands for its root tree", async () => {
  const root = onDisk({
    "web/etc/nginx/nginx.conf": main,
    "web/etc/sysctl.conf": sysctl,
    "web/nginx.conf": main,
  });
  const found = await discover(["web/etc"], { workingDirectory: root });
  expect(summary(found)).toEqual([
    { name: "web", kind: "root", starts: ["web/etc/nginx/nginx.conf"], others: ["web/etc/sysctl.conf"] },
  ]);
});

test("a dump comes in on the standard input", async () => {
  const stdin = `# configuration file /etc/nginx/nginx.conf:\n${main}\n# configuration file /etc/nginx/conf.d/a.conf:\n${site}\n`;
  const found = await discover(["-"], { workingDirectory: "/", stdin });
  expect(found.hosts).toMatchObject([
    { name: "/etc/nginx/nginx.conf", kind: "dump", nginx: ["/etc/nginx/nginx.conf"], hasUnits: false },
  ]);
  expect((await discover(["-"], { workingDirectory: "/" })).problems).toMatchObject([
    { rule: "files/unreadable" },
  ]);
});

test("what cannot be read is a problem, and the rest is still found", async () => {
  const root = onDisk(
    { "deploy/app.service": unit, "deploy/large.conf": "" },
    { loop: "loop", "deploy/round": ".." },
  );
  truncateSync(join(root, "deploy/large.conf"), 65 * 1024 * 1024);
  execFileSync("/usr/bin/mkfifo", [join(root, "deploy/nginx.conf"), join(root, "pipe")]);
  const found = await discover(["deploy", "missing", "loop", "pipe", "deploy/app.service/x"], {
    workingDirectory: root,
  });
  expect(found.hosts.map(({ name }) => name)).toEqual(["deploy"]);
  expect(found.problems.map(({ message }) => message)).toEqual([
    "deploy/large.conf cannot be read: it holds 65 MB, more than the 64 MB that are read of a file",
    "deploy/nginx.conf cannot be read: it is a FIFO, not a regular file",
    "missing cannot be read: there is no such file or folder",
    "loop cannot be read: it is a loop of symbolic links",
    "pipe cannot be read: it is no file and no folder",
    "deploy/app.service/x cannot be read: there is no such file or folder",
  ]);
  expect(found.problems.every(({ rule }) => rule === "files/unreadable")).toBe(true);
});

test("a link out of the folder is not followed", async () => {
  const outside = onDisk({ "nginx.conf": main });
  const root = onDisk({ "deploy/app.service": unit });
  symlinkSync(join(outside, "nginx.conf"), join(root, "deploy/nginx.conf"));
  symlinkSync(outside, join(root, "deploy/nginx"));
  const found = await discover(["."], { workingDirectory: root });
  expect(summary(found)).toMatchObject([{ starts: [], others: ["deploy/app.service"] }]);
});

test("a large file is found by its beginning, binary files are passed over", async () => {
  const root = onDisk({ "nginx.conf": "", "nginx/x.conf": `server { listen 80; }\0` });
  writeFileSync(join(root, "nginx.conf"), main + "# comment\n".repeat(5_000_000));
  const found = await discover(["."], { workingDirectory: root });
  expect(summary(found)).toMatchObject([{ starts: ["nginx.conf"] }]);
});

test("20,000 other files are walked over by name", async () => {
  const root = onDisk({ "deploy/nginx.conf": main });
  for (let folder = 0; folder < 100; folder += 1) {
    mkdirSync(join(root, `src/${folder}`), { recursive: true });
    for (let at = 0; at < 200; at += 1) writeFileSync(join(root, `src/${folder}/${at}.py`), "");
  }
  expect(summary(await discover(["."], { workingDirectory: root }))).toMatchObject([{ name: "deploy" }]);
});

test("paths outside of the working directory are shown as they were written", async () => {
  const root = onDisk({ "a/x": "", "b/nginx.conf": main });
  const workingDirectory = join(root, "a");
  expect((await discover(["../b/"], { workingDirectory })).hosts[0]?.files[0]?.path).toBe("../b/nginx.conf");
  expect((await discover([join(root, "b")], { workingDirectory })).hosts[0]?.files[0]?.path).toBe(
    join(root, "b/nginx.conf"),
  );
  expect((await discover(["../b/nginx.conf"], { workingDirectory })).hosts[0]?.name).toBe("../b/nginx.conf");
});

test("a file of containers that is named is resolved with what it names", async () => {
  const root = onDisk({
    "docker-compose.yml": "services: {}\n",
    "nginx.conf": main,
    Dockerfile: "FROM nginx\n",
  });
  const asked: unknown[] = [];
  const found = await discover(["docker-compose.yml", "nginx.conf"], {
    workingDirectory: root,
    containers: async (_, files) => {
      asked.push(files);
      const read = [
        { path: "/docker-compose.yml", role: "compose file" },
        { path: "/nginx.conf", role: "nginx configuration in web" },
      ];
      const project = { folder: "/", mark: "/", containers: [], problems: [], files: read, unread: [] };
      return { projects: [project], otherServers: new Map() };
    },
  });
  expect(asked).toEqual([{ compose: ["/docker-compose.yml"], images: [], manifests: [], procfiles: [] }]);
  expect(found.hosts.map(({ files }) => files.map(({ path }) => path))).toEqual([
    ["docker-compose.yml", "nginx.conf"],
  ]);
});

test("a file of containers that run nothing of ours is left aside", async () => {
  const found = await inFolder({ Dockerfile: "FROM redis\n" }, {}, ["Dockerfile"]);
  expect(found).toMatchObject({
    hosts: [],
    aside: [
      {
        path: "Dockerfile",
        why: "as far as its files say, no nginx, gunicorn or uvicorn runs in its containers",
      },
    ],
  });
});

test("a word that a script replaces is a hole of the files that it names", async () => {
  const site = "server {\n  listen my-address:80;\n}\n";
  const root = onDisk({
    "install.sh": '#!/bin/sh\nsed -i "s|my-address|$IP|g" nginx/conf.d/*.conf\n',
    "nginx/conf.d/site.conf": site,
    "nginx/other": site,
  });
  for (const paths of [["."], ["nginx/conf.d/site.conf", "nginx/other"]]) {
    const { hosts } = await discover(paths, { workingDirectory: root });
    const placeholders = hosts.map(({ repository }) => [
      repository?.read("/nginx/conf.d/site.conf")?.placeholders,
      repository?.read("/nginx/other")?.placeholders,
    ]);
    expect(placeholders[0]).toEqual([["my-address"], []]);
  }
});
