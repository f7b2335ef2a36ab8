import { mostLength } from "./arithmetic.ts";
import { bool, type Data, int, str, type Term, term } from "./data.ts";
import { GivenUp, Raised } from "./raised.ts";

const blank = "\\s\\x1c-\\x1f\\x85";

/** A method of a known string on known arguments; undefined for a method or arguments that are not read. */
export function stringMethod(self: string, name: string, values: readonly Data[]): Data | undefined {
  const [first, second] = values;
  switch (name) {
    case "lower":
    case "casefold":
      return str(self.toLowerCase());
    case "upper":
      return str(self.toUpperCase());
    case "capitalize":
      return str(self.charAt(0).toUpperCase() + self.slice(1).toLowerCase());
    case "title":
      return str(
        self.toLowerCase().replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1)),
      );
    case "strip":
    case "lstrip":
    case "rstrip":
      return stripped(self, name, first);
    case "split":
    case "rsplit":
      return split(self, name === "rsplit", first, second);
    case "splitlines":
      if (values.length > 0) return undefined;
      return list(self === "" ? [] : self.replace(/(\r\n|\r|\n)$/, "").split(/\r\n|\r|\n/));
    case "startswith":
    case "endswith":
      return values.length === 1 && first !== undefined ? affix(self, name, first) : undefined;
    case "isdigit":
    case "isdecimal":
    case "isnumeric":
      return bool(/^[0-9]+$/.test(self));
    case "isalpha":
      return bool(/^\p{L}+$/u.test(self));
    case "isalnum":
      return bool(/^[\p{L}\p{N}]+$/u.test(self));
    case "isspace":
      return bool(new RegExp(`^[${blank}]+$`).test(self));
    case "isupper":
      return bool(self === self.toUpperCase() && self !== self.toLowerCase());
    case "islower":
      return bool(self === self.toLowerCase() && self !== self.toUpperCase());
    case "replace":
      return replaced(self, values);
    case "join":
      return joined(self, first);
    case "find":
    case "index":
      return found(self, name, values);
    case "count":
      return first?.kind === "str" && first.value !== "" && values.length === 1
        ? int(self.split(first.value).length - 1)
        : undefined;
    case "partition":
    case "rpartition":
      return partitioned(self, name, first);
    case "zfill":
      if (first?.kind !== "int" || first.value > BigInt(mostLength)) return undefined;
      return str(
        self.replace(
          /^([+-]?)(.*)$/s,
          (_, sign: string, rest: string) => sign + rest.padStart(Number(first.value) - sign.length, "0"),
        ),
      );
    case "swapcase":
      return str(
        [...self]
          .map((each) => (each === each.toUpperCase() ? each.toLowerCase() : each.toUpperCase()))
          .join(""),
      );
    case "ljust":
    case "rjust":
    case "center":
      return padded(self, name, first, second);
    case "removeprefix":
      if (first?.kind !== "str") return undefined;
      return str(first.value !== "" && self.startsWith(first.value) ? self.slice(first.value.length) : self);
    case "removesuffix":
      if (first?.kind !== "str") return undefined;
      return str(
        first.value !== "" && self.endsWith(first.value) ? self.slice(0, -first.value.length) : self,
      );
    default:
      return undefined;
  }
}

function padded(
  self: string,
  name: "ljust" | "rjust" | "center",
  width: Data | undefined,
  filler: Data | undefined,
): Data | undefined {
  const fill = filler === undefined ? " " : filler.kind === "str" ? filler.value : undefined;
  if (width?.kind !== "int" || width.value > BigInt(mostLength) || fill?.length !== 1) return undefined;
  const missing = Math.max(0, Number(width.value) - [...self].length);
  // An odd blank goes left where the width is odd: CPython, Objects/unicodeobject.c, str.center.
  const odd = missing % 2 === 1 && Number(width.value) % 2 === 1 ? 1 : 0;
  const left = name === "ljust" ? 0 : name === "rjust" ? missing : Math.floor(missing / 2) + odd;
  return str(fill.repeat(left) + self + fill.repeat(missing - left));
}

function list(values: readonly string[]): Data {
  return { kind: "list", items: values.map((value) => term(str(value))) };
}

