/** An amount of the API: CPUs, bytes. */
export interface Quantity {
  /** In billionths, rounded up: the API knows nothing smaller. */
  readonly nano: bigint;
}

const decimalExponents: ReadonlyMap<string, number> = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);
const binaryExponents: ReadonlyMap<string, bigint> = new Map([
  ["Ki", 10n],
  ["Mi", 20n],
  ["Gi", 30n],
  ["Ti", 40n],
  ["Pi", 50n],
  ["Ei", 60n],
]);
const most = (2n ** 63n - 1n) * 10n ** 9n;
/** Longer numbers are no amounts that a person wrote; arithmetic on them would only take time. */
const longest = 100;
const highestExponent = 40;

/**
 * A quantity as ParseQuantity of k8s.io/apimachinery reads it (pkg/api/resource/quantity.go, suffix.go, v0.34):
 * `500m`, `1.5`, `512Mi`, `1e3`, `.5Gi`. Digits may be missing (`Ki` is 0), capital K alone is refused, blanks around
 * it are dropped (UnmarshalJSON). Numbers above 2^63-1 are capped here for every suffix; the API does so for the
 * binary ones and for the value that reaches the kernel.
 *
 * @returns undefined for what the API server refuses
 */
export function parseQuantity(written: string): Quantity | undefined {
  const text = written.trim();
  if (text === "" || text.length > longest) return undefined;
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?([A-Za-z]*(?:[+-]?\d+)?)$/.exec(text);
  if (parts === null) return undefined;
  const [, sign = "", whole = "", fraction = "", suffix = ""] = parts;
  const scale = scaleOf(suffix);
  if (scale === undefined) return undefined;
  const digits = BigInt(`0${whole}${fraction}`) * scale.factor;
  const power = scale.exponent + 9 - fraction.length;
  let nano = power >= 0 ? digits * 10n ** BigInt(power) : dividedUp(digits, 10n ** BigInt(-power));
  if (nano > most) nano = most;
  return { nano: sign === "-" ? -nano : nano };
}

function scaleOf(suffix: string): { factor: bigint; exponent: number } | undefined {
  const binary = binaryExponents.get(suffix);
  if (binary !== undefined) return { factor: 2n ** binary, exponent: 0 };
  const decimal = decimalExponents.get(suffix);
  if (decimal !== undefined) return { factor: 1n, exponent: decimal };
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined) return undefined;
  const bounded = Math.min(Math.max(Number(exponent), -highestExponent), highestExponent);
  return { factor: 1n, exponent: bounded };
}

/** Whole units, rounded up as Quantity.Value() does; 0.5 bytes are one byte. */
export function wholeUnits({ nano }: Quantity): number {
  return Number(dividedUp(nano, 10n ** 9n));
}

/** Thousandths, rounded up as Quantity.MilliValue() does. */
export function thousandths({ nano }: Quantity): number {
  return Number(dividedUp(nano, 10n ** 6n));
}

function dividedUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend > 0n && dividend % divisor !== 0n ? quotient + 1n : quotient;
}
