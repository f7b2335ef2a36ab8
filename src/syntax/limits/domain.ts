/** Ids that a domain names; bounds are inclusive. `none`: the domain is a name. */
export type DomainRange =
  | "none"
  | "malformed"
  | { readonly kind: "one"; readonly id: number }
  | { readonly kind: "from"; readonly min: number }
  | { readonly kind: "between"; readonly min: number; readonly max: number };

const largestId = 2 ** 32;

/** `min:`, `:id` or `min:max`, perhaps after `@` or `%`: parse_uid_range of pam_limits.c. */
export function domainRange(domain: string): DomainRange {
  const colon = domain.indexOf(":");
  if (colon === -1) return "none";
  const from = /^[@%]/.test(domain) ? 1 : 0;
  const lower = colon <= from ? undefined : id(domain.slice(from, colon));
  if (Number.isNaN(lower)) return "malformed";
  const rest = domain.slice(colon + 1);
  if (rest === "") return lower === undefined ? "malformed" : { kind: "from", min: lower };
  const upper = id(rest);
  if (Number.isNaN(upper)) return "malformed";
  return lower === undefined ? { kind: "one", id: upper } : { kind: "between", min: lower, max: upper };
}

/** strtoul in base 10, cut to 32 bits; NaN where it is no number. */
function id(text: string): number {
  if (!/^\s*[+-]?\d{1,19}$/.test(text)) return Number.NaN;
  const value = Number(BigInt(text.trim().replace("+", "")) % BigInt(largestId));
  return value < 0 ? value + largestId : value;
}
