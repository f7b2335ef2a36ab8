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

/** A list is an object to valibot, too. */
function noList(what: string) {
  return v.pipe(
    v.unknown(),
    v.check((input) => typeof input === "object" && !Array.isArray(input), expected(what)),
  );
}

function mapping<const E extends v.ObjectEntries>(what: string, entries: E) {
  return v.pipe(noList(what), v.strictObject(entries));
}

const facts = mapping("facts", {
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
} satisfies Record<FactName, unknown>);

const host = v.pipe(
  mapping("a host", {
    name: v.optional(text),
    root: v.optional(text),
    files: v.optional(v.pipe(v.array(text, expected("a list of paths")), v.minLength(1, "names no file"))),
    facts: v.optional(facts),
  }),
  v.check(
    ({ root, files }) => (root === undefined) !== (files === undefined),
    "a host needs either root or files",
  ),
  v.check(
    ({ name, root, files }) => files === undefined || root !== undefined || name !== undefined,
    "a host of files needs a name",
  ),
);

const ruleSetting = v.picklist(severityNames, ({ input }) =>
  typeof input === "string"
    ? `expected ${severityNames.join(", ")}, not "${input}"`
    : expected("a severity")({ input }),
);

/** The shape of hostlint.yaml. */
export const configurationSchema = mapping("facts, hosts, rules and ignore", {
  facts: v.optional(facts),
  hosts: v.optional(v.array(host, expected("a list of hosts"))),
  rules: v.optional(v.pipe(noList("rules with their severities"), v.record(v.string(), ruleSetting))),
  ignore: v.optional(v.array(text, expected("a list of paths"))),
});

export const topKeys: readonly string[] = ["facts", "hosts", "rules", "ignore"];

/** The keys that are known beside an unknown one. */
export function keysBeside(path: readonly PropertyKey[]): readonly string[] {
  if (path.at(-2) === "facts") return factNames;
  return path[0] === "hosts" && path.length > 1 ? hostKeys : topKeys;
}

const hostKeys = ["name", "root", "files", "facts"];

function expected(what: string): (issue: { readonly input: unknown }) => string {
  return ({ input }) => `expected ${what}, not ${kindText(input)}`;
}

function kindText(input: unknown): string {
  if (typeof input === "string") return input === "" ? "nothing" : `"${input}"`;
  return Array.isArray(input) ? "a list" : "a mapping";
}
