import { describe, expect, it } from "vitest";
import { memoryTree } from "../../src/files/memory-tree.ts";

describe("a tree in memory", () => {
  const tree = memoryTree(
    {
      "/etc/sysctl.d/10-a.conf": "a = 1\n",
      "etc/sysctl.d/9-b.conf": "",
      "/usr/lib/sysctl.d/50-default.conf": new Uint8Array([0x61, 0xff]),
      "/run/empty/": "",
      "/etc/x/\u{1f600}": "",
      "/etc/x/\uffee": "",
    },
    {
      "/lib": "usr/lib",
      "/etc/sysctl.d/99-sysctl.conf": "../sysctl.conf",
      "/etc/sysctl.d/mask.conf": "/dev/null",
      "/etc/sysctl.d/alias.conf": "/etc/sysctl.d/10-a.conf",
      "/etc/loop-a": "loop-b",
      "/etc/loop-b": "loop-a",
      "/etc/up": "../../../../etc",
    },
    "hosts/web",
  );

  it("tells what stands at a path", () => {
    expect(tree.kind("/")).toBe("directory");
    expect(tree.kind("/etc/sysctl.d")).toBe("directory");
    expect(tree.kind("/run/empty")).toBe("directory");
    expect(tree.kind("/etc/sysctl.d/9-b.conf")).toBe("file");
    expect(tree.kind("/etc/nothing")).toBe("missing");
    expect(tree.kind("/etc/sysctl.d/10-a.conf/below")).toBe("missing");
  });

  it("follows links inside the tree only", () => {
    expect(tree.kind("/etc/sysctl.d/mask.conf")).toBe("masked");
    expect(tree.kind("/etc/sysctl.d/99-sysctl.conf")).toBe("missing");
    expect(tree.kind("/etc/loop-a")).toBe("missing");
    expect(tree.kind("/etc/up/sysctl.d/9-b.conf")).toBe("file");
    expect(tree.read("/etc/sysctl.d/alias.conf")?.text).toBe("a = 1\n");
    expect(tree.list("/lib/sysctl.d")).toEqual(["50-default.conf"]);
    expect(tree.link("/lib")).toBe("usr/lib");
    expect(tree.link("/usr/lib")).toBeUndefined();
  });

  it("lists names in byte order", () => {
    expect(tree.list("/etc/sysctl.d")).toEqual([
      "10-a.conf",
      "9-b.conf",
      "99-sysctl.conf",
      "alias.conf",
      "mask.conf",
    ]);
    expect(tree.list("/etc/x")).toEqual(["\uffee", "\u{1f600}"]);
    expect(tree.list("/nowhere")).toEqual([]);
  });

  it("names files below the prefix and reads an empty file", () => {
    expect(tree.read("/etc/sysctl.d/9-b.conf")?.path).toBe("hosts/web/etc/sysctl.d/9-b.conf");
    expect(tree.read("/etc/sysctl.d/9-b.conf")?.text).toBe("");
    expect(tree.read("/usr/lib/sysctl.d/50-default.conf")?.encoding).toBe("latin-1");
    expect(tree.read("/etc/sysctl.d")).toBeUndefined();
    expect(memoryTree({ "/a": "" }).read("/a")?.path).toBe("a");
  });
});
