import { factNames } from "../model/value.ts";
import { factFlags } from "../report/fact-flags.ts";

/** What `hostlint --help` prints. */
export function usage(): string {
  const facts = factNames.map((name) => {
    const { flag, what, example } = factFlags[name];
    return row(flag, `${what.replace(/^the /, "")}, such as ${example}`);
  });
  return `hostlint: lints nginx, sysctl, limits.conf, systemd units and gunicorn as one host

usage: hostlint [options] [PATH...]        default: . (the folder you are in)
       hostlint show [options] [PATH...]   the effective model: every value and where it comes from
       hostlint explain RULE               what a rule does, why it matters and what to do
       hostlint init [--stdout] [FOLDER]   write a hostlint.yaml for what is found there
       nginx -T | hostlint -

PATH is a root tree (it has etc/), a repository or folder with deploy files, a file, or - for an nginx -T dump.
A folder with the name of a command is ./show, ./explain or ./init.

${row("--stdin", "take the unsaved text of a file from standard input, for editors")}
${row("--stdin-filename PATH", "the file that it is the text of; its host is linted")}

output
${[
  row("-f, --format NAME[=FILE]", "stylish, compact, json, jsonl, github, sarif, gitlab, checkstyle,"),
  row("", "junit, rdjson, markdown; repeat it to write several; default: HOSTLINT_FORMAT"),
  row("--quiet", "report errors only"),
  row("--verbose", "list every file read, left aside and every value not checked"),
  row("--color, --no-color", "default: where the terminal has colours"),
  row("--stats", "time per stage and rule, on stderr"),
].join("\n")}

exit code
${[
  row("--fail-on SEVERITY", "error, warning (default), info or never"),
  row("--max-warnings N", "fail also on more than N warnings"),
  row("--pass-on-no-hosts", "0 instead of 3 where nothing is found to lint, for commit hooks"),
].join("\n")}

rules and configuration
${[
  row("--rule ID=SEVERITY", "error, warning, info or off; may be repeated"),
  row("--no-ignores", "report also what a hostlint-ignore comment ignores"),
  row("--list-rules", "print every rule with its severity"),
  row("--config FILE", "default: hostlint.yaml beside the first PATH or above it"),
  row("--no-config", "read no hostlint.yaml"),
  row("--print-config", "print what is in force for PATH, and where each setting comes from"),
].join("\n")}

facts that no file holds (what is not declared is unknown, and the run says what it could not check)
${facts.join("\n")}

${row("-h, --help", "this text")}
${row("-V, --version", "the version")}

exit: 0 nothing at or above --fail-on, 1 findings, 2 usage, configuration or internal fault, 3 nothing to lint
`;
}

const flagWidth = 28;

function row(flag: string, text: string): string {
  return `  ${flag.padEnd(flagWidth)}${text}`;
}
