import type { PlacedDirective } from "./placement.ts";
import type { SetterCheck } from "./setter-call.ts";

/** A location as nginx keeps it. */
export interface LocationName {
  readonly kind: "exact" | "regex" | "named" | "prefix";
  readonly name: string;
}

/** undefined where the modifier is none. */
export function locationName({ directive }: PlacedDirective): LocationName | undefined {
  const first = directive.arg(0)?.text ?? "";
  const second = directive.arg(1)?.text;
  if (second !== undefined) {
    if (first === "=") return { kind: "exact", name: second };
    if (first === "^~") return { kind: "prefix", name: second };
    return first === "~" || first === "~*" ? { kind: "regex", name: second } : undefined;
  }
  if (first.startsWith("=")) return { kind: "exact", name: first.slice(1) };
  if (first.startsWith("^~")) return { kind: "prefix", name: first.slice(2) };
  if (first.startsWith("~")) return { kind: "regex", name: first.replace(/^~\*?/, "") };
  return { kind: first.startsWith("@") ? "named" : "prefix", name: first };
}

/** src/http/ngx_http_core_module.c ngx_http_core_location */
export const checkLocation: SetterCheck = ({ placed, context }, refuse) => {
  const location = locationName(placed);
  if (location === undefined) {
    const modifier = placed.directive.arg(0);
    refuse(`invalid location modifier "${modifier?.text}"`, modifier, { help: "It is one of =, ~, ~*, ^~." });
    return;
  }
  const owner = placed.level.owner;
  if (context !== "L" || owner === undefined || owner.directive.hole) return;
  const outer = locationName(owner);
  if (outer === undefined) return;
  const details = {
    rule: "nginx/context",
    because: [{ message: "it stands in this location", at: owner.at }],
  };
  if (outer.kind === "exact")
    refuse(
      `location "${location.name}" cannot be inside the exact location "${outer.name}"`,
      undefined,
      details,
    );
  else if (outer.kind === "named")
    refuse(
      `location "${location.name}" cannot be inside the named location "${outer.name}"`,
      undefined,
      details,
    );
  else if (location.kind === "named")
    refuse(`named location "${location.name}" can be on the server level only`, undefined, details);
  else if (location.kind !== "regex" && !location.name.startsWith(outer.name))
    refuse(`location "${location.name}" is outside location "${outer.name}"`, undefined, details);
};

/** ngx_http_core_root, which is also the setter of `alias`. */
export const checkRoot: SetterCheck = ({ placed, seen }, refuse) => {
  const [root, alias] = [seen.get("root"), seen.get("alias")];
  const first =
    root !== undefined && alias !== undefined && alias.order < root.order ? alias : (root ?? alias);
  if (first !== undefined && first !== placed && !placed.directive.file.conditional) {
    const details = {
      rule: "nginx/duplicate",
      because: [{ message: "it is set here first", at: first.at }],
    };
    if (first.name === placed.name) refuse(`"${placed.name}" directive is duplicate`, undefined, details);
    else
      refuse(
        `"${placed.name}" directive is duplicate, "${first.name}" directive was specified earlier`,
        undefined,
        details,
      );
    return;
  }
  const owner = placed.level.owner;
  if (placed.name === "alias" && owner?.name === "location" && locationName(owner)?.kind === "named")
    refuse('the "alias" directive cannot be used inside the named location');
  const path = placed.directive.arg(0);
  for (const variable of ["document_root", "realpath_root"])
    if (path?.text.includes(`$${variable}`) || path?.text.includes(`\${${variable}}`)) {
      refuse(`the $${variable} variable cannot be used in the "${placed.name}" directive`, path);
      return;
    }
};
