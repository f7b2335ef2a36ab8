import { nameOf } from "../host-path.ts";
import { isForeignFormat } from "./foreign-format.ts";
import type { Verdict } from "./recognised.ts";
import { installedName } from "./template-suffix.ts";

const setting =
  /^[ \t]*-?[ \t]*(?:kernel|net|vm|fs|dev|debug|user|abi|sunrpc|crypto)(?:[./](?:[\w*?-]|\{\{[^}]*\}\})+)+[ \t]*(?:=|$|\r$)/;

/** A key in a line that sysctl does not take, such as `net.core.somaxconn: 4096`. */
const anyKey = /^[ \t]*-?[ \t]*(?:kernel|net|vm|fs)[./]\w/m;

/** Longer lines are no settings, and patterns must not run over them. */
const longestLine = 4000;

/** Whether the name or a folder makes a look inside worth it. */
export function mayBeSysctl(path: string): boolean {
  const name = installedName(nameOf(path));
  return (
    name.endsWith(".conf") ||
    (/sysctl/i.test(name) && !/\.(?:py|service)$/.test(name) && !isForeignFormat(name))
  );
}

/** Kernel settings: more than half of the lines that are no comment set a key below a root of /proc/sys. */
export function recogniseSysctl(path: string, text: string): Verdict {
  if (!mayBeSysctl(path)) return undefined;
  const named = /(?:^|\/)(?:sysctl\.d\/[^/]+|[^/]*sysctl[^/]*)$/i.test(path);
  let lines = 0;
  let ours = 0;
  for (const line of text.split("\n")) {
    if (/^\s*(?:[#;]|\{[%#]|<%|$)/.test(line)) continue;
    lines += 1;
    if (line.length < longestLine && setting.test(line)) ours += 1;
  }
  if (/(?:^|\/)ufw\/sysctl\.conf$/.test(path)) return { not: "ufw reads it, not systemd-sysctl" };
  if (ours > 0 && ours * 2 > lines) return { program: "sysctl" };
  if (!named) return undefined;
  if (ours > 0 || lines === 0 || anyKey.test(text)) return { program: "sysctl" };
  return { not: "no line sets a key of /proc/sys" };
}
