import fc from "fast-check";

/** A change that editors, networks, templates and strangers make to a file. */
type Damage = (bytes: Buffer, at: number) => Buffer;

const insert =
  (piece: (at: number) => Buffer | string): Damage =>
  (bytes, at) => {
    const place = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, place), Buffer.from(piece(at)), bytes.subarray(place)]);
  };

const blockOf = (bytes: Buffer, at: number): Buffer => {
  const start = at % (bytes.length + 1);
  return bytes.subarray(start, start + (at % 400));
};

const marks = [
  "{",
  "}",
  ";",
  '"',
  "'",
  "\\",
  "$",
  "#",
  "[",
  "]",
  "(",
  ")",
  "=",
  ":",
  "- ",
  "\n",
  "\t",
  "<<EOF\n",
  "${",
  "{{",
  "%}",
  "&a ",
  "*a ",
  "!!x ",
  "|",
  "`",
  "\u00a0",
  "\u2028",
  "😀",
];

const damages: readonly Damage[] = [
  (bytes, at) => {
    const flipped = Buffer.from(bytes);
    if (flipped.length > 0)
      flipped[at % flipped.length] = (flipped[at % flipped.length] ?? 0) ^ (1 << (at % 8));
    return flipped;
  },
  (bytes, at) => bytes.subarray(0, at % (bytes.length + 1)),
  (bytes, at) => bytes.subarray(at % (bytes.length + 1)),
  (bytes, at) => insert(() => blockOf(bytes, at))(bytes, at * 7),
  (bytes) => Buffer.concat([bytes, bytes]),
  (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1"),
  (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r"), "latin1"),
  (bytes) => Buffer.concat([Buffer.from("\ufeff"), bytes]),
  (bytes) => Buffer.from(bytes.toString(), "utf16le"),
  insert(() => "\0"),
  insert(() => Buffer.from([0xff, 0xfe, 0xc3])),
  insert((at) => marks[at % marks.length] ?? ""),
  insert((at) => (marks[at % marks.length] ?? "").repeat(3000)),
  insert((at) => (marks[at % marks.length] ?? "").repeat(at % 50)),
  insert(() => "x".repeat(5000)),
  insert(() => "{{ name }}"),
  insert(() => "__proto__"),
  insert(() => "99999999999999999999"),
];

/** A text with one to four damages. */
export function damaged(texts: readonly string[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.constantFrom(...damages), fc.nat()), { minLength: 1, maxLength: 4 }),
    )
    .map(([text, chosen]) =>
      chosen.reduce<Buffer>(
        (bytes, [damage, at]) => damage(bytes, at).subarray(0, 60_000),
        Buffer.from(text),
      ),
    );
}
