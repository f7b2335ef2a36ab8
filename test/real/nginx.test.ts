import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { globalsOf, type RecordedCase, recordedCases } from "../programs/nginx/recorded-cases.ts";
import { undecided } from "../programs/nginx/undecided-cases.ts";
import { type Disagreement, effort, seed, starts, told } from "./installed.ts";
import { faults } from "./nginx-faults.ts";
import { configurations, slipped } from "./nginx-inputs.ts";
import {
  askAll,
  type Files,
  isModuleHere,
  nginxVersion,
  predictNginx,
  predictWarnings,
} from "./nginx-program.ts";
import { warnedOf } from "./nginx-warned-inputs.ts";

/** Needs nginx (Debian: nginx-light), and libnginx-mod-stream and libnginx-mod-mail for their cases. */
const available = starts("nginx", "-v");

interface Input {
  readonly files: Files;
  readonly globals: string;
}

interface Comparison {
  readonly compared: number;
  readonly disagreements: readonly Disagreement[];
}

/** Asks nginx and hostlint for the first message, or for the warnings; what only the machine decides is not counted. */
async function compare(inputs: readonly Input[], warnings = false): Promise<Comparison> {
  const waiting = [...inputs];
  const disagreements: Disagreement[] = [];
  let compared = 0;
  const work = async (): Promise<void> => {
    for (let input = waiting.pop(); input !== undefined; input = waiting.pop()) {
      const { files, globals } = input;
      const printed = await askAll(files, globals);
      if (printed === "machine") continue;
      const theirs = warnings ? printed.warnings.join("\n") : printed.first;
      const ours = warnings ? predictWarnings(files, globals).join("\n") : predictNginx(files, globals);
      // Where neither warns there is nothing to agree on.
      if (warnings && theirs === "" && ours === "") continue;
      compared += 1;
      if (ours !== theirs) disagreements.push({ input: shown(input), theirs, ours });
    }
  };
  await Promise.all([work(), work()]);
  return { compared, disagreements };
}

function shown({ files, globals }: Input): string {
  const texts = Object.entries(files).map(
    ([name, content]) => `--- ${name}\n${Buffer.from(content).toString("latin1")}`,
  );
  return [globals === "" ? "" : `-g '${globals}'`, ...texts].join("\n");
}

/** @param share of the verdicts and first messages that may differ: the project promises 99.5 % of them */
function expectAgreement({ compared, disagreements }: Comparison, share = 0.005): void {
  const most = Math.floor(compared * share);
  expect(disagreements.length > most ? told(disagreements) : "").toBe("");
}

/** The files of a recorded case; undefined where it needs what is not installed. */
function inputOf(recorded: RecordedCase): Input | undefined {
  const globals = globalsOf(recorded) ?? "";
  const modules = [...globals.matchAll(/modules\/(\w+)\.so/g)].map(([, name = ""]) => name);
  if (!modules.every(isModuleHere) || !recorded.cmd.includes("-c <PREFIX>/nginx.conf")) return undefined;
  const files = Object.fromEntries(
    Object.entries(recorded.files).map(([path, content]) => [
      path,
      typeof content === "string" ? content : Buffer.from(content.latin1, "latin1"),
    ]),
  );
  return { files, globals: globals.replaceAll(" modules/", " /usr/lib/nginx/modules/") };
}

function allRecorded(): { readonly name: string; readonly recorded: RecordedCase; readonly input: Input }[] {
  return readdirSync("fixtures/programs/nginx")
    .filter((name) => name.endsWith(".json") && name !== "directives.json")
    .flatMap((name) => {
      const topic = name.replace(/\.json$/, "");
      return recordedCases(topic).flatMap(([each, recorded]) => {
        const input = inputOf(recorded);
        const left = Object.values(undecided).some((topics) => topics[topic]?.includes(each));
        // An account, a smaller limit or the lack of rights were set up for some.
        const special = /\b(?:uid|setpriv|ulimit)\b/.test(recorded.cmd) || recorded.uid !== undefined;
        return input === undefined || left || special ? [] : [{ name: `${topic}/${each}`, recorded, input }];
      });
    });
}

describe.runIf(available)(`hostlint says what nginx ${nginxVersion || "(not installed)"} says first`, () => {
  const inputs = (texts: fc.Arbitrary<string>, count: number): Input[] =>
    fc
      .sample(texts, { seed, numRuns: count * effort })
      .map((text) => ({ files: { "nginx.conf": text }, globals: "" }));

  test("of generated configurations", async () => {
    expectAgreement(await compare(inputs(configurations(nginxVersion), 300)));
  });

  test("of generated configurations with slips", async () => {
    const texts = configurations(nginxVersion).chain((text) => slipped(text));
    expectAgreement(await compare(inputs(texts, 500)));
  });

  test("of statements at fault in every module", async () => {
    const here = ["stream", "mail"].filter((name) => isModuleHere(`ngx_${name}_module`));
    const globals = here.map((name) => `load_module /usr/lib/nginx/modules/ngx_${name}_module.so;`).join(" ");
    const texts = faults(nginxVersion, { stream: here.includes("stream"), mail: here.includes("mail") });
    const given = inputs(texts, 600).map(({ files }) => ({ files, globals }));
    expectAgreement(await compare(given), 0.003);
  });

  test("of hashes, lists and networks: the warnings", async () => {
    expectAgreement(await compare(inputs(warnedOf(), 300), true), 0);
  });

  test("of every recorded case: the warnings", async () => {
    expectAgreement(
      await compare(
        allRecorded().map(({ input }) => input),
        true,
      ),
      0.02,
    );
  });

  test("of every recorded case", async () => {
    expectAgreement(await compare(allRecorded().map(({ input }) => input)));
  });

  test("of recorded cases with slips", async () => {
    // The text of a template is filled in before nginx sees it: hostlint does not judge what a hole may be.
    const cases = allRecorded().filter(({ input }) => !/\{\{|\{%|<%|%%/.test(shown(input)));
    const changed = fc.constantFrom(...cases).chain(({ input }) =>
      slipped(Buffer.from(input.files["nginx.conf"] ?? "").toString("latin1"), 3).map((text) => ({
        ...input,
        files: { ...input.files, "nginx.conf": Buffer.from(text, "latin1") },
      })),
    );
    // Up to three slips in files that are odd already: what comes of it is seldom written.
    expectAgreement(await compare(fc.sample(changed, { seed, numRuns: 500 * effort })), 0.01);
  });
});
