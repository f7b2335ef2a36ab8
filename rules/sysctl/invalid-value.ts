import { groupBy } from "../../src/lint/group.ts";
import { defineRule } from "../../src/lint/rule.ts";
import type { SysctlSettings } from "../../src/model/sysctl.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A value that the kernel refuses",
    since: "0.1.0",
    sources: [
      "Linux 5.10 to 7.2, kernel/sysctl.c and the tables of the keys",
      "Linux Documentation/networking/ip-sysctl.rst",
      "systemd src/sysctl/sysctl.c, procps src/sysctl.c",
    ],
  },
  docs: () => ({
    what: "Reports a value that the kernel does not take for its key: a suffix or a comment that touches the number, quotes, an empty value, a number out of range, a port range written with a dash.",
    why: "write(2) fails with EINVAL. At boot only the last line of a key is written, so the kernel's default stays; `sysctl --system` writes every line, so an earlier one stays in force.",
    fix: "Write plain numbers, with blanks between them.",
    exceptions:
      "Only values that every kernel from 4.11 to 7.2 refuses, or the host's kernel where it is known. A `-` before the key says that a failure is fine.",
  }),
  examples: () => [
    {
      title: "A suffix, a dash and a semicolon",
      files: {
        "etc/sysctl.d/60-net.conf":
          "net.core.somaxconn = «64k»\nnet.ipv4.ip_local_port_range = «1024-65535»\nfs.nr_open = «2000000;»\n",
      },
      findings: [
        "the kernel refuses `64k` for net.core.somaxconn, so the line sets nothing",
        "the kernel refuses `1024-65535` for net.ipv4.ip_local_port_range, so the line sets nothing",
        "the kernel refuses `2000000;` for fs.nr_open, so the line sets nothing",
      ],
    },
    {
      title: "An earlier line stays, but only by hand",
      files: {
        "etc/sysctl.d/60-net.conf": "net.core.somaxconn = ⟦4096⟧\nnet.core.somaxconn = «65,535»\n",
      },
      findings: [
        "the kernel refuses `65,535` for net.core.somaxconn: its default stays at boot, 4096 after sysctl --system",
      ],
    },
    {
      title: "Quiet: a comment after a blank, hexadecimal, and a line that may fail",
      files: {
        "etc/sysctl.d/60-net.conf":
          "net.core.somaxconn = 4096 # twice\nfs.nr_open = 0x100000\nnet.ipv4.ip_local_port_range = 1024\t65535\n-net.ipv4.tcp_syncookies = on\n",
      },
    },
  ],
  *check(host) {
    const tolerated = new Set(
      host.sysctl.lines.filter((line) => line.tolerated).map(({ at }) => `${at.file.path}\0${at.start}`),
    );
    const refused = host.sysctl.refused.filter(({ reason }) => reason === "EINVAL" || reason === "ENOENT");
    for (const [first] of groupBy(refused, ({ at }) => `${at.file.path}\0${at.start}`)) {
      if (first === undefined || tolerated.has(`${first.at.file.path}\0${first.at.start}`)) continue;
      const { key, text, at } = first;
      const name = key.replaceAll("/", ".");
      const { boot, manual } = { boot: host.sysctl.boot(key), manual: host.sysctl.manual(key) };
      const stays = [boot, manual].filter((value) => value !== undefined);
      yield {
        at,
        severity: boot?.known === true ? "warning" : "error",
        message: `the kernel refuses \`${shown(text)}\` for ${name}${consequence(boot, manual)}`,
        because: stays.length > 0 ? stays : [{ message: "refused with EINVAL", at }],
        ...help(key, text),
      };
    }
  },
});

type Standing = ReturnType<SysctlSettings["boot"]>;

function consequence(boot: Standing, manual: Standing): string {
  if (boot === undefined && manual === undefined) return ", so the line sets nothing";
  if (boot?.known === true && manual?.known === true && boot.value === manual.value)
    return `: ${valueText(boot)} stays`;
  const text = (value: Standing): string =>
    value === undefined ? "its default" : value.known ? valueText(value) : "another value";
  return `: ${text(boot)} stays at boot, ${text(manual)} after sysctl --system`;
}

function help(key: string, text: string): { help?: string } {
  if (/\s[#;]/.test(text)) return { help: "a comment needs a line of its own" };
  if (/^["'].*["']$/.test(text)) return { help: "leave out the quotes" };
  if (/^\d+\s*[-,:]\s*\d+$/.test(text)) return { help: `write ${text.replace(/\s*[-,:]\s*/, " ")}` };
  if (key === "net/ipv4/ip_local_port_range")
    return {
      help: "two numbers up to 65535, the first at least net.ipv4.ip_unprivileged_port_start (1024)",
    };
  if (/^-?\d+\s*[;#]/.test(text)) return { help: `write ${/^-?\d+/.exec(text)?.[0]}` };
  return /^\d+[kmg]b?$/i.test(text) ? { help: "the kernel knows no suffixes: write the whole number" } : {};
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
