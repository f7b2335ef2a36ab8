import { asNumber, binary, mostLength } from "./arithmetic.ts";
import { type Data, float, int, str, term } from "./data.ts";
import { Raised } from "./raised.ts";

/** A function of known values; undefined where the result is not known. */
export type Computed = (values: readonly Data[]) => Data | undefined;

function based(prefix: string, radix: number): Computed {
  return ([value]) => {
    const number = value === undefined ? undefined : asNumber(value);
    if (number?.kind !== "int") return undefined;
    const digits = (number.value < 0n ? -number.value : number.value).toString(radix);
    return str((number.value < 0n ? "-" : "") + prefix + digits);
  };
}

function real(compute: (value: number) => number): Computed {
  return ([value, more]) => {
    const number = value === undefined || more !== undefined ? undefined : asNumber(value);
    const answer = number === undefined ? Number.NaN : compute(Number(number.value));
    return Number.isFinite(answer) ? float(answer) : undefined;
  };
}

const divmod: Computed = ([left, right]) => {
  if (left === undefined || right === undefined) return undefined;
  const parts = [binary("//", left, right), binary("%", left, right)];
  return { kind: "tuple", items: parts.map((part) => term(part)) };
};

const power: Computed = ([left, right, modulus]) =>
  left === undefined || right === undefined || modulus !== undefined ? undefined : binary("**", left, right);

const ord: Computed = ([value]) => {
  if (value?.kind !== "str") return undefined;
  const [only, ...rest] = value.value;
  if (only === undefined || rest.length > 0)
    throw new Raised(
      "TypeError",
      `ord() expected a character, but string of length ${[...value.value].length} found`,
    );
  return int(only.codePointAt(0) ?? 0);
};

const chr: Computed = ([value]) =>
  value?.kind === "int" && value.value >= 0n && value.value < 0xd800n
    ? str(String.fromCodePoint(Number(value.value)))
    : undefined;

/** Python's own functions of numbers. */
export const numberFunctions: readonly (readonly [name: string, compute: Computed])[] = [
  ["divmod", divmod],
  ["pow", power],
  ["ord", ord],
  ["chr", chr],
  ["hex", based("0x", 16)],
  ["oct", based("0o", 8)],
  ["bin", based("0b", 2)],
];

/** Functions of the modules math and operator. */
export const mathFunctions: readonly (readonly [name: string, compute: Computed])[] = [
  ["math.sqrt", real(Math.sqrt)],
  ["math.log2", real(Math.log2)],
  ["math.fabs", real(Math.abs)],
  [
    "math.pow",
    ([left, right]) => {
      const [one, other] = [left && asNumber(left), right && asNumber(right)];
      if (one === undefined || other === undefined) return undefined;
      const answer = Number(one.value) ** Number(other.value);
      return Number.isFinite(answer) ? float(answer) : undefined;
    },
  ],
  [
    "math.gcd",
    (values) => {
      let answer = 0n;
      for (const value of values) {
        if (value.kind !== "int") return undefined;
        let next = value.value < 0n ? -value.value : value.value;
        while (next !== 0n) [answer, next] = [next, answer % next];
      }
      return values.length > mostLength ? undefined : int(answer);
    },
  ],
];
