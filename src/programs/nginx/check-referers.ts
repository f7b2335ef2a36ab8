import type { Complaints } from "./complaint.ts";
import { HostnameKeys } from "./hostname-keys.ts";
import type { PlacedDirective } from "./placement.ts";
import type { Declared, SetterCheck } from "./setter-call.ts";

/** `valid_referers`: names with wildcards and paths, or regular expressions (ngx_http_valid_referers). */
export const checkReferers: SetterCheck = ({ placed, declared }, refuse) => {
  let keys = declared.referers.get(placed.level);
  if (keys === undefined) {
    keys = new HostnameKeys();
    declared.referers.set(placed.level, keys);
  }
  for (const word of placed.directive.args) {
    const { text } = word;
    if (/^(?:none|blocked|server_names)$/.test(text) || (text.length > 1 && text.startsWith("~"))) continue;
    const name = text.replace(/\/.*$/s, "");
    const answer = text === "" || text === "~" ? undefined : keys.add(name, placed, true);
    if (answer === "taken") continue;
    if (text === "") refuse('invalid referer ""', word);
    else if (text === "~") refuse('empty regex in "~"', word);
    else if (answer === "no name") refuse(`invalid hostname or wildcard "${name}"`, word);
    else
      refuse(`conflicting parameter "${name.toLowerCase()}"`, word, {
        rule: "nginx/duplicate",
        ...(keys.met === undefined
          ? {}
          : { because: [{ message: "the name stands here first", at: keys.met.at }] }),
      });
    return;
  }
};

/**
 * `none` or `blocked` without any name, which nginx finds when it merges the levels; regular expressions do not count
 * (ngx_http_referer_merge_conf).
 */
export function checkReferersOf(
  http: PlacedDirective,
  declared: Pick<Declared, "referers">,
  complaints: Complaints,
): void {
  for (const level of declared.referers.keys()) {
    const places = level.named("valid_referers");
    const words = places.flatMap(({ args }) => args);
    const [first] = places;
    const bare = words.every((word) => /^(?:none|blocked)$/.test(word) || word.startsWith("~"));
    const marked = words.some((word) => /^(?:none|blocked)$/.test(word));
    const whole = !places.some(({ directive }) => directive.hole || directive.file.conditional);
    if (first === undefined || !bare || !marked || !whole) continue;
    complaints.refuseAt(
      http.closed,
      first,
      "nginx/value",
      'the "none" or "blocked" referers are specified in the "valid_referers" directive without any valid referer',
      { help: "Name at least one host, or write server_names." },
      undefined,
    );
    return;
  }
}
