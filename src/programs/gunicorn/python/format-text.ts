import { asNumber, mostLength } from "./arithmetic.ts";
import { type Data, pythonText, repr } from "./data.ts";
import { Raised } from "./raised.ts";

/** format(value, spec); undefined where it is not known. */
export function formatValue(data: Data, spec: string): string | undefined {
  if (spec === "") return pythonText(data);
  const parts = /^(?:(.?)([<>=^]))?([-+ ]?)(#?)(0?)(\d*)([,_]?)(?:\.(\d+))?([a-zA-Z%]?)$/su.exec(spec);
  if (parts === null) return undefined;
  const [, fillOf, alignOf, sign = "", alternate, zero, width = "", group = "", precision, type = ""] = parts;
  const number = asNumber(data);
  const size = Number(width || "0");
  if (size > mostLength || Number(precision ?? "0") > 100) return undefined;
  const base = alternate === "" ? "" : number?.kind === "int" ? basePrefixes[type] : undefined;
  if (base === undefined || (base !== "" && (alignOf ?? "=") === "=" && zero === "0" && sign !== ""))
    return undefined;
  let body: string | undefined;
  if (number === undefined || data.kind === "bool") {
    if (data.kind !== "str" || (type !== "" && type !== "s")) return undefined;
    body = precision === undefined ? data.value : data.value.slice(0, Number(precision));
  } else body = formatNumber(number, type, precision, group);
  if (body === undefined) return undefined;
  const negative = number !== undefined && body.startsWith("-");
  const lead = (negative ? "-" : sign === "-" ? "" : sign) + base;
  const digits = negative ? body.slice(1) : body;
  const align = alignOf ?? (number === undefined ? "<" : zero === "0" ? "=" : ">");
  const fill = fillOf || (zero === "0" && alignOf === undefined ? "0" : " ");
  const missing = Math.max(0, size - lead.length - digits.length);
  if (align === "=") return lead + fill.repeat(missing) + digits;
  const text = lead + digits;
  if (align === "<") return text + fill.repeat(missing);
  if (align === ">") return fill.repeat(missing) + text;
  const before = Math.floor(missing / 2);
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

/** What `#` puts before a number. */
const basePrefixes: Readonly<Record<string, string>> = { x: "0x", X: "0X", o: "0o", b: "0b", d: "", "": "" };

/** As toFixed(), but of two numbers that are equally near Python takes the even one. */
export function fixedPoint(value: number, digits: number): string {
  const text = value.toFixed(digits);
  const exact = value.toFixed(Math.min(100, digits + 40));
  const isTie =
    /^-?[0-9]*\.?[0-9]*5(0*)$/.test(exact) &&
    /^50*$/.test(exact.slice(exact.length - (Math.min(100, digits + 40) - digits)));
  if (!isTie || !/[13579]$/.test(text)) return text;
  const other = exact.slice(0, exact.length - (Math.min(100, digits + 40) - digits));
  return digits === 0 ? other.replace(/\.$/, "") : other;
}

function formatNumber(
  number:
    | { readonly kind: "int"; readonly value: bigint }
    | { readonly kind: "float"; readonly value: number },
  type: string,
  precision: string | undefined,
  group: string,
): string | undefined {
  const bases: Readonly<Record<string, number>> = { "": 10, d: 10, x: 16, X: 16, o: 8, b: 2 };
  if (number.kind === "int" && Object.hasOwn(bases, type)) {
    const text = number.value.toString(bases[type]);
    return grouped(type === "X" ? text.toUpperCase() : text, group);
  }
  const value = Number(number.value);
  if (type === "f" || type === "F") return grouped(fixedPoint(value, Number(precision ?? "6")), group);
  if (type === "%") return `${fixedPoint(value * 100, Number(precision ?? "6"))}%`;
  if (type === "" && precision === undefined && number.kind === "float") return repr(number);
  return undefined;
}

function grouped(text: string, group: string): string {
  return group === "" ? text : text.replace(/\B(?=(\d{3})+(?!\d))/g, group);
}

/** `format % values`; undefined where it is not known. */
export function percentFormat(format: string, values: Data): string | undefined {
  const list = values.kind === "tuple" ? values.items.map((item) => item.data) : [values];
  let next = 0;
  let known = true;
  const text = format.replace(
    /%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g,
    (
      _,
      name: string | undefined,
      flags: string,
      width: string,
      precision: string | undefined,
      type: string,
    ) => {
      if (type === "%") return "%";
      const named =
        name !== undefined && values.kind === "dict" ? values.entries.get(`s${name}`)?.value.data : undefined;
      const data = name === undefined ? list[next++] : named;
      if (data === undefined && name === undefined)
        throw new Raised("TypeError", "not enough arguments for format string");
      const piece = data === undefined ? undefined : percentPiece(data, type, flags, width, precision);
      known &&= piece !== undefined && Number(width || "0") <= mostLength;
      return piece ?? "";
    },
  );
  if (/%(?![a-zA-Z%(0-9 +#.-])/.test(format)) return undefined;
  if (values.kind !== "dict" && next < list.length)
    throw new Raised("TypeError", "not all arguments converted during string formatting");
  return known ? text : undefined;
}

function percentPiece(
  data: Data,
  type: string,
  flags: string,
  width: string,
  precision: string | undefined,
): string | undefined {
  const align = flags.includes("-") ? "<" : ">";
  const dot = precision === undefined ? "" : `.${precision}`;
  if (type === "s" || type === "r") {
    const text = type === "s" ? pythonText(data) : repr(data);
    return text === undefined
      ? undefined
      : formatValue({ kind: "str", value: text }, `${align}${width}${dot}`);
  }
  const number = asNumber(data);
  if (number === undefined) {
    if (data.kind === "str" || data.kind === "none")
      throw new Raised(
        "TypeError",
        `%${type} format: a real number is required, not ${data.kind === "none" ? "NoneType" : "str"}`,
      );
    return undefined;
  }
  const sign = flags.includes("+") ? "+" : "";
  const zero = flags.includes("0") && align === ">" ? "0" : "";
  const aligned = zero === "" && width !== "" ? align : "";
  if (type === "d" || type === "i") {
    const whole: Data = {
      kind: "int",
      value: number.kind === "int" ? number.value : BigInt(Math.trunc(number.value)),
    };
    return formatValue(whole, `${aligned}${sign}${zero}${width}`);
  }
  return formatValue(number, `${aligned}${sign}${zero}${width}${dot}${type}`);
}
