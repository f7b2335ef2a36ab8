import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { directoryTree, largestFile } from "../../src/files/directory-tree.ts";
import { onDisk } from "./on-disk.ts";

test("reads files, names them from the working directory and lists in byte order", () => {
  const tree = directoryTree(
    onDisk({ "etc/b": "1", "etc/B": "2", "etc/é": "3", "etc/a/x": "4" }),
    "hosts/web",
  );
  expect(tree.list("/etc")).toEqual(["B", "a", "b", "é"]);
  expect(tree.read("/etc/b")?.path).toBe("hosts/web/etc/b");
  expect(tree.read("/etc//./a/../b")?.text).toBe("1");
  expect(tree.read("/etc/b")).toBe(tree.read("/etc/b"));
  expect(tree.kind("/etc/a")).toBe("directory");
  expect(tree.kind("/etc/b/below-a-file")).toBe("missing");
  expect(tree.read("/etc/a")).toBeUndefined();
  expect(tree.list("/nowhere")).toEqual([]);
});

test.each([
  ["", "etc/x"],
  [".", "etc/x"],
  ["/", "/etc/x"],
  ["../host/", "../host/etc/x"],
])("shows a path below %j as %j", (display, shown) => {
  expect(directoryTree(onDisk({ "etc/x": "" }), display).read("/etc/x")?.path).toBe(shown);
});

test("resolves links inside the root and never leaves it", () => {
  const root = onDisk(
    { "etc/real": "inside", "opt/conf/x": "through a folder" },
    {
      "etc/absolute": "/etc/real",
      "etc/relative": "../etc/real",
      "etc/above": "../../../../../../etc/real",
      "etc/outside": "/etc/passwd",
      "etc/folder": "/opt/conf",
      srv: "opt",
      "etc/chain": "absolute",
    },
  );
  const tree = directoryTree(root, "");
  for (const path of ["absolute", "relative", "above", "chain"])
    expect(tree.read(`/etc/${path}`)?.text).toBe("inside");
  expect(tree.read("/etc/chain")).toBe(tree.read("/etc/real"));
  expect(tree.kind("/etc/outside")).toBe("missing");
  expect(tree.link("/etc/outside")).toBe("/etc/passwd");
  expect(tree.read("/etc/folder/x")?.path).toBe("opt/conf/x");
  expect(tree.read("/etc/folder/../real")).toBeUndefined();
  expect(tree.read("/../../etc/real")?.text).toBe("inside");
  expect(tree.list("/etc/folder")).toEqual(["x"]);
  expect(tree.link("/srv/conf")).toBeUndefined();
  expect(tree.link("/etc/real")).toBeUndefined();
});

test("takes a link to /dev/null for masked and a loop for missing", () => {
  const root = onDisk(
    { "etc/x": "" },
    {
      "etc/masked": "/dev/null",
      "etc/masked-relative": "../dev/null",
      "etc/twice": "masked",
      "etc/one": "two",
      "etc/two": "one",
      "etc/self": "self/deeper",
      "etc/round": "../etc",
    },
  );
  const tree = directoryTree(root, "");
  expect(tree.kind("/etc/masked")).toBe("masked");
  expect(tree.kind("/etc/masked-relative")).toBe("masked");
  expect(tree.kind("/etc/twice")).toBe("masked");
  expect(tree.read("/etc/masked")).toBeUndefined();
  for (const path of ["one", "two", "self"]) expect(tree.kind(`/etc/${path}`)).toBe("missing");
  expect(tree.read("/etc/round/round/round/x")?.path).toBe("etc/x");
});

test("names a FIFO, a socket and a directory that stand where a file is expected", async () => {
  const root = onDisk({ "etc/": "" });
  execFileSync("/usr/bin/mkfifo", [join(root, "etc/fifo")]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(root, "etc/socket"), resolve));
  const tree = directoryTree(root, "");
  expect(tree.kind("/etc/fifo")).toBe("unreadable");
  expect(tree.read("/etc/fifo")).toBeUndefined();
  expect(tree.head("/etc/fifo")).toBeUndefined();
  expect(tree.problem("/etc/fifo")).toMatchObject({
    rule: "files/unreadable",
    message: "etc/fifo cannot be read: it is a FIFO, not a regular file",
    at: { file: { path: "etc/fifo", text: "" }, start: 0, end: 0 },
  });
  expect(tree.problem("/etc/socket")?.message).toContain("it is a socket");
  expect(tree.problem("/etc")).toBeUndefined();
  server.close();
});

