import * as v from "valibot";
import { fileRoles } from "../files/recognise/declared-role.ts";
import { type FactName, factNames } from "../model/value.ts";
import { factFlags } from "../report/fact-flags.ts";
import { severityNames } from "./arguments.ts";
import { factFault, factForm } from "./facts.ts";

/**
 * The shape of hostlint.yaml. `v.description` is what an editor shows beside a key; `v.metadata` tells the JSON
 * schema (src/build/configuration-json-schema.ts) what a check in code means.
 */

/** Every scalar arrives as the text that is written, so that `kernel: 5.10` does not become 5.1. */
const text = v.pipe(v.string(expected("a text")), v.nonEmpty("expected a text, not nothing"));

function factText(name: FactName) {
  const { what, example } = factFlags[name];
  return v.optional(
    v.pipe(
      v.string(expected("a value")),
      v.check(
        (written) => factFault(name, written) === undefined,
        ({ input }) => factFault(name, input) ?? "",
      ),
      v.metadata(factForm(name)),
      v.description(`${what.replace(/^./, (first) => first.toUpperCase())}, such as ${example}.`),
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

const facts = v.pipe(
  mapping("facts", {
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
    "worker-memory": factText("worker-memory"),
  } satisfies Record<FactName, unknown>),
  v.description("What no file of a host says. What is not declared is unknown."),
);

const paths = v.pipe(v.array(text, expected("a list of paths")), v.minLength(1, "names no file"));

const fileRole = v.picklist(fileRoles, ({ input }) =>
  typeof input === "string"
    ? `expected ${fileRoles.join(", ")}, not "${input}"`
    : expected("a role")({ input }),
);

const host = v.pipe(
  mapping("a host", {
    name: v.optional(v.pipe(text, v.description("How reports name the host; else its root."))),
    root: v.optional(v.pipe(text, v.description("A tree with etc/, counted from the folder of this file."))),
    files: v.optional(v.pipe(paths, v.description("The files that make the host together."))),
    roles: v.optional(
      v.pipe(
        noList("files with their roles"),
        v.record(v.string(), fileRole),
        v.description("What single files are, where their names and contents do not tell."),
      ),
    ),
    facts: v.optional(v.pipe(facts, v.description("Facts of this host, over those for every host."))),
  }),
  v.check(
    ({ root, files }) => (root === undefined) !== (files === undefined),
    "a host needs either root or files",
  ),
  v.check(
    ({ name, root, files }) => files === undefined || root !== undefined || name !== undefined,
    "a host of files needs a name",
  ),
  v.metadata({ oneOf: [{ required: ["root"] }, { required: ["files", "name"] }] }),
);

/** What is wrong with a severity. */
export function severityFault({ input }: { readonly input: unknown }): string {
  return typeof input === "string"
    ? `expected ${severityNames.join(", ")}, not "${input}"`
    : expected("a severity")({ input });
}

/** Severities and options; src/cli/configuration-rules.ts reads them, since each rule has options of its own. */
export const ruleSettings = v.pipe(
  noList("rules with their severities"),
  v.description("Severities and options by rule."),
);

/** Rule ids are checked against the rules that exist. */
export const fileSeverities = v.pipe(
  noList("rules with their severities"),
  v.record(
    v.string(),
    v.picklist(severityNames, (issue) =>
      typeof issue.input === "object" && !Array.isArray(issue.input)
        ? "expected a severity, not a mapping: options count for all files and stand in rules at the top"
        : severityFault(issue),
    ),
  ),
  v.description("Severities by rule: error, warning, info or off."),
);

const override = mapping("an override", {
  files: v.pipe(
    v.array(text, expected("a list of globs")),
    v.minLength(1, "names no file"),
    v.description("Globs of the files whose findings are meant."),
  ),
  rules: fileSeverities,
});

/** The shape of hostlint.yaml. */
export const configurationSchema = mapping("facts, hosts, rules and ignore", {
  extends: v.optional(
    v.pipe(
      v.union([text, v.array(text)], expected("a path or a list of paths")),
      v.description("One or more other files of this kind that this one builds on; what stands here wins."),
    ),
  ),
  facts: v.optional(facts),
  hosts: v.optional(
    v.pipe(
      v.array(host, expected("a list of hosts")),
      v.description("The hosts of this repository. Without this list they are discovered."),
    ),
  ),
  rules: v.optional(ruleSettings),
  overrides: v.optional(
    v.pipe(
      v.array(override, expected("a list of overrides")),
      v.description("Severities for findings in some files, over `rules`; later ones win."),
    ),
  ),
  ignore: v.optional(
    v.pipe(
      v.array(text, expected("a list of paths")),
      v.description("Globs of paths that are left out, with everything below them."),
    ),
  ),
});

export const topKeys: readonly string[] = ["extends", "facts", "hosts", "rules", "overrides", "ignore"];

/** The keys that are known beside an unknown one. */
export function keysBeside(path: readonly PropertyKey[]): readonly string[] {
  if (path.at(-2) === "facts") return factNames;
  if (path.length === 1) return topKeys;
  return path[0] === "overrides" ? overrideKeys : hostKeys;
}

const hostKeys = ["name", "root", "files", "roles", "facts"];
const overrideKeys = ["files", "rules"];

/** A fault's words for something else than what is needed. */
export function expected(what: string): (issue: { readonly input: unknown }) => string {
  return ({ input }) => `expected ${what}, not ${kindText(input)}`;
}

export function kindText(input: unknown): string {
  if (input === undefined) return "nothing";
  if (typeof input === "string") return input === "" ? "nothing" : `"${input}"`;
  return Array.isArray(input) ? "a list" : "a mapping";
}
