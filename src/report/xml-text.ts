import { harmless } from "./harmless-text.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for an attribute or between tags. What XML 1.0 cannot hold at all becomes a visible escape. */
export function xmlText(text: string): string {
  return harmless(text, 4000)
    .replace(/[\ufffe\uffff]/g, (found) => `\\u${found.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"']/g, (found) => entities[found] ?? found);
}

/** `<name key="value" ...` without its end. */
export function openTag(name: string, attributes: Readonly<Record<string, string | number>>): string {
  return `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${xmlText(String(value))}"`)
    .join("")}`;
}
