import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDockerfile } from "../../src/syntax/dockerfile/parse-dockerfile.ts";
import { parseDotenv } from "../../src/syntax/dotenv/parse-dotenv.ts";
import { parseEnvironmentFile } from "../../src/syntax/environment-file/parse-environment-file.ts";
import { parseExecLine } from "../../src/syntax/exec-line/parse-exec-line.ts";
import { parseLimits } from "../../src/syntax/limits/parse-limits.ts";
import { parseNginx } from "../../src/syntax/nginx/parse-nginx.ts";
import { parseProcfile } from "../../src/syntax/procfile/parse-procfile.ts";
import { parsePythonSettings } from "../../src/syntax/python-settings/parse.ts";
import { loadShellParser } from "../../src/syntax/shell/parse-shell.ts";
import { parseSupervisor } from "../../src/syntax/supervisor/parse-supervisor.ts";
import { parseSysctl } from "../../src/syntax/sysctl/parse-sysctl.ts";
import { parseUnit } from "../../src/syntax/unit/parse-unit.ts";
import { parseYaml } from "../../src/syntax/yaml/parse-yaml.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { damaged } from "./damaged.ts";
import { texts } from "./texts.ts";
import { within } from "./within.ts";

const seed = Number(process.env.HOSTLINT_SEED ?? 1);
/** Milliseconds for each grammar, after which no further text is tried. */
const time = Number(process.env.HOSTLINT_EFFORT ?? 1) * 500;

/** Everything that was read; each place of it must lie in the text. */
type Read = (file: SourceFile) => unknown;

const readShell = await loadShellParser();

function readNginx(file: SourceFile): unknown {
  const tree = parseNginx(file);
  const directives = Array.from({ length: tree.directiveCount }, (_, index) => tree.directive(index));
  return [
    tree.problems,
    tree.comments,
    tree.holes,
    directives.map((each) => [each.head, each.nameSpan, each.terminator, each.args.map((word) => word.span)]),
  ];
}

function readUnit(file: SourceFile): unknown {
  const unit = parseUnit(file);
  expect(unit.lines.map(({ at }) => at.file.text.slice(at.start, at.end)).join("")).toBe(file.text);
  return [unit, unit.assignments.map(({ value }) => parseExecLine(value, true))];
}

const grammars: readonly (readonly [name: string, from: readonly string[], read: Read])[] = [
  ["nginx", texts.nginx, readNginx],
  ["sysctl", texts.sysctl, parseSysctl],
  ["limits.conf", texts.limits, parseLimits],
  ["units and their command lines", texts.unit, readUnit],
  ["environment files of units", texts.dotenv, parseEnvironmentFile],
  ["gunicorn.conf.py", texts.python, parsePythonSettings],
  [".env", texts.dotenv, parseDotenv],
  ["YAML", texts.yaml, parseYaml],
  ["Dockerfile", texts.dockerfile, parseDockerfile],
  ["shell", texts.shell, (file) => readShell(file.text)],
  ["Procfile", texts.procfile, parseProcfile],
  ["supervisor", texts.supervisor, parseSupervisor],
];

describe("a damaged file", () => {
  test.each(grammars)("of %s is read without a throw, every place inside the text", (_, from, read) => {
    const until = performance.now() + time;
    let tried = 0;
    while (performance.now() < until || tried === 0) {
      const [bytes = Buffer.of()] = fc.sample(damaged(from), { seed: seed + tried, numRuns: 1 });
      tried += 1;
      const file = SourceFile.fromBytes("damaged", bytes);
      try {
        expect(within(read(file), file)).toBeUndefined();
      } catch (error) {
        const place = `HOSTLINT_SEED=${seed}, text ${tried}: ${JSON.stringify(file.text.slice(0, 2000))}`;
        throw new Error(place, { cause: error });
      }
    }
  });
});
