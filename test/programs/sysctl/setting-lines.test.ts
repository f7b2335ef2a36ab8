import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { Version } from "../../../src/model/facts.ts";
import { fact } from "../../../src/model/value.ts";
import { keyNames } from "../../../src/programs/sysctl/key-names.ts";
import { resolveSysctl } from "../../../src/programs/sysctl/resolve-sysctl.ts";
import { spanText } from "../../../src/text/span.ts";

const settings = (files: Record<string, string>, kernel?: string) =>
  resolveSysctl(
    memoryTree(files),
    kernel === undefined ? {} : { kernel: fact("kernel", new Version(kernel), "--kernel") },
  ).settings;

const doubts = (text: string, kernel?: string) =>
  settings({ "/etc/sysctl.d/x.conf": text }, kernel).doubts.map((doubt) => [
    spanText(doubt.line.keyAt),
    doubt.kind === "removed" ? `gone in ${doubt.since}` : doubt.near,
  ]);

describe("keys that are doubted", () => {
  it("are misspelt, misplaced, or one word", () => {
    expect(
      doubts(
        "net.core.somaxcon=1\nnet.ipv4.somaxconn=1\nfs.notify.max_user_watches=1\nvm_swappiness=1\nnet/ipv4/tcp_fin_timeuot=1\nfoo=1\n",
      ),
    ).toEqual([
      ["net.core.somaxcon", "net.core.somaxconn"],
      ["net.ipv4.somaxconn", "net.core.somaxconn"],
      ["fs.notify.max_user_watches", "fs.inotify.max_user_watches"],
      ["vm_swappiness", "vm.swappiness"],
      ["net/ipv4/tcp_fin_timeuot", "net.ipv4.tcp_fin_timeout"],
      ["foo", undefined],
    ]);
  });

  it("are not those of modules, interfaces, vendors, other directories and systems", () => {
    expect(
      doubts(
        "net.ipv6.ip_nonlocal_bind=1\nnet.ipv4.conf.eth0.rp_fliter=1\nnet.bridge.bridge-nf-call-iptables=1\nkernel.exec-shield=1\nkern.ipc.somaxconn=1\nhw.snd.latency=1\nnet.inet.tcp.sendspace=1\nkernel.yama.ptrace_scope=1\nnet.ipv4.*.rp_filter=1\n",
      ),
    ).toEqual([]);
  });

  it("are none of those that kernels have", () => {
    const all = Object.entries(keyNames).flatMap(([directory, names]) =>
      names
        .trim()
        .split(/\s+/)
        .map((name) => `${directory}/${name} = 1`),
    );
    expect(all.length).toBeGreaterThan(400);
    expect(doubts(`${all.join("\n")}\n`)).toEqual([]);
  });

  it("are those that a kernel has no longer", () => {
    const text = "net.ipv4.tcp_tw_recycle = 1\nkernel.sched_latency_ns = 1\n";
    expect(doubts(text)).toEqual([
      ["net.ipv4.tcp_tw_recycle", "gone in 4.12"],
      ["kernel.sched_latency_ns", "gone in 5.13"],
    ]);
    expect(doubts(text, "3.10")).toEqual([]);
  });

  it("are within the text, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("net", ".", "/", "core", "somaxcon", "=", "\n", "-", "*", "1") }),
        (text) => {
          for (const [key] of doubts(text)) expect(text).toContain(key);
        },
      ),
    );
  });
});

describe("files that nothing reads", () => {
  const unread = (files: Record<string, string>) =>
    settings(files).unread.map(({ path, hiddenBy }) => [path, hiddenBy?.path]);
  const text = "vm.swappiness = 10\n";

  it("lack .conf, or another of their name comes first", () => {
    expect(
      unread({
        "/etc/sysctl.d/50-a": text,
        "/etc/sysctl.d/60-b.conf": "",
        "/usr/lib/sysctl.d/60-b.conf": text,
        "/usr/lib/sysctl.d/70-c.conf": text,
      }),
    ).toEqual([
      ["/etc/sysctl.d/50-a", undefined],
      ["/usr/lib/sysctl.d/60-b.conf", "/etc/sysctl.d/60-b.conf"],
    ]);
  });

  it("are not texts, backups or what holds no setting", () => {
    expect(
      unread({
        "/etc/sysctl.d/README.sysctl": text,
        "/etc/sysctl.d/50-a.conf.dpkg-old": text,
        "/etc/sysctl.d/50-a.conf~": text,
        "/etc/sysctl.d/notes": "nothing here\n",
      }),
    ).toEqual([]);
  });
});
