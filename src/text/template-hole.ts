const brackets = [
  ["{{", "}}"],
  ["{%", "%}"],
  ["{#", "#}"],
  ["<%", "%>"],
  ["${", "}"],
] as const;
const words = /%%[A-Za-z_][A-Za-z0-9_]*%%|@[A-Za-z_][A-Za-z0-9_]*@|__[A-Z](?:[A-Z0-9]|_(?!_))*__/g;
const opening =
  /\{%-?\s*(?:if|for|unless|case|macro|block|filter|raw)\b|\{\{-?\s*(?:#|if\b|range\b|with\b)|<%-?\s*(?:(?:if|unless|case|while|for)\b|[^%]*\bdo\b(?:\s*\|[^|%]*\|)?\s*-?%>)/g;
const closing = /\{%-?\s*end\w*|\{\{-?\s*(?:\/|end\b)|<%-?\s*(?:end\b|\})/g;

/** The text of the first template hole: `{{ x }}`, `{% x %}`, `<%= x %>`, `${X}`, `%%X%%`, `@X@`, `__X__`. */
export function templateHole(text: string): string | undefined {
  const place = firstHole(text, 0);
  return place === undefined ? undefined : text.slice(place.start, place.end);
}

/** The text with another one for every hole, made from the hole's length. */
export function withoutHoles(text: string, filler: (length: number) => string): string {
  let made = "";
  let at = 0;
  for (let place = firstHole(text, at); place !== undefined; place = firstHole(text, at)) {
    made += text.slice(at, place.start) + filler(place.end - place.start);
    at = place.end;
  }
  return made + text.slice(at);
}

/** How many template blocks the line opens (positive) or closes (negative): `{% if x %}`, `<% end %>`. */
export function templateDepth(text: string): number {
  return (text.match(opening)?.length ?? 0) - (text.match(closing)?.length ?? 0);
}

function firstHole(text: string, from: number): { start: number; end: number } | undefined {
  words.lastIndex = from;
  const word = words.exec(text);
  let first = word === null ? undefined : { start: word.index, end: word.index + word[0].length };
  for (const [open, close] of brackets) {
    const start = text.indexOf(open, from);
    if (start === -1 || (first !== undefined && start > first.start)) continue;
    const end = text.indexOf(close, start + open.length);
    if (end !== -1) first = { start, end: end + close.length };
  }
  return first;
}
