import type { Refuse, SetterCall } from "./setter-call.ts";

/** Directives of http whose arguments, from a place on, are texts with variables that are read at once. */
const withVariables: ReadonlyMap<string, number> = new Map([
  ["return", 1],
  ["set", 1],
  ["add_header", 1],
  ["add_trailer", 1],
  ["proxy_set_header", 1],
  ["proxy_pass", 0],
  ["root", 0],
  ["alias", 0],
  ["log_format", 1],
  ["fastcgi_param", 1],
  ["uwsgi_param", 1],
  ["scgi_param", 1],
  ["map", 0],
  ["split_clients", 0],
]);

/** Faults in the spelling of variables, which ngx_http_script_compile finds (src/http/ngx_http_script.c). */
export function checkVariables({ placed }: SetterCall, refuse: Refuse): void {
  const from = withVariables.get(placed.name);
  if (from === undefined || placed.directive.file.template) return;
  if (placed.name === "return" && placed.directive.argCount === 1) return;
  const data = placed.name === "map" || placed.name === "split_clients";
  for (const word of placed.directive.args.slice(from, data ? 1 : undefined)) {
    const fault = word.text.includes("$") ? variableFault(word.text) : undefined;
    if (fault === undefined) continue;
    refuse(fault, word);
    return;
  }
}

function variableFault(text: string): string | undefined {
  for (let at = text.indexOf("$"); at !== -1; at = text.indexOf("$", at + 1)) {
    const braced = text.charAt(at + 1) === "{";
    const start = at + (braced ? 2 : 1);
    if (!braced && /[1-9]/.test(text.charAt(start))) continue;
    let end = start;
    while (end < text.length && /[A-Za-z0-9_]/.test(text.charAt(end))) end += 1;
    const name = text.slice(start, end);
    if (braced && text.charAt(end) !== "}") return `the closing bracket in "${name}" variable is missing`;
    if (name === "") return "invalid variable name";
    at = end - 1;
  }
  return undefined;
}
