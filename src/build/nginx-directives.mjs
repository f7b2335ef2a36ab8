// Writes src/programs/nginx/directive-data.ts from fixtures/programs/nginx/directives.json. With --check only says
// whether it is fresh. Fails where the command tables of the source and what nginx was seen to accept differ.
import { readFileSync, writeFileSync } from "node:fs";

const input = JSON.parse(readFileSync("fixtures/programs/nginx/directives.json", "utf8"));
const output = "src/programs/nginx/directive-data.ts";
const { versions } = input;

/** Letters of contexts, with the flag of nginx's source and the name in the observations. */
const contexts = [
  ["M", "MAIN", "main"],
  ["E", "EVENT", "events"],
  ["H", "HTTP_MAIN", "http"],
  ["S", "HTTP_SRV", "server"],
  ["I", "HTTP_SIF", "if in server"],
  ["L", "HTTP_LOC", "location"],
  ["J", "HTTP_LIF", "if in location"],
  ["K", "HTTP_LMT", "limit_except"],
  ["U", "HTTP_UPS", "upstream"],
  ["T", "STREAM_MAIN", "stream"],
  ["V", "STREAM_SRV", "stream server"],
  ["W", "STREAM_UPS", "stream upstream"],
  ["A", "MAIL_MAIN", "mail"],
  ["B", "MAIL_SRV", "mail server"],
];

const counts = { FLAG: "1", NOARGS: "0", "1MORE": "1+", "2MORE": "2+" };

function stateOfFlags(flags) {
  const set = flags.split(" ");
  const where = contexts
    .filter(([, flag]) => set.includes(flag) || set.includes("ANY"))
    .map(([letter]) => letter);
  const take = set
    .flatMap((flag) => (flag.startsWith("TAKE") ? [...flag.slice(4)] : (counts[flag] ?? [])))
    .sort();
  return `${where.join("")}${set.includes("BLOCK") ? "{" : ""}${take.join("")}`;
}

/** `http, server: 1,2; location: { 0` by groups, as [letters, block and counts]. */
function observedStates(text) {
  return text === ""
    ? []
    : text.split("; ").map((group) => {
        const [, names, take] = /^(.*): (.*)$/.exec(group);
        const letters = names
          .split(", ")
          .map((name) => contexts.find(([, , observed]) => observed === name)[0]);
        return [letters, take.replace("{ ", "{").replaceAll(",", "")];
      });
}

const index = (version) => versions.indexOf(version).toString(36);

function readEntry(text) {
  const [module, span, history, setter, ...more] = text.split("; ");
  const [first, last] = span.split(" - ");
  const states = history.split(" | ").map((each) => {
    const at = each.indexOf(" ");
    return [each.slice(0, at), stateOfFlags(each.slice(at + 1))];
  });
  if (last !== versions.at(-1)) states.push([versions[versions.indexOf(last) + 1], ""]);
  return { module, first, last, states, setter, more };
}

const stateAt = (entry, version) =>
  entry.states.findLast(([since]) => versions.indexOf(since) <= versions.indexOf(version))?.[1] ?? "";

/** How the setter reads its arguments; others are told by their name. */
const setters = {
  flag: "f",
  num: "n",
  size: "s",
  off: "o",
  msec: "m",
  sec: "t",
  enum: "e",
  bitmask: "b",
  bufs: "u",
  http_set_complex_value_size: "z",
  stream_set_complex_value_size: "z",
  str: "1",
  path: "1",
  access: "1",
  http_set_complex_value: "1",
  http_set_complex_value_zero: "1",
  stream_set_complex_value: "1",
  stream_set_complex_value_zero: "1",
};

function setterCode({ setter, more }) {
  const kind = setters[setter] ?? (more.includes("once") ? "1" : "x");
  const values = more.find((each) => each.startsWith("values "))?.slice(7);
  const bounds = more.find((each) => each.startsWith("bounds "))?.slice(7);
  const listed = values?.split(" ").map((each) => each.replace(/@(.*)$/, (_, since) => `@${index(since)}`));
  if (listed !== undefined && (kind === "e" || kind === "b")) return `${kind}=${listed.join("|")}`;
  if (bounds !== undefined) return `${kind}=${bounds.replace(" ", "|")}`;
  return more.includes("pool") ? "p" : kind;
}

const observed = input.observed;
const own = [];
for (const [name, texts] of Object.entries(input.directives)) {
  for (const entry of texts.map(readEntry)) {
    const seen = (version) => name in observed[version];
    // Distributions bring single directives into older versions.
    const older = versions[versions.indexOf("1.22.1") + 1];
    const standsIn = entry.states[0][1].charAt(0);
    const backported = observedStates(observed["1.22.1"][name] ?? "").some(([letters]) =>
      letters.includes(standsIn),
    );
    if (backported && versions.indexOf(entry.first) > versions.indexOf("1.22.1"))
      entry.states.unshift(["1.22.1", entry.states[0][1]], [older, ""]);
    const gone = versions.indexOf(entry.last) < versions.indexOf("1.22.1");
    const built = gone || seen("1.22.1") || seen("1.31.4") || entry.module.startsWith("core/");
    const states = entry.states.map(([since, state]) => `${index(since)}${state}`).join(",");
    own.push(`${name} ${built ? "" : "-"}${states} ${setterCode(entry)}`);
  }
}

for (const version of Object.keys(observed))
  for (const [name, text] of Object.entries(observed[version])) {
    const expected = observedStates(text).flatMap(([letters, take]) =>
      letters.map((letter) => `${letter}${take}`),
    );
    const read = input.directives[name].map(readEntry).flatMap((entry) => {
      const state = stateAt(entry, version) || (name === "max_headers" ? entry.states[0][1] : "");
      const [, letters = "", take = ""] = /^([A-Z]*)(.*)$/.exec(state);
      return [...letters].map((letter) => `${letter}${take}`);
    });
    if (expected.sort().join() !== read.sort().join() && name !== "include")
      throw new Error(`${name} of ${version}: ${read.join()} in the source, ${expected.join()} observed`);
  }

const foreign = Object.entries(input.modules).map(([module, directives]) => {
  const texts = Object.entries(directives).map(([name, text]) =>
    [name, ...observedStates(text).map(([letters, take]) => `${letters.join("")}${take}`)].join(" "),
  );
  return [module, ...texts].join(";");
});

const elsewhere = input.elsewhere.filter(
  (name) => !Object.values(input.modules).some((module) => name in module),
);

const text = `// Generated by src/build/nginx-directives.mjs from fixtures/programs/nginx/directives.json: the command tables of nginx
// ${versions[0]} to ${versions.at(-1)} (github.com/nginx/nginx), checked against what nginx 1.22.1 and 1.31.4 accept when they run.

/** The versions that the states of \`directiveData\` count from, in base 36. */
export const tableVersions =
  "${versions.join(" ")}";

/**
 * A line for each entry of a command table: name, states, setter. A state holds the version since when (\`-\` before
 * the first: not in usual builds), letters of contexts, \`{\` for a block, and the argument counts.
 */
export const directiveData = \`${own.join("\n")}\`;

/** A line for each module that Debian 12 packages: its name, then \`;\` and each directive with its states. */
export const moduleData = \`${foreign.join("\n")}\`;

/** Directives of nginx Plus, or of nginx before ${versions[0]}. */
export const elsewhereData = \`${elsewhere.join("\n")}\`;
`;

if (!process.argv.includes("--check")) writeFileSync(output, text);
else if (readFileSync(output, "utf8") !== text) {
  console.error(`${output} is not fresh: run node src/build/nginx-directives.mjs`);
  process.exitCode = 1;
}
