import { describe, expect, it } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { facts, Version } from "../../../src/model/facts.ts";
import { fact, isWritten, type Value } from "../../../src/model/value.ts";
import { kernelDefault, kernelDefaultText } from "../../../src/programs/sysctl/kernel-defaults.ts";
import { namespaceValue } from "../../../src/programs/sysctl/network-namespace.ts";
import { resolveSysctl, type SysctlOptions } from "../../../src/programs/sysctl/resolve-sysctl.ts";
import { spanText } from "../../../src/text/span.ts";

const version = (text: string) => fact("version", new Version(text), "declared");
const somaxconn = "net/core/somaxconn";

function resolve(files: Record<string, string>, options?: SysctlOptions, links?: Record<string, string>) {
  return resolveSysctl(memoryTree(files, links), options).settings;
}

function text(value: Value<string> | undefined): string | undefined {
  return value === undefined ? undefined : value.known ? value.value : `unknown: ${value.origin.why}`;
}

function losers(value: Value<string> | undefined): string[] {
  if (value?.known !== true || value.origin.kind !== "written") return [];
  return value.origin.overrode.map((loser) => (loser.known ? String(loser.value) : "unknown"));
}

describe("what stands after boot", () => {
  it("is the last value, with those it overrode, the latest first", () => {
    const settings = resolve({
      "/usr/lib/sysctl.d/10-a.conf": "net.core.somaxconn = 1\n",
      "/etc/sysctl.d/20-b.conf": "net.core.somaxconn = 2\nnet.core.somaxconn = 3\n",
      "/etc/sysctl.d/30-c.conf": "net/core/somaxconn = 4 # four\n",
    });
    for (const value of [settings.boot(somaxconn), settings.manual(somaxconn)]) {
      expect(text(value)).toBe("4");
      expect(losers(value)).toEqual(["3", "2", "1"]);
      expect(value?.label).toBe("net.core.somaxconn");
      expect(value?.origin.at && spanText(value.origin.at)).toBe("4 # four");
    }
    expect(settings.keys).toEqual([somaxconn]);
    expect(settings.present).toBe(true);
    expect(text(settings.boot("net.core.somaxconn"))).toBe("4");
  });

  it("is nothing where nothing is set", () => {
    const settings = resolve({ "/etc/hostname": "web" });
    expect(settings.boot(somaxconn)).toBeUndefined();
    expect(settings.present).toBe(false);
    expect(settings.keys).toEqual([]);
    expect(settings.refused).toEqual([]);
  });

  it("leaves /etc/sysctl.conf out unless sysctl.d links to it", () => {
    const files = {
      "/etc/sysctl.conf": "net.core.somaxconn = 1\n",
      "/etc/sysctl.d/99-zz.conf": "net.core.somaxconn = 2\n",
    };
    const alone = resolve({ "/etc/sysctl.conf": "net.core.somaxconn = 1\n" });
    expect([text(alone.boot(somaxconn)), text(alone.manual(somaxconn))]).toEqual([undefined, "1"]);
    const linked = resolve(files, {}, { "/etc/sysctl.d/99-sysctl.conf": "../sysctl.conf" });
    expect([text(linked.boot(somaxconn)), text(linked.manual(somaxconn))]).toEqual(["2", "1"]);
  });

  it("passes over a last value that the kernel refuses, as each program does", () => {
    const settings = resolve({
      "/etc/sysctl.d/a.conf": "net.core.somaxconn = 1000\nnet.core.somaxconn = 1k\n",
    });
    expect([text(settings.boot(somaxconn)), text(settings.manual(somaxconn))]).toEqual([undefined, "1000"]);
    expect(
      settings.refused.map(({ key, text: written, reason, when, at }) => [
        key,
        written,
        reason,
        when,
        spanText(at),
      ]),
    ).toEqual([
      [somaxconn, "1k", "EINVAL", "boot", "1k"],
      [somaxconn, "1k", "EINVAL", "manual", "1k"],
    ]);
  });

  it("follows patterns, exclusions and conf.default to an interface", () => {
    const settings = resolve(
      {
        "/etc/sysctl.d/a.conf":
          "net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.eth1.rp_filter\nnet.ipv4.conf.eth2.rp_filter = 0\nnet.ipv4.conf.default.log_martians = 1\n",
      },
      { procps: version("4.0.2") },
    );
    const filter = (name: string) => text(settings.boot(`net/ipv4/conf/${name}/rp_filter`));
    expect(filter("eth0")).toBe("2");
    expect(filter("eth2")).toBe("0");
    // The exclusion keeps the pattern away, but conf.default reaches it.
    expect(filter("eth1")).toBe("2");
    expect(text(settings.boot("net/ipv4/conf/eth0/log_martians"))).toBe("1");
    expect(text(settings.manual("net/ipv4/conf/eth0/rp_filter"))).toBe("2");
  });

  it("is cancelled by a later line of the key alone", () => {
    const settings = resolve(
      { "/etc/sysctl.d/a.conf": "net.core.somaxconn = 1\n-net.core.somaxconn\n" },
      { procps: version("4.0.4") },
    );
    expect([text(settings.boot(somaxconn)), text(settings.manual(somaxconn))]).toEqual([undefined, "1"]);
  });
});

