import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Arguments,
  formatNames,
  type ReportEnvironment,
  readArguments,
} from "../../src/cli/arguments.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

const ruleIds = ["queue/somaxconn-below-backlog", "slots/worker-connections-default"];
const read = (words: readonly string[]): Arguments => readArguments(words, ruleIds);

const plain: Arguments = {
  command: "lint",
  explained: undefined,
  paths: ["."],
  unsaved: undefined,
  stdout: false,
  outputs: [{ format: "stylish" }],
  failOn: "warning",
  maxWarnings: Number.POSITIVE_INFINITY,
  passOnNoHosts: false,
  quiet: false,
  verbose: false,
  stats: false,
  ignores: true,
  color: undefined,
  config: "search",
  facts: {},
  severities: new Map(),
};

describe("readArguments", () => {
  it.each<[string, Partial<Arguments>]>([
    ["", {}],
    ["deploy etc/nginx/nginx.conf", { paths: ["deploy", "etc/nginx/nginx.conf"] }],
    ["-", { paths: ["-"] }],
    ["show", { command: "show" }],
    ["show deploy", { command: "show", paths: ["deploy"] }],
    [
      "--quiet show deploy -f json",
      { command: "show", paths: ["deploy"], quiet: true, outputs: [{ format: "json" }] },
    ],
    ["./show", { paths: ["./show"] }],
    ["-- show", { paths: ["show"] }],
    ["-- --help", { paths: ["--help"] }],
    ["deploy show", { paths: ["deploy", "show"] }],
    [
      "explain queue/somaxconn-below-backlog",
      { command: "explain", explained: "queue/somaxconn-below-backlog" },
    ],
    ["./explain", { paths: ["./explain"] }],
    ["-- explain", { paths: ["explain"] }],
    ["explain --help", { command: "help" }],
    ["-f compact", { outputs: [{ format: "compact" }] }],
    [
      "-f sarif=a.sarif -f markdown",
      { outputs: [{ format: "sarif", file: "a.sarif" }, { format: "markdown" }] },
    ],
    ["-fcompact", { outputs: [{ format: "compact" }] }],
    ["--format=json=out/a=b.json", { outputs: [{ format: "json", file: "out/a=b.json" }] }],
    [
      "--format json=report.json --format stylish",
      { outputs: [{ format: "json", file: "report.json" }, { format: "stylish" }] },
    ],
    ["--fail-on never --max-warnings 0", { failOn: "never", maxWarnings: 0 }],
    ["--fail-on error --fail-on info", { failOn: "info" }],
    ["--pass-on-no-hosts", { passOnNoHosts: true }],
    ["--verbose --stats", { verbose: true, stats: true }],
    ["--color", { color: true }],
    ["--color --no-color", { color: false }],
    ["--no-color --color", { color: true }],
    ["--config ci/hostlint.yaml", { config: { file: "ci/hostlint.yaml" } }],
    ["--no-config", { config: "none" }],
    ["--no-config --config a.yaml", { config: { file: "a.yaml" } }],
    [
      "--cpus 4 --memory 8G --kernel 5.15 --distribution debian-12 --nginx 1.24 --gunicorn 23 --systemd 252 --concurrent 2000 --headroom 3 --request-seconds 0.2 --worker-memory 300M",
      {
        facts: {
          cpus: "4",
          memory: "8G",
          kernel: "5.15",
          distribution: "debian-12",
          nginx: "1.24",
          gunicorn: "23",
          systemd: "252",
          concurrent: "2000",
          headroom: "3",
          "request-seconds": "0.2",
          "worker-memory": "300M",
        },
      },
    ],
    ["--cpus=2 --cpus 4", { facts: { cpus: "4" } }],
    [
      "--rule queue/somaxconn-below-backlog=off --rule slots/worker-connections-default=error",
      {
        severities: new Map([
          ["queue/somaxconn-below-backlog", "off"],
          ["slots/worker-connections-default", "error"],
        ]),
      },
    ],
    ["-h deploy", { command: "help", paths: ["deploy"] }],
    ["--help --version", { command: "help" }],
    ["-V", { command: "version" }],
    ["--version", { command: "version" }],
    ["--list-rules", { command: "list-rules" }],
    ["init", { command: "init" }],
    ["init deploy --stdout", { command: "init", paths: ["deploy"], stdout: true }],
    ["./init", { paths: ["./init"] }],
    ["--print-config", { command: "print-config" }],
    [
      "--print-config deploy -f json",
      { command: "print-config", paths: ["deploy"], outputs: [{ format: "json" }] },
    ],
    ["--stdin --stdin-filename a/nginx.conf", { unsaved: "a/nginx.conf", paths: [] }],
    ["--stdin --stdin-filename=a.conf deploy", { unsaved: "a.conf", paths: ["deploy"] }],
    ["show --stdin --stdin-filename a.conf", { command: "show", unsaved: "a.conf", paths: [] }],
  ])("hostlint %s", (line, expected) => {
    const words = line.split(" ").filter((word) => word !== "");
    expect(read(words)).toEqual({ ...plain, ...expected });
  });

  it.each([
    ["--formt json", "unknown flag --formt, did you mean --format?"],
    ["--formt=json", "unknown flag --formt, did you mean --format?"],
    ["--cpu 4", "unknown flag --cpu, did you mean --cpus?"],
    ["--requets-seconds 1", "unknown flag --requets-seconds, did you mean --request-seconds?"],
    ["--frobnicate", "unknown flag --frobnicate"],
    ["--toString", "unknown flag --toString"],
    ["--__proto__ x", "unknown flag --__proto__"],
    ["-x", "unknown flag -x"],
    ["-qx", "unknown flag -q"],
    ["--format", "--format needs a value"],
    ["--format=", "--format needs a value"],
    ["--cpus --verbose", "--cpus needs a value, and --verbose is a flag"],
    ["--cpus -1", "--cpus needs a value, and -1 is a flag"],
    ["--quiet=yes", "--quiet takes no value"],
    ["-f xml", `-f: expected ${formatNames.join(", ")}, not "xml"`],
    ["--format sarf=a", `--format: expected ${formatNames.join(", ")}, not "sarf", did you mean sarif?`],
    ["--format json=", "--format json= names no file"],
    ["-f json=a -f compact=a", "two formats would be written to a"],
    [
      "-f json -f compact",
      "two formats would be written to standard output; write one to a file: --format json=FILE",
    ],
    ["show -f compact", "show prints stylish or json, not compact"],
    ["show -f json -f sarif=a", "show prints stylish or json, not sarif"],
    ["explain", "explain needs a rule, such as queue/somaxconn-below-backlog"],
    ["explain a b", "explain takes one rule, not 2"],
    [
      "explain somaxconn-below-backlog",
      "explain: unknown rule somaxconn-below-backlog, did you mean queue/somaxconn-below-backlog?",
    ],
    ["--fail-on warn", '--fail-on: expected error, warning, info, never, not "warn"'],
    [
      "--fail-on warnings",
      '--fail-on: expected error, warning, info, never, not "warnings", did you mean warning?',
    ],
    ["--max-warnings=-1", '--max-warnings: expected a whole number from 0, not "-1"'],
    ["--max-warnings 1e3", '--max-warnings: expected a whole number from 0, not "1e3"'],
    ["--cpus=0", '--cpus: expected a whole number from 1, such as 4, not "0"'],
    ["--cpus 1.5", '--cpus: expected a whole number from 1, such as 4, not "1.5"'],
    [
      "--memory lots",
      '--memory: expected a size in bytes or with K, M, G or T (powers of 1024), such as 8G, not "lots"',
    ],
    [
      "--distribution bookworm",
      '--distribution: expected a name and a release, such as debian-12, not "bookworm"',
    ],
    ["--request-seconds 200ms", '--request-seconds: expected seconds above 0, such as 0.2, not "200ms"'],
    ["--headroom 0.5", '--headroom: expected a number from 1, such as 3, not "0.5"'],
    [
      "--rule somaxconn-below-backlog=off",
      "--rule: unknown rule somaxconn-below-backlog, did you mean queue/somaxconn-below-backlog?",
    ],
    [
      "--rule queue/somaxcon-below-backlog=off",
      "--rule: unknown rule queue/somaxcon-below-backlog, did you mean queue/somaxconn-below-backlog?",
    ],
    ["--rule queue/somaxconn-below-backlog=warn", '--rule: expected error, warning, info, off, not "warn"'],
    [
      "--rule queue/somaxconn-below-backlog",
      '--rule: expected ID=SEVERITY, such as queue/somaxconn-below-backlog=off, not "queue/somaxconn-below-backlog"',
    ],
    ["- deploy -", "- (standard input) is named twice"],
    ["--stdin", "--stdin needs --stdin-filename PATH, the file that it is the text of"],
    ["--stdin-filename a.conf", "--stdin-filename belongs to --stdin"],
    ["- --stdin --stdin-filename a.conf", "- and --stdin both read standard input"],
    ["init --stdin --stdin-filename a.conf", "--stdin is for linting and show"],
    ["--print-config --stdin --stdin-filename a.conf", "--stdin is for linting and show"],
    ["--stdout", "--stdout belongs to init"],
    ["init a b", "init takes one folder"],
    ["init -", "init takes one folder"],
    ["--print-config a b", "--print-config takes one PATH"],
    ["--print-config -f sarif", "--print-config prints stylish or json, not sarif"],
  ])("hostlint %s", (line, message) => {
    expect(() => read(line.split(" "))).toThrow(new UsageError(message));
  });

  it.each<[string, ReportEnvironment, Arguments["outputs"]]>([
    ["", { format: "sarif" }, [{ format: "sarif" }]],
    ["", { format: "sarif=a.sarif" }, [{ format: "sarif", file: "a.sarif" }]],
    ["", { format: "" }, [{ format: "stylish" }]],
    ["-f compact", { format: "sarif" }, [{ format: "compact" }]],
    ["-f compact", { format: "nonsense" }, [{ format: "compact" }]],
    ["", { githubActions: true }, [{ format: "stylish" }, { format: "github" }]],
    ["", { githubActions: false }, [{ format: "stylish" }]],
    ["", { githubActions: true, format: "" }, [{ format: "stylish" }, { format: "github" }]],
    ["", { githubActions: true, format: "json" }, [{ format: "json" }]],
    ["-f stylish", { githubActions: true }, [{ format: "stylish" }]],
    ["show", { githubActions: true }, [{ format: "stylish" }]],
    ["show", { format: "json" }, [{ format: "json" }]],
    ["show", { format: "sarif" }, [{ format: "stylish" }]],
    ["--print-config", { format: "sarif" }, [{ format: "stylish" }]],
  ])("hostlint %s in the environment %j", (line, environment, outputs) => {
    const words = line.split(" ").filter((word) => word !== "");
    expect(readArguments(words, ruleIds, environment).outputs).toEqual(outputs);
  });

  it("names the variable that holds no format", () => {
    expect(() => readArguments([], ruleIds, { format: "jsn" })).toThrow(
      /^HOSTLINT_FORMAT: expected stylish, .*, not "jsn", did you mean json\?$/,
    );
  });

  it("refuses an empty path", () => {
    expect(() => read([""])).toThrow("a PATH is empty");
  });

  it("gives arguments or a UsageError, nothing else", () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom(
        "-",
        "--",
        "show",
        "--format",
        "json",
        "--cpus",
        "4",
        "--rule",
        "a/b=off",
        "-f",
        "--no-color",
      ),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        try {
          expect(read(words).paths.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});
