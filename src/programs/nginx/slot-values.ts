import type { Version } from "../../model/facts.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { warnOfRepeated } from "./check-redefined.ts";
import type { Complaints } from "./complaint.ts";
import { type Setter, wordsIn } from "./directives.ts";
import { parseFlag, parseNumber, parseOffset, parseSize, parseTime } from "./parse-value.ts";
import type { PlacedDirective } from "./placement.ts";
import type { Declared } from "./setter-call.ts";

const help = {
  number: "Write digits only: nginx knows no sign and no unit here.",
  size: "Write a number of bytes such as 4096, 4k or 1m.",
  offset: "Write a number of bytes such as 4096, 4k, 1m or 1g.",
  time: "Write a time such as 90, 90s, 1m30s or 500ms.",
  seconds: "Write a time such as 90, 90s, 1m30s or 1d; milliseconds are not known here.",
};

const leastPool = 112;

/**
 * Reads the arguments of a directive as the generic setters of nginx do (src/core/ngx_conf_file.c
 * ngx_conf_set_*_slot) and complains in their words of what they refuse.
 */
export function checkSlot(
  placed: PlacedDirective,
  setter: Setter,
  version: Version | undefined,
  declared: Declared,
  complaints: Complaints,
): void {
  const { name } = placed;
  const words = placed.directive.args;
  const refuse = (word: NginxWord | undefined, message: string, advice?: string): void => {
    if (word === undefined || word.hole) return;
    complaints.refuse(placed, "nginx/value", message, {
      at: word.span,
      ...(advice === undefined ? {} : { help: advice }),
    });
  };
  const [first, second] = words;
  const text = first?.text ?? "";
  switch (setter.kind) {
    case "f":
      if (parseFlag(text) === undefined)
        refuse(
          first,
          `invalid value "${text}" in "${name}" directive, it must be "on" or "off"`,
          "Write on or off.",
        );
      return;
    case "n": {
      const number = parseNumber(text);
      if (number === undefined) refuse(first, `"${name}" directive invalid number`, help.number);
      else if (setter.bounds !== undefined) {
        const outside = boundsMessage(number, setter.bounds);
        if (outside !== undefined) refuse(first, `${outside}`);
      }
      return;
    }
    case "p":
    case "s": {
      const size = parseSize(text);
      // Since 1.19.7 it does nothing, and its value is read as before.
      const isPool = setter.kind === "p" || name === "http2_pool_size";
      if (size === undefined) refuse(first, `"${name}" directive invalid value`, help.size);
      else if (isPool && size < leastPool) refuse(first, `the pool size must be no less than ${leastPool}`);
      else if (isPool && size % 16 !== 0) refuse(first, "the pool size must be a multiple of 16");
      return;
    }
    case "z":
      if ((!text.includes("$") || !takesVariables(name, version)) && parseSize(text) === undefined)
        refuse(first, `"${name}" directive invalid value`, help.size);
      return;
    case "o":
      if (parseOffset(text) === undefined) refuse(first, `"${name}" directive invalid value`, help.offset);
      return;
    case "m":
      if (parseTime(text, "milliseconds") === undefined)
        refuse(first, `"${name}" directive invalid value`, help.time);
      return;
    case "t":
      if (parseTime(text, "seconds") === undefined)
        refuse(first, `"${name}" directive invalid value`, help.seconds);
      return;
    case "u": {
      const wrong = !parseNumber(text) ? first : !parseSize(second?.text ?? "") ? second : undefined;
      if (wrong !== undefined && ![first, second].some((word) => word?.hole))
        refuse(
          wrong,
          `"${name}" directive invalid value`,
          "Write a number of buffers and their size: 8 16k.",
        );
      return;
    }
    case "e":
    case "b": {
      const known = wordsIn(setter, version);
      if (known === undefined) return;
      for (const word of setter.kind === "e" ? words.slice(0, 1) : words)
        if (!word.hole && !known.includes(word.text.toLowerCase()) && !isInAnyCase(known, word.text)) {
          refuse(word, `invalid value "${word.text}"`, `It is one of ${known.join(", ")}.`);
          return;
        }
      if (setter.kind === "b") warnOfRepeated({ placed, declared, complaints });
    }
  }
}

/** The rates towards backends take variables since 1.27.0, the others longer. */
function takesVariables(name: string, version: Version | undefined): boolean {
  return (
    version === undefined ||
    version.atLeast("1.27.0") ||
    !/^(?:proxy|fastcgi|uwsgi|scgi)_limit_rate$/.test(name)
  );
}

function isInAnyCase(known: readonly string[], text: string): boolean {
  const lower = text.toLowerCase();
  return known.some((each) => each.toLowerCase() === lower);
}

/** ngx_conf_check_num_bounds */
function boundsMessage(number: number, [low, high]: readonly [number, number]): string | undefined {
  if (high === -1) return number >= low ? undefined : `value must be equal to or greater than ${low}`;
  return number >= low && number <= high ? undefined : `value must be between ${low} and ${high}`;
}
