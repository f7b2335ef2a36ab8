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
}

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
  ["stdbuf", { valued: ["-i", "-o", "-e"] }],
  ["timeout", { valued: ["-s", "-k", "--signal", "--kill-after"], operands: 1 }],
  ["sudo", { valued: ["-u", "-g", "-C", "-D", "-h", "-p", "--user", "--group", "--chdir"], assigns: true }],
  ["doas", { valued: ["-u", "-C"] }],
  ["runuser", { valued: ["-u", "-g", "--user", "--group"] }],
  ["setpriv", { valued: ["--reuid", "--regid", "--groups"] }],
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
  ["gosu", { operands: 1 }],
  ["su-exec", { operands: 1 }],
  ["tini", { valued: ["-p", "-e"] }],
  ["docker-init", {}],
  ["dumb-init", { valued: ["-r", "--rewrite"] }],
  ["catatonit", {}],
  ["poetry", { verb: "run", valued: ["-C", "-P", "--directory", "--project"] }],
  ["pipenv", { verb: "run" }],
  ["pdm", { verb: "run", valued: ["-p", "--project"] }],
  ["rye", { verb: "run" }],
  ["hatch", { verb: "run", valued: ["-e", "--env"] }],
  [
    "uv",
    {
      verb: "run",
      valued: ["--directory", "--project", "--python", "-p", "--with", "--extra", "--group", "--env-file"],
    },
  ],
  ["newrelic-admin", { verb: "run-program" }],
  ["ddtrace-run", {}],
  ["opentelemetry-instrument", {}],
]);

/** Options of the Python interpreter that take the following word as their value. */
export const pythonValued: readonly string[] = ["-X", "-W", "--check-hash-based-pycs"];
