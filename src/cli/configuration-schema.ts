import * as v from "valibot";
import { type FactName, factNames } from "../model/value.ts";
import { severityNames } from "./arguments.ts";
import { factFault } from "./facts.ts";

/** Every scalar arrives as the text that is written, so that `kernel: 5.10` does not become 5.1. */
const text = v.pipe(v.string(expected("a text")), v.nonEmpty("expected a text, not nothing"));

function factText(name: FactName) {
  return v.optional(
    v.pipe(
      v.string(expected("a value")),
      v.check(
        (written) => factFault(name, written) === undefined,
        ({ input }) => factFault(name, input) ?? "",
      ),
    ),
  );
}

const facts = v.strictObject(
  {
    cpus: factText("cpus"),
    memory: factText("memory"),
    kernel: factText("kernel"),
    distribution: factText("distribution"),
    nginx: factText("nginx"),
    gunicorn: factText("gunicorn"),
    systemd: factText("systemd"),
    concurrent: factText("concurrent"),
    headroom: factText("headroom"),
    "request-seconds": factText("request-seconds"),
  } satisfies Record<FactName, unknown>,
  expected("facts"),
);

const host = v.pipe(
  v.strictObject(
    {
      name: v.optional(text),
      root: v.optional(text),
      files: v.optional(v.pipe(v.array(text, expected("a list of paths")), v.minLength(1, "names no file"))),
      facts: v.optional(facts),
    },
    expected("a host"),
  ),
  v.check(
    ({ root, files }) => (root === undefined) !== (files === undefined),
    "a host needs either root or files",
  ),
  v.check(({ name, files }) => files === undefined || name !== undefined, "a host of files needs a name"),
);

const ruleSetting = v.picklist(severityNames, ({ input }) =>
  typeof input === "string"
    ? `expected ${severityNames.join(", ")}, not "${input}"`
    : expected("a severity")({ input }),
);

/** The shape of hostlint.yaml. */
export const configurationSchema = v.strictObject(
  {
    facts: v.optional(facts),
    hosts: v.optional(v.array(host, expected("a list of hosts"))),
    rules: v.optional(v.record(v.string(), ruleSetting, expected("rules with their severities"))),
    ignore: v.optional(v.array(text, expected("a list of paths"))),
  },
  expected("facts, hosts, rules and ignore"),
);

/** The keys that are known beside an unknown one. */
export function keysBeside(path: readonly PropertyKey[]): readonly string[] {
  if (path.at(-2) === "facts") return factNames;
  return path[0] === "hosts" && path.length > 1 ? hostKeys : topKeys;
}

const topKeys = ["facts", "hosts", "rules", "ignore"];
const hostKeys = ["name", "root", "files", "facts"];

function expected(what: string): (issue: { readonly input: unknown }) => string {
  return ({ input }) => `expected ${what}, not ${kindText(input)}`;
}

function kindText(input: unknown): string {
  if (typeof input === "string") return input === "" ? "nothing" : `"${input}"`;
  return Array.isArray(input) ? "a list" : "a mapping";
}
