import { describe, expect, it } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { facts } from "../../../src/model/facts.ts";
import { fact } from "../../../src/model/value.ts";
import { mainFileAtBoot } from "../../../src/programs/sysctl/main-file-at-boot.ts";
import { resolveSysctl } from "../../../src/programs/sysctl/resolve-sysctl.ts";

const release = (name: string, release: string) => fact("distribution", { name, release }, "test");
const onlyMain = memoryTree({ "/etc/sysctl.conf": "net.core.somaxconn = 4096\n" });

describe("mainFileAtBoot", () => {
  it.each([
    ["debian", "12", "linked"],
    ["debian", "13", "not linked"],
    ["ubuntu", "22.04", "linked"],
    ["rocky", "9.4", "linked"],
    ["nixos", "25.05", "not known"],
  ])("%s %s: %s", (name, version, expected) => {
    expect(mainFileAtBoot(onlyMain, release(name, version))).toBe(expected);
  });

  it("is certain on a whole machine, where the link would be seen", () => {
    const machine = memoryTree({
      "/etc/sysctl.conf": "",
      "/usr/lib/sysctl.d/50-pid-max.conf": "",
      "/proc/sys/kernel/osrelease": "6.1.0\n",
    });
    expect(mainFileAtBoot(machine, facts().distribution)).toBe("not linked");
  });
});

describe("the boot value of a key in /etc/sysctl.conf", () => {
  const boot = (files: Record<string, string>, mainFileAtBoot: "linked" | "not linked" | "not known") =>
    resolveSysctl(memoryTree(files), { mainFileAtBoot }).settings.boot("net/core/somaxconn");

  it("counts where the link is shipped, and not where it is not", () => {
    const files = { "/etc/sysctl.conf": "net.core.somaxconn = 4096\n" };
    expect(boot(files, "linked")).toMatchObject({ known: true, value: "4096" });
    expect(boot(files, "not linked")).toBeUndefined();
  });

  it("is believed where nothing else sets it, and says how", () => {
    const value = boot({ "/etc/sysctl.conf": "net.core.somaxconn = 4096\n" }, "not known");
    expect(value).toMatchObject({ known: true, value: "4096", origin: { kind: "derived" } });
  });

  it("is one of two where the link decides between two files", () => {
    const value = boot(
      {
        "/etc/sysctl.conf": "net.core.somaxconn = 4096\n",
        "/etc/sysctl.d/60-net.conf": "net.core.somaxconn = 1024\n",
      },
      "not known",
    );
    expect(value?.known).toBe(false);
    if (value?.known === false)
      expect(value.candidates?.map((each) => each.value).sort()).toEqual(["1024", "4096"]);
  });

  it("stands at the place of the link in the order of names", () => {
    const files = {
      "/etc/sysctl.conf": "net.core.somaxconn = 4096\n",
      "/etc/sysctl.d/60-net.conf": "net.core.somaxconn = 1024\n",
      "/etc/sysctl.d/99-zz.conf": "net.core.somaxconn = 512\n",
    };
    expect(boot(files, "linked")).toMatchObject({ known: true, value: "512" });
  });
});