describe("what cannot be known", () => {
  it("is a template", () => {
    const settings = resolve({
      "/etc/sysctl.d/a.conf":
        "net.core.somaxconn = {{ somaxconn }}\nnet.ipv4.{{ name }} = 1\nvm.swappiness = 10\n",
    });
    expect(text(settings.boot(somaxconn))).toBe("unknown: it is a template: {{ somaxconn }}");
    expect(text(settings.boot("net/ipv4/tcp_fin_timeout"))).toBe("unknown: it is a template: {{ name }}");
    expect(text(settings.boot("vm/swappiness"))).toBe("10");
    expect(settings.boot("fs/file-max")).toBeUndefined();
  });

  it("is what depends on a version that is not known", () => {
    const files = {
      "/etc/sysctl.d/a.conf":
        "net.ipv4.tcp_tw_recycle = 1\nnet.ipv4.conf.*.rp_filter = 1\nvm.swappiness = 150\n",
    };
    const settings = resolve(files);
    expect(settings.boot("net/ipv4/tcp_tw_recycle")).toMatchObject({
      known: false,
      origin: { fact: "kernel" },
    });
    expect(settings.boot("vm/swappiness")).toMatchObject({ known: false, origin: { fact: "kernel" } });
    expect(settings.manual("net/ipv4/conf/eth0/rp_filter")).toMatchObject({ known: false });
    const distribution = fact("distribution", { name: "debian", release: "12.5" }, "declared");
    expect(text(resolve(files, { distribution }).manual("net/ipv4/conf/eth0/rp_filter"))).toBe("1");
    const known = resolve(files, { kernel: version("6.1"), procps: version("3.3.17") });
    expect(known.boot("net/ipv4/tcp_tw_recycle")).toBeUndefined();
    expect(text(known.boot("vm/swappiness"))).toBe("150");
    expect(known.manual("net/ipv4/conf/eth0/rp_filter")).toBeUndefined();
    expect(known.refused.map(({ key, reason }) => `${key} ${reason}`)).toContain(
      "net/ipv4/tcp_tw_recycle no such key",
    );
  });
});

describe("the kernel's own values", () => {
  const known = facts({
    kernel: version("6.1"),
    systemd: version("252"),
    distribution: fact("distribution", { name: "debian", release: "12" }, "declared"),
  });
  const old = facts({ kernel: version("4.19"), systemd: version("239") });

  it("change with the version", () => {
    expect(kernelDefault("net.core.somaxconn", known)).toMatchObject({ known: true, value: 4096 });
    expect(kernelDefault("net.core.somaxconn", old)).toMatchObject({ known: true, value: 128 });
    expect(kernelDefault("net.core.somaxconn", facts())).toMatchObject({
      known: false,
      candidates: [{ value: 128 }, { value: 4096 }],
    });
    expect(kernelDefault("fs.nr_open", known)).toMatchObject({ value: 1048576 });
    expect(kernelDefault("fs.nr_open", old)).toMatchObject({ value: 1048576 });
    expect(kernelDefault("fs.nr_open", facts())).toMatchObject({
      known: false,
      origin: { fact: "distribution" },
    });
    expect(kernelDefault("fs.file-max", known)).toMatchObject({ value: 2 ** 63 });
    expect(kernelDefault("fs.file-max", old)).toMatchObject({ known: false, origin: { fact: "memory" } });
    expect(kernelDefault("net.ipv4.ip_local_port_range", known)).toBeUndefined();
    expect(kernelDefaultText("net.ipv4.ip_local_port_range", known)).toMatchObject({ value: "32768 60999" });
    expect(kernelDefault("net.ipv4.tcp_max_syn_backlog", known)).toMatchObject({ known: false });
    expect(kernelDefault("net.ipv4.tcp_fin_timeout", facts())).toMatchObject({
      value: 60,
      origin: { assuming: "Linux 5.10 or later" },
    });
    expect(kernelDefault("no.such.key", known)).toBeUndefined();
    const value = kernelDefault("net.core.somaxconn", known);
    expect(value !== undefined && isWritten(value)).toBe(false);
  });

  it.each([
    ["net.core.somaxconn", "6.1", "fresh"],
    ["net.ipv4.tcp_rmem", "6.1", "copy"],
    ["net.core.rmem_max", "6.1", "absent"],
    ["net.core.rmem_max", "6.12", "read-only"],
    ["net.core.netdev_max_backlog", "6.1", "absent"],
    ["net.netfilter.nf_conntrack_max", "6.1", "read-only"],
    ["fs.file-max", "6.1", "global"],
  ])("in a new network namespace: %s on Linux %s is %s", (key, kernel, wanted) => {
    expect(namespaceValue(key, version(kernel))).toMatchObject({ value: wanted });
  });

  it("are not told where nobody looked", () => {
    expect(namespaceValue("net.core.rmem_max", version("6.8")).known).toBe(false);
    expect(namespaceValue("net.ipv4.no_such_key", version("6.1")).known).toBe(false);
  });
});
