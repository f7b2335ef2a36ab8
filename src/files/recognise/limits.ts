import { nameOf } from "../host-path.ts";
import { isForeignFormat } from "./foreign-format.ts";
import type { Verdict } from "./recognised.ts";
import { installedName } from "./template-suffix.ts";

const items = new Set(
  "core data fsize memlock nofile rss stack cpu nproc as maxlogins maxsyslogins nonewprivs priority locks sigpending msgqueue nice rtprio chroot".split(
    " ",
  ),
);

const hole = "\0";

/** Longer lines are no limits, and patterns must not run over them. */
const longestLine = 2000;

/** Whether the name or a folder makes a look inside worth it. */
export function mayBeLimits(path: string): boolean {
  const name = installedName(nameOf(path));
  return name.endsWith(".conf") || (/limits/i.test(path) && !name.endsWith(".py") && !isForeignFormat(name));
}

/** Limits of logins, read by pam_limits. The file that Debian ships holds nothing but comments. */
export function recogniseLimits(path: string, text: string): Verdict {
  if (!mayBeLimits(path)) return undefined;
  const installed = path.slice(0, path.length - nameOf(path).length) + installedName(nameOf(path));
  const named = /limits/i.test(nameOf(path));
  const lines = text
    .split("\n")
    .filter((line) => line.length < longestLine && !/^\s*(?:#|$)/.test(line))
    .map((line) =>
      line
        .replace(/\{\{.*?\}\}|<%.*?%>/g, hole)
        .trim()
        .split(/[ \t]+/),
    );
  if (lines.some((words) => isEntry(words, named))) return { program: "limits" };
  if (/(?:^|\/)security\/limits\.(?:conf|d\/[^/]+\.conf)$/.test(installed)) return { program: "limits" };
  return nameOf(installed) === "limits.conf" && lines.length === 0 ? { program: "limits" } : undefined;
}

/** `domain type item value` (limits.conf(5)); in a file of that name holes of a template may stand for the words. */
function isEntry([domain, type, item, value]: readonly string[], named: boolean): boolean {
  if (domain === undefined || type === undefined || item === undefined) return false;
  const isType = /^(?:soft|hard|-)$/i.test(type);
  if (isType && items.has(item.toLowerCase())) return true;
  return named && value !== undefined && (isType || type === hole) && (items.has(item) || item === hole);
}
