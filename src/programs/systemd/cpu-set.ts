import { largest32, parseUnsigned } from "./numbers.ts";

/** As many CPUs as Linux can have (CONFIG_NR_CPUS). */
const mostCpus = 8192;

/**
 * A list of CPUs: `0-3,6`, `0 2` (parse_cpu_set of src/shared/cpu-set-util.c). `word` is the first that is no
 * number or range; `reversed` are ranges that end before they begin, which name no CPU.
 */
export function parseCpuSet(
  text: string,
): { readonly cpus: ReadonlySet<number>; readonly reversed: readonly string[] } | { readonly word: string } {
  const cpus = new Set<number>();
  const reversed: string[] = [];
  for (const word of text.split(/[ \t\n\r,]+/).filter((each) => each !== "")) {
    const bare = word.replace(/["']/g, "");
    const [first = "", ...more] = bare.split("-");
    const lower = parseUnsigned(first, largest32);
    const upper = more.length === 0 ? lower : parseUnsigned(more.join("-"), largest32);
    if (typeof lower !== "number" || typeof upper !== "number" || lower >= mostCpus) return { word };
    if (lower > upper) reversed.push(word);
    for (let cpu = lower; cpu <= Math.min(upper, mostCpus - 1); cpu++) cpus.add(cpu);
  }
  return { cpus, reversed };
}