function stripped(self: string, name: string, characters: Data | undefined): Data | undefined {
  let set = blank;
  if (characters?.kind === "str") set = characters.value.replace(/[\\\]^-]/g, "\\$&");
  else if (characters !== undefined && characters.kind !== "none") return undefined;
  if (set === "") return str(self);
  let [start, end] = [0, self.length];
  const inside = new RegExp(`[${set}]`);
  if (name !== "rstrip") while (start < end && inside.test(self.charAt(start))) start++;
  if (name !== "lstrip") while (end > start && inside.test(self.charAt(end - 1))) end--;
  return str(self.slice(start, end));
}

function split(
  self: string,
  fromEnd: boolean,
  separator: Data | undefined,
  most: Data | undefined,
): Data | undefined {
  const limit = most === undefined ? -1 : most.kind === "int" ? Number(most.value) : undefined;
  if (limit === undefined) return undefined;
  if (separator === undefined || separator.kind === "none") {
    const words = self.split(new RegExp(`[${blank}]+`)).filter((word) => word !== "");
    if (limit < 0 || words.length <= limit) return list(words);
    if (fromEnd) return undefined;
    const rest = new RegExp(`^[${blank}]*(?:[^${blank}]+[${blank}]+){${limit}}`);
    return list([...words.slice(0, limit), self.replace(rest, "")]);
  }
  if (separator.kind !== "str") return undefined;
  if (separator.value === "") throw new Raised("ValueError", "empty separator");
  const parts = self.split(separator.value);
  if (limit < 0 || parts.length <= limit + 1) return list(parts);
  const cut = fromEnd ? parts.length - limit : limit;
  const [head, tail] = [parts.slice(0, cut), parts.slice(cut)];
  return fromEnd ? list([head.join(separator.value), ...tail]) : list([...head, tail.join(separator.value)]);
}

function affix(self: string, name: string, wanted: Data): Data | undefined {
  const test = (part: string): boolean =>
    name === "startswith" ? self.startsWith(part) : self.endsWith(part);
  if (wanted.kind === "str") return bool(test(wanted.value));
  if (wanted.kind !== "tuple") return undefined;
  const parts = wanted.items.map((item) => item.data);
  return parts.every((part) => part.kind === "str")
    ? bool(parts.some((part) => part.kind === "str" && test(part.value)))
    : undefined;
}

function replaced(self: string, values: readonly Data[]): Data | undefined {
  const [from, to, count] = values;
  if (from?.kind !== "str" || to?.kind !== "str" || from.value === "") return undefined;
  const parts = self.split(from.value);
  if (parts.length * to.value.length > mostLength)
    throw new GivenUp("a string grows beyond what a setting holds");
  const most = count === undefined ? -1n : count.kind === "int" ? count.value : undefined;
  if (most === undefined) return undefined;
  if (most < 0n || most >= BigInt(parts.length - 1)) return str(parts.join(to.value));
  const cut = Number(most) + 1;
  return str([parts.slice(0, cut).join(to.value), ...parts.slice(cut)].join(from.value));
}

function joined(self: string, over: Data | undefined): Data | undefined {
  const items: readonly Term[] | undefined =
    over !== undefined && "items" in over && over.kind !== "set" ? over.items : undefined;
  if (over?.kind === "str") return str([...over.value].join(self));
  if (items === undefined) return undefined;
  const texts: string[] = [];
  for (const [index, item] of items.entries()) {
    if (item.data.kind === "opaque") return undefined;
    if (item.data.kind !== "str")
      throw new Raised("TypeError", `sequence item ${index}: expected str instance, ${item.data.kind} found`);
    texts.push(item.data.value);
  }
  const length = texts.reduce((sum, text) => sum + text.length + self.length, 0);
  if (length > mostLength) throw new GivenUp("a string grows beyond what a setting holds");
  return str(texts.join(self));
}

function found(self: string, name: string, values: readonly Data[]): Data | undefined {
  const [first] = values;
  if (first?.kind !== "str" || values.length !== 1) return undefined;
  const index = self.indexOf(first.value);
  if (index === -1 && name === "index") throw new Raised("ValueError", "substring not found");
  return int(index);
}

function partitioned(self: string, name: string, separator: Data | undefined): Data | undefined {
  if (separator?.kind !== "str" || separator.value === "") return undefined;
  const index = name === "partition" ? self.indexOf(separator.value) : self.lastIndexOf(separator.value);
  const parts =
    index !== -1
      ? [self.slice(0, index), separator.value, self.slice(index + separator.value.length)]
      : name === "partition"
        ? [self, "", ""]
        : ["", "", self];
  return { kind: "tuple", items: parts.map((part) => term(str(part))) };
}
