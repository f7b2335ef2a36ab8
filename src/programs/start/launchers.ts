/** How a program that starts another one is written. */
interface Launcher {
  /** Options that take the following word as their value. */
  readonly valued?: readonly string[];
  /** Words between the options and the command: `gosu USER`, `timeout DURATION`. */
  readonly operands?: number;
  /** A word that must follow, such as `run` of `poetry run`. */
  readonly verb?: string;
  /** Assignments may stand before the command. */
  readonly assigns?: boolean;
  /** It clears the environment, or may: the options that do so. */
  readonly clears?: readonly string[];
  /** The command stands behind `--`, whatever stands before it. */
  readonly behindDashes?: boolean;
}

/** Options of uv that take a value, those of `uv run` and of `uvx` together (uv CLI reference, 0.8). */
const uvValued: readonly string[] = [
  "--directory",
  "--project",
  "--package",
  "--python",
  "-p",
  "--with",
  "--with-editable",
  "--with-requirements",
  "--from",
  "--extra",
  "--no-extra",
  "--group",
  "--no-group",
  "--only-group",
  "--env-file",
  "--index",
  "--default-index",
  "--index-url",
  "-i",
  "--extra-index-url",
  "--find-links",
  "-f",
  "--config-file",
  "--cache-dir",
  "--color",
  "--link-mode",
];

const tini: Launcher = { valued: ["-p", "-e"] };
const waitFor: Launcher = { behindDashes: true };
const withUser: Launcher = { operands: 1 };
const condaRun: Launcher = {
  verb: "run",
  valued: ["-n", "--name", "-p", "--prefix", "--cwd", "-r", "--root-prefix"],
};

/** Programs that run the rest of their command line with the same meaning. */
export const launchers: ReadonlyMap<string, Launcher> = new Map<string, Launcher>([
  [
    "env",
    {
      valued: ["-u", "--unset", "-C", "--chdir"],
      assigns: true,
      clears: ["-", "-i", "--ignore-environment"],
    },
  ],
  ["exec", { valued: ["-a"], clears: ["-c"] }],
  ["command", {}],
  ["nohup", {}],
  ["setsid", {}],
  ["time", {}],
  ["nice", { valued: ["-n", "--adjustment"] }],
  ["ionice", { valued: ["-c", "-n", "--class", "--classdata"] }],
  ["taskset", { operands: 1 }],
  ["stdbuf", { valued: ["-i", "-o", "-e"] }],
  ["timeout", { valued: ["-s", "-k", "--signal", "--kill-after"], operands: 1 }],
  ["sudo", { valued: ["-u", "-g", "-C", "-D", "-h", "-p", "--user", "--group", "--chdir"], assigns: true }],
  ["doas", { valued: ["-u", "-C"] }],
  ["runuser", { valued: ["-u", "-g", "--user", "--group"] }],
  ["setpriv", { valued: ["--reuid", "--regid", "--groups"] }],
  ["chroot", { operands: 1 }],
  ["authbind", {}],
  ["flock", { valued: ["-w", "--timeout", "-E"], operands: 1 }],
  [
    "chpst",
    {
      valued: [
        "-u",
        "-U",
        "-b",
        "-e",
        "-/",
        "-n",
        "-l",
        "-L",
        "-m",
        "-d",
        "-o",
        "-p",
        "-f",
        "-c",
        "-r",
        "-t",
      ],
    },
  ],
  ["gosu", withUser],
  ["su-exec", withUser],
  ["setuser", withUser],
  ["s6-setuidgid", withUser],
  ["with-contenv", {}],
  ["tini", tini],
  ["tini-static", tini],
  ["docker-init", {}],
  ["dumb-init", { valued: ["-r", "--rewrite"] }],
  ["catatonit", {}],
  ["pid1", {}],
  ["poetry", { verb: "run", valued: ["-C", "-P", "--directory", "--project"] }],
  ["pipenv", { verb: "run" }],
  ["pdm", { verb: "run", valued: ["-p", "--project"] }],
  ["rye", { verb: "run" }],
  ["hatch", { verb: "run", valued: ["-e", "--env"] }],
  ["uv", { verb: "run", valued: uvValued }],
  ["uvx", { valued: uvValued }],
  ["pixi", { verb: "run", valued: ["-e", "--environment", "--manifest-path"] }],
  ["pyenv", { verb: "exec" }],
  ["conda", condaRun],
  ["mamba", condaRun],
  ["micromamba", condaRun],
  ["newrelic-admin", { verb: "run-program" }],
  ["ddtrace-run", {}],
  [
    "opentelemetry-instrument",
    {
      valued: [
        "--traces_exporter",
        "--metrics_exporter",
        "--logs_exporter",
        "--exporter_otlp_endpoint",
        "--service_name",
        "--resource_attributes",
      ],
    },
  ],
  ["logfire", { verb: "run" }],
  ["debugpy", { valued: ["--listen", "--connect", "--log-to"] }],
  ["coverage", { verb: "run", valued: ["--rcfile", "--source", "--omit", "--include", "--context"] }],
  ["xvfb-run", { valued: ["-n", "-s", "-e", "-f", "--server-num", "--server-args"] }],
  ["wait-for-it", waitFor],
  ["wait-for-it.sh", waitFor],
  ["wait_for_it.sh", waitFor],
  ["wait-for", waitFor],
  ["wait-for.sh", waitFor],
  ["chamber", { verb: "exec", behindDashes: true }],
  ["aws-vault", { verb: "exec", behindDashes: true }],
  ["doppler", { verb: "run", behindDashes: true }],
  ["infisical", { verb: "run", behindDashes: true }],
  ["op", { verb: "run", behindDashes: true }],
  ["dotenv", { verb: "run", valued: ["-f", "--file", "-q", "--quote"] }],
  [
    "dockerize",
    {
      valued: [
        "-wait",
        "-timeout",
        "-template",
        "-stdout",
        "-stderr",
        "-delims",
        "-poll",
        "-wait-http-header",
        "-wait-retry-interval",
        "-cert",
        "-key",
        "-ca",
        "-env",
        "-env-section",
      ],
    },
  ],
]);

/** Options of the Python interpreter that take the following word as their value. */
export const pythonValued: readonly string[] = ["-X", "-W", "--check-hash-based-pycs"];
