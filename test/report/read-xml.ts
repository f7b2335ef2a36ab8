export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** Characters that XML 1.0 may hold (section 2.2), without the two that a report has no use for. */
const allowed = /^[\n\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const token =
  /<\/([a-z-]+)>|<([a-z-]+)((?: [a-z]+="[^"<\n]*")*)(\/?)>|((?:[^<>&]|&(?:amp|lt|gt|quot|apos);)+)/gy;

function decoded(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|apos);)/.test(text)) throw new Error(`a bare & in ${text}`);
  return text.replace(/&(\w+);/g, (found, name: string) => entities[name] ?? found);
}

/** Reads the part of XML that reports are written in; throws for everything else. */
export function readXml(document: string): Element {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(head)) throw new Error("no declaration");
  if (!allowed.test(document)) throw new Error("a character that XML cannot hold");
  const top: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  let end = head.length;
  for (token.lastIndex = end; end < document.length; end = token.lastIndex) {
    const match = token.exec(document);
    const parent = open.at(-1);
    if (match === null || parent === undefined)
      throw new Error(`not well formed: ${document.slice(end, end + 80)}`);
    const [, closed, name, list = "", empty, text] = match;
    if (text !== undefined) parent.text += decoded(text);
    else if (closed !== undefined) {
      if (open.pop()?.name !== closed) throw new Error(`</${closed}> closes nothing`);
    } else if (name !== undefined) {
      const pairs = [...list.matchAll(/ ([a-z]+)="([^"]*)"/g)];
      const keys = pairs.map(([, key = ""]) => key);
      if (new Set(keys).size < keys.length) throw new Error(`an attribute twice in <${name}>`);
      const attributes = Object.fromEntries(pairs.map(([, key = "", value = ""]) => [key, decoded(value)]));
      const element: Element = { name, attributes, children: [], text: "" };
      parent.children.push(element);
      if (empty === "") open.push(element);
    }
  }
  const [root, ...others] = top.children;
  if (open.length !== 1 || root === undefined || others.length > 0) throw new Error("not one root");
  return root;
}
