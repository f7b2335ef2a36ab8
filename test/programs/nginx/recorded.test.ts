import { describe, expect, test } from "vitest";
import {
  parseFlag,
  parseNumber,
  parseOffset,
  parseSize,
  parseTime,
} from "../../../src/programs/nginx/parse-value.ts";
import { placeNginx } from "../../../src/programs/nginx/place-nginx.ts";
import type { Level } from "../../../src/programs/nginx/placement.ts";
import { parseNginx } from "../../../src/syntax/nginx/parse-nginx.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import {
  interpret,
  mainPath,
  predicted,
  predictedWarnings,
  recordedCases,
  recordedWarnings,
  refusals,
  treeOf,
} from "./recorded-cases.ts";
import { undecided, undecidedWarnings } from "./undecided-cases.ts";

const topics = [
  "lexer",
  "include",
  "blocks",
  "lua",
  "values",
  "listen",
  "upstream",
  "context-and-args",
  "duplicates",
  "environment",
  "g-option",
  "logs",
  "mail",
  "order-of-errors",
  "rewrite-and-variables",
  "rlimit-warning",
  "server-names",
  "slips",
  "stream",
  "third-party",
];

function isUndecided(topic: string, name: string, list = undecided): boolean {
  return Object.values(list).some((reason) => reason[topic]?.includes(name));
}

describe.each(topics)("%s: the first message of each version", (topic) => {
  test.each(recordedCases(topic))("%s", (name, recorded) => {
    const expected = refusals(recorded);
    const found = expected.map(([version]) => [version, predicted(recorded, version)]);
    // A case that is listed as undecided and comes out right is to be taken off the list.
    if (isUndecided(topic, name)) expect(found).not.toEqual(expected);
    else expect(found).toEqual(expected);
  });
});

describe.each(topics)("%s: the warnings of each version", (topic) => {
  test.each(recordedCases(topic))("%s", (name, recorded) => {
    const expected = recordedWarnings(recorded);
    const found = expected.map(([version]) => [version, predictedWarnings(recorded, version)]);
    if (isUndecided(topic, name, undecidedWarnings)) expect(found).not.toEqual(expected);
    else expect(found).toEqual(expected);
  });
});

test("nothing that nginx accepts is refused", () => {
  for (const topic of topics)
    for (const [name, recorded] of recordedCases(topic))
      for (const [version, refusal] of refusals(recorded))
        if (refusal === undefined)
          expect([topic, name, version, predicted(recorded, version)]).toEqual([
            topic,
            name,
            version,
            undefined,
          ]);
});

/** Rules about what nginx accepts, and that name what another version would refuse. */
const beyondNginx =
  /^nginx\/(?:conflicting-server-name|swallowed-directive|listen-wildcard-and-address|low-address-bits|no-effect|repeated-value|replaced-value|cache-key|deprecated|hash-size)$/;

test("nothing that some version accepts is an error where the version is not known", () => {
  for (const topic of topics)
    for (const [name, recorded] of recordedCases(topic)) {
      if (refusals(recorded).every(([, refusal]) => refusal !== undefined)) continue;
      const { problems } = interpret(recorded, undefined);
      const errors = problems.filter(({ rule, severity }) => severity !== "info" && !beyondNginx.test(rule));
      expect([topic, name, ...errors.map(({ message }) => message)]).toEqual([topic, name]);
    }
});

describe("include: the order in which directives are met", () => {
  const cases = recordedCases("include").filter(([, recorded]) => recorded.dump_tokens !== undefined);

  test.each(cases)("%s", (_, recorded) => {
    const expected = (recorded.dump_tokens?.tokens ?? [])
      .filter(
        ([kind, , words]) =>
          (kind === "simple" || kind === "open") && !(words[0] === "include" && words.length === 2),
      )
      .map(([, line, words, file]) => [
        line,
        ...words,
        Buffer.from(file.replace("<PREFIX>", "prefix"), "latin1").toString(),
      ]);
    const { top } = placeNginx(treeOf(recorded), mainPath(recorded));
    const placed: unknown[] = [];
    const walk = (level: Level): void => {
      for (const { directive, block } of level.directives) {
        const words = directive.words.map((word) => word.text);
        if (directive.kind !== "unterminated")
          placed.push([directive.line, ...words, directive.file.source.path]);
        if (block !== undefined) walk(block);
      }
    };
    walk(top);
    // nginx stops at the first error; what was met before is the same.
    expect(recorded.exit === 0 ? placed : placed.slice(0, expected.length)).toEqual(expected);
  });
});

describe("values: kinds of value", () => {
  const kinds: Readonly<Record<string, (text: string) => unknown>> = {
    keepalive_requests: parseNumber,
    client_header_buffer_size: parseSize,
    client_max_body_size: parseOffset,
    client_header_timeout: (text) => parseTime(text, "milliseconds"),
    resolver_timeout: (text) => parseTime(text, "milliseconds"),
    worker_shutdown_timeout: (text) => parseTime(text, "milliseconds"),
    open_file_cache_valid: (text) => parseTime(text, "seconds"),
    ssl_session_timeout: (text) => parseTime(text, "seconds"),
    sendfile: parseFlag,
    multi_accept: parseFlag,
  };
  const cases = recordedCases("values").flatMap(([name, recorded]) => {
    const file = parseNginx(new SourceFile("nginx.conf", String(recorded.files["nginx.conf"])));
    const directives = Array.from({ length: file.directiveCount }, (_, index) => file.directive(index));
    const directive = directives.find((each) => each.name in kinds && each.argCount === 1);
    return directive === undefined ? [] : [{ name, recorded, directive }];
  });

  test("are many", () => {
    expect(cases.length).toBeGreaterThan(60);
  });

  test.each(cases)("$name", ({ recorded, directive }) => {
    const value = kinds[directive.name]?.(directive.arg(0)?.text ?? "");
    expect(value !== undefined).toBe(recorded.exit === 0);
  });
});
