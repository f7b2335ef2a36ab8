import { type Distribution, type Facts, facts, Version } from "../model/facts.ts";
import { bytes, connections, cpus, seconds } from "../model/units.ts";
import { type FactName, fact, factNames, type Value } from "../model/value.ts";
import { factFlags } from "../report/fact-flags.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import type { Span } from "../text/span.ts";
import { UsageError } from "./usage-error.ts";

/** A fact as somebody declared it. */
export interface DeclaredFact {
  readonly text: string;
  /** Where it is declared: `--cpus 4`, `cpus: 4 in hostlint.yaml`. */
  readonly how: string;
  readonly at?: Span;
  /** The declaration that it wins over. */
  readonly over?: DeclaredFact;
}

export type DeclaredFacts = { readonly [name in FactName]?: DeclaredFact };

/**
 * The facts of one host.
 *
 * @param flags by their name without the dashes: `{ cpus: "4" }`; they win over everything
 * @param layers what the configuration file declares, for all hosts and then for this one; later layers win. What
 *   lost is named in the origin of the winner.
 * @throws UsageError where a name is none of a fact, or a value cannot be read
 */
export function declaredFacts(
  flags: Readonly<Record<string, string>>,
  ...layers: readonly DeclaredFacts[]
): Facts {
  const declared = inForce(...layers, ofFlags(flags));
  const read: { -readonly [name in keyof Facts]?: Facts[name] } = {};
  for (const name of factNames) {
    const each = declared[name];
    if (each === undefined) continue;
    const wrong = factFault(name, each.text);
    if (wrong !== undefined) throw new UsageError(`${each.how}: ${wrong}`);
    Object.assign(read, readFact(name, each));
  }
  return facts(read);
}

/** What counts of several declarations: later ones win, and name what they win over. */
export function inForce(...layers: readonly DeclaredFacts[]): DeclaredFacts {
  const declared: { [name in FactName]?: DeclaredFact } = {};
  for (const layer of layers)
    for (const name of factNames) {
      const next = layer[name];
      if (next === undefined) continue;
      const lost = declared[name];
      declared[name] =
        lost === undefined ? next : { ...next, how: `${next.how}, over ${lost.how}`, over: lost };
    }
  return declared;
}

/** Facts as flags declare them, by their name without the dashes. */
export function ofFlags(flags: Readonly<Record<string, string>>): DeclaredFacts {
  const declared: { [name in FactName]?: DeclaredFact } = {};
  for (const [name, text] of Object.entries(flags)) {
    const known = factNames.find((each) => each === name);
    if (known === undefined) throw new UsageError(`unknown fact ${name}${didYouMean(name, factNames)}`);
    declared[known] = { text, how: `--${name} ${text}` };
  }
  return declared;
}

const unread = facts();

function readFact(name: FactName, { text, how, at }: DeclaredFact): Partial<Facts> {
  const known = <T>(undeclared: Value<T>, value: T): Value<T> => fact(undeclared.label, value, how, at);
  switch (name) {
    case "cpus":
      return { cpus: known(unread.cpus, cpus(Number(text))) };
    case "memory":
      return { memory: known(unread.memory, bytes(bytesOf(text))) };
    case "kernel":
      return { kernel: known(unread.kernel, new Version(text)) };
    case "distribution":
      return { distribution: known(unread.distribution, distributionOf(text)) };
    case "nginx":
      return { nginx: known(unread.nginx, new Version(text)) };
    case "gunicorn":
      return { gunicorn: known(unread.gunicorn, new Version(text)) };
    case "systemd":
      return { systemd: known(unread.systemd, new Version(text)) };
    case "concurrent":
      return { concurrent: known(unread.concurrent, connections(Number(text))) };
    case "headroom":
      return { headroom: known(unread.headroom, Number(text)) };
    case "request-seconds":
      return { requestSeconds: known(unread.requestSeconds, seconds(Number(text))) };
    case "worker-memory":
      return { workerMemory: known(unread.workerMemory, bytes(bytesOf(text))) };
  }
}

const versionForm = /^\d{1,6}(?:\.\d{1,6}){0,3}(?:[-+~.][\w.+~-]*)?$/;
const sizeForm = /^(\d{1,15}(?:\.\d{1,6})?)(?:([KMGTkmgt])(?:[iI]?[bB])?)?$/;
const distributionForm = /^([a-zA-Z][a-zA-Z0-9_.]*)[-: ](\d[\w.]*)$/;
const wholeForm = /^[1-9]\d{0,8}$/;
const numberForm = /^\d{1,9}(?:\.\d{1,9})?$/;

const expected: Readonly<Record<FactName, { readonly form: RegExp; readonly what: string }>> = {
  cpus: { form: wholeForm, what: "a whole number from 1" },
  memory: { form: sizeForm, what: "a size in bytes or with K, M, G or T (powers of 1024)" },
  kernel: { form: versionForm, what: "a kernel release" },
  distribution: { form: distributionForm, what: "a name and a release" },
  nginx: { form: versionForm, what: "a version" },
  gunicorn: { form: versionForm, what: "a version" },
  systemd: { form: versionForm, what: "a version" },
  concurrent: { form: wholeForm, what: "a whole number from 1" },
  headroom: { form: numberForm, what: "a number from 1" },
  "request-seconds": { form: numberForm, what: "seconds above 0" },
  "worker-memory": { form: sizeForm, what: "a size in bytes or with K, M, G or T (powers of 1024)" },
};

/** What is wrong with the text of a fact; undefined where it can be read. */
export function factFault(name: FactName, text: string): string | undefined {
  const { form, what } = expected[name];
  const least = name === "headroom" ? 1 : Number.MIN_VALUE;
  const tooSmall =
    (form === numberForm && Number(text) < least) ||
    (form === sizeForm && form.test(text) && bytesOf(text) < 1);
  if (form.test(text) && !tooSmall) return undefined;
  return `expected ${what}, such as ${factFlags[name].example}, not "${text}"`;
}

/** The form of a fact for the JSON schema: YAML there reads `4` as a number and `5.15.0` as a text. */
export function factForm(name: FactName): Readonly<Record<string, unknown>> {
  const { form } = expected[name];
  const { source: pattern } = form;
  if (form === distributionForm) return { type: "string", pattern };
  if (form === wholeForm) return { type: ["integer", "string"], minimum: 1, pattern };
  if (form === versionForm) return { type: ["number", "string"], minimum: 0, pattern };
  const least = name === "headroom" ? { minimum: 1 } : { exclusiveMinimum: 0 };
  return { type: ["number", "string"], ...least, pattern };
}

/** `8G`, `8GiB` and `8GB` are all 8 x 1024^3, as memory is sold and as systemd and free(1) count it. */
function bytesOf(text: string): number {
  const [, number = "0", power = ""] = sizeForm.exec(text) ?? [];
  return Math.round(Number(number) * 1024 ** (power === "" ? 0 : "KMGT".indexOf(power.toUpperCase()) + 1));
}

function distributionOf(text: string): Distribution {
  const [, name = "", release = ""] = distributionForm.exec(text) ?? [];
  return { name: name.toLowerCase(), release };
}
