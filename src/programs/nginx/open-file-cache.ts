import type { Descriptors } from "../../model/units.ts";
import type { Value } from "../../model/value.ts";
import type { Level } from "./placement.ts";
import { measured, numberKind, type Reader, type ValueKind } from "./reader.ts";

const blocks = new Set(["server", "location", "if", "limit_except"]);

const maxKind: ValueKind<number> = {
  ...numberKind,
  parse: (text) => {
    const number = numberKind.parse(text);
    return number === 0 ? undefined : number;
  },
};

/**
 * The largest `open_file_cache max=` of the http module: so many descriptors one worker keeps for files. undefined
 * where it is off everywhere.
 */
export function openFileCache(http: readonly Level[], reader: Reader): Value<Descriptors> | undefined {
  let largest: Value<number> | undefined;
  const waiting: Level[] = [...http];
  for (let level = waiting.pop(); level !== undefined; level = waiting.pop())
    for (const directive of level.directives) {
      if (directive.block !== undefined && blocks.has(directive.name)) waiting.push(directive.block);
      if (directive.name !== "open_file_cache") continue;
      const word = directive.directive.args.find((each) => each.text.startsWith("max="));
      if (word === undefined) continue;
      const value = reader.word("open_file_cache", word, word.text.slice("max=".length), maxKind);
      if (largest === undefined || !value.known || (largest.known && value.value > largest.value))
        largest = value;
    }
  return largest && measured<Descriptors>(largest);
}
