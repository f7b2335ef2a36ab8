import type { Account } from "../../model/limits.ts";
import { domainRange } from "../../syntax/limits/domain.ts";

/** How high a line ranks: a lower one never overrides a higher one, wherever it stands. */
export type Rank = "user" | "group" | "all";

/** `maybe`: it depends on ids or groups that are not known. */
export type Match = { readonly rank: Rank; readonly certain: boolean } | undefined;

/**
 * Whether a line with four fields reaches an account: parse_config_file of pam_limits.c. `%` is for logins only.
 *
 * @param debian with Debian's patch, by which `*`, `@group` and `%group` do not reach root
 */
export function matchEntry(account: Account, domain: string, debian: boolean): Match {
  if (domain === account.name) return { rank: "user", certain: true };
  const range = domainRange(domain);
  if (range === "malformed") return undefined;
  const spared = debian && isRoot(account);
  if (domain.startsWith("@") && !spared) return asMatch("group", inGroup(account, domain, range));
  if (domain.startsWith("%") && !spared) return undefined;
  if (range !== "none") return asMatch("user", inRange(uidOf(account), range));
  return domain === "*" && !spared ? { rank: "all", certain: true } : undefined;
}

/** Whether a line `<domain> -` takes an account out of all limits; `*` and `%group` never do. */
export function matchExemption(account: Account, domain: string): Match {
  if (domain === account.name) return { rank: "user", certain: true };
  const range = domainRange(domain);
  if (range === "malformed") return undefined;
  if (domain.startsWith("@")) return asMatch("group", inGroup(account, domain, range));
  return range === "none" ? undefined : asMatch("user", inRange(uidOf(account), range));
}

function isRoot(account: Account): boolean {
  return uidOf(account) === 0;
}

function uidOf({ name, uid }: Account): number | undefined {
  return uid ?? (name === "root" ? 0 : undefined);
}

type Range = Exclude<ReturnType<typeof domainRange>, "malformed">;

/** `@name` and `@:gid` ask all groups, `@min:` and `@min:max` the primary one only. Undefined: not known. */
function inGroup(account: Account, domain: string, range: Range): boolean | undefined {
  const { groups } = account;
  if (range === "none") {
    // Every account of a name has a group of its name or not; only a list of groups tells.
    return groups?.some(({ name }) => name === domain.slice(1));
  }
  const gid = account.gid ?? (isRoot(account) ? 0 : undefined);
  if (range.kind !== "one") return inRange(gid, range);
  return gid === range.id ? true : groups?.some((group) => group.gid === range.id);
}

function inRange(id: number | undefined, range: Exclude<Range, "none">): boolean | undefined {
  if (id === undefined) return undefined;
  if (range.kind === "one") return id === range.id;
  return id >= range.min && (range.kind === "from" || id <= range.max);
}

function asMatch(rank: Rank, answer: boolean | undefined): Match {
  return answer === false ? undefined : { rank, certain: answer === true };
}
