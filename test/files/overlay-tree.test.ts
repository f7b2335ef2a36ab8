import { expect, test } from "vitest";
import { memoryTree } from "../../src/files/memory-tree.ts";
import { overlayTree } from "../../src/files/overlay-tree.ts";

const repository = memoryTree(
  {
    "deploy/app.service": "unit",
    "nginx/nginx.conf": "main",
    "nginx/mime.types": "types",
    "nginx/sites-available/app": "site",
    "nginx/nginx.conf.bak": "old",
  },
  {
    "nginx/sites-enabled/app": "/etc/nginx/sites-available/app",
    "nginx/sites-enabled/gone": "/etc/nginx/gone",
  },
);

const host = overlayTree(
  new Map([["/etc/systemd/system/app.service", { tree: repository, path: "/deploy/app.service" }]]),
  new Map([["/etc/nginx", { tree: repository, path: "/nginx" }]]),
  { tree: repository, paths: new Set(["/nginx/nginx.conf.bak"]) },
);

test("a file stands where it was placed, with the folders above it", () => {
  expect(host.read("/etc/systemd/system/app.service")?.text).toBe("unit");
  expect(host.kind("/etc/systemd")).toBe("directory");
  expect(host.kind("/")).toBe("directory");
  expect(host.list("/")).toEqual(["etc"]);
  expect(host.list("/etc")).toEqual(["nginx", "systemd"]);
  expect(host.kind("/deploy")).toBe("missing");
});

test("a folder brings what is below it, without what is hidden", () => {
  expect(host.read("/etc/nginx/mime.types")).toBe(repository.read("/nginx/mime.types"));
  expect(host.list("/etc/nginx")).toEqual(["mime.types", "nginx.conf", "sites-available", "sites-enabled"]);
  expect(host.kind("/etc/nginx/nginx.conf.bak")).toBe("missing");
});

test("a link of the machine leads on in the host", () => {
  expect(host.read("/etc/nginx/sites-enabled/app")?.text).toBe("site");
  expect(host.link("/etc/nginx/sites-enabled/app")).toBe("/etc/nginx/sites-available/app");
  expect(host.kind("/etc/nginx/sites-enabled/gone")).toBe("missing");
  expect(host.link("/etc/nginx/nginx.conf")).toBeUndefined();
});

test("a loop of links of the machine ends", () => {
  const tree = memoryTree({}, { "a/x": "/host/y", "a/y": "/host/x" });
  const looping = overlayTree(new Map(), new Map([["/host", { tree, path: "/a" }]]));
  expect(looping.kind("/host/x")).toBe("missing");
  expect(looping.read("/host/y")).toBeUndefined();
});

test("a placed file wins over a folder, and listings are joined", () => {
  const base = memoryTree({ "etc/sysctl.conf": "base", "etc/hosts": "" });
  const loose = memoryTree({ "sysctl.conf": "loose" });
  const joined = overlayTree(
    new Map([["/etc/sysctl.conf", { tree: loose, path: "/sysctl.conf" }]]),
    new Map([["/", { tree: base, path: "/" }]]),
  );
  expect(joined.read("/etc/sysctl.conf")?.text).toBe("loose");
  expect(joined.list("/etc")).toEqual(["hosts", "sysctl.conf"]);
});
