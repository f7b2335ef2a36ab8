/** By the letters of `Context`. */
const names: Readonly<Record<string, string>> = {
  M: "the main level",
  E: "events",
  H: "http",
  S: "server",
  I: "if in server",
  L: "location",
  J: "if in location",
  K: "limit_except",
  U: "upstream",
  T: "stream",
  V: "server of stream",
  W: "upstream of stream",
  A: "mail",
  B: "server of mail",
};

/** Contexts in words: `http, server or location`. */
export function contextNames(letters: readonly string[]): string {
  const all = letters.map((letter) => names[letter] ?? letter);
  const last = all.pop() ?? "";
  return all.length === 0 ? last : `${all.join(", ")} or ${last}`;
}