test("does not read a file above the limit", () => {
  const root = onDisk({ "etc/fits": "", "etc/large": "" });
  truncateSync(join(root, "etc/large"), largestFile + 1);
  truncateSync(join(root, "etc/fits"), 50 * 1024 * 1024);
  const tree = directoryTree(root, "");
  expect(tree.kind("/etc/large")).toBe("unreadable");
  expect(tree.problem("/etc/large")?.message).toContain("65 MB, more than the 64 MB");
  expect(tree.read("/etc/fits")?.text.length).toBe(50 * 1024 * 1024);
});

test("says so where the user may not read", () => {
  const root = onDisk({ "etc/secret": "x", "etc/closed/x": "x" });
  chmodSync(join(root, "etc/secret"), 0);
  chmodSync(join(root, "etc/closed"), 0);
  const tree = directoryTree(root, "");
  // The superuser may read everything.
  const isRoot = process.getuid?.() === 0;
  expect(tree.kind("/etc/secret")).toBe(isRoot ? "file" : "unreadable");
  expect(tree.problem("/etc/secret")?.message).toBe(
    isRoot ? undefined : "etc/secret cannot be read: permission denied",
  );
  tree.list("/etc/closed");
  expect(tree.kind("/etc/closed")).toBe(isRoot ? "directory" : "unreadable");
  chmodSync(join(root, "etc/closed"), 0o755);
});

test("keeps what it has read", () => {
  const root = onDisk({ "etc/x": "before" });
  const tree = directoryTree(root, "");
  expect(tree.read("/etc/x")?.text).toBe("before");
  writeFileSync(join(root, "etc/x"), "after");
  expect(tree.read("/etc/x")?.text).toBe("before");
});

test.each([["a\0b"], [`/${"x".repeat(5000)}`], ["/x".repeat(3000)], [""], ["//"], ["/.."]])(
  "answers for the odd path %#",
  (path) => {
    const tree = directoryTree(onDisk({ "etc/x": "" }), "");
    expect(["missing", "directory"]).toContain(tree.kind(path));
    expect(tree.read(path)).toBeUndefined();
  },
);

test("gives the beginning of a text and nothing of binary data", () => {
  const root = onDisk({
    text: "x".repeat(100_000),
    binary: new Uint8Array([65, 0, 66]),
    latin: new Uint8Array([0xe9]),
  });
  const tree = directoryTree(root, "");
  expect(tree.head("/text")?.length).toBe(65_536);
  expect(tree.head("/binary")).toBeUndefined();
  expect(tree.read("/latin")?.encoding).toBe("latin-1");
});

test("lists a folder with what its entries are", () => {
  const root = onDisk({ "etc/conf.d/": "" });
  for (let at = 0; at < 500; at += 1) writeFileSync(join(root, "etc/conf.d", `${at}.conf`), "");
  mkdirSync(join(root, "etc/conf.d/folder"));
  const tree = directoryTree(root, "");
  expect(tree.entries("/etc/conf.d").length).toBe(501);
  expect(tree.entries("/etc/conf.d").at(-1)).toEqual({ name: "folder", kind: "directory" });
});

test("a link that git checked out as text is followed like a link", () => {
  const tree = directoryTree(
    onDisk({
      "etc/sysctl.conf": "net.core.somaxconn = 4096\n",
      "etc/sysctl.d/99-sysctl.conf": "../sysctl.conf",
      "etc/sysctl.d/60-net.conf": "../sysctl.conf\n",
    }),
    "",
  );
  expect(tree.link("/etc/sysctl.d/99-sysctl.conf")).toBe("../sysctl.conf");
  expect(tree.read("/etc/sysctl.d/99-sysctl.conf")?.path).toBe("etc/sysctl.conf");
  expect(tree.link("/etc/sysctl.d/60-net.conf")).toBeUndefined();
});
