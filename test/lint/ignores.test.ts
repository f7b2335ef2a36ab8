import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { facts, type LintOptions, lint, rules } from "../../src/index.ts";
import { exampleOptions } from "../rules/example-options.ts";
import { readMarks } from "../rules/marked-files.ts";

const rule = "queue/somaxconn-below-backlog";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hostlint-ignores-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

type Options = Partial<LintOptions> & { readonly paths?: readonly string[] };

/** `rule path:line` of each finding that is at stake here, and the number of ignored ones. */
async function run({ paths = ["."], ...options }: Options = {}): Promise<[...string[], number]> {
  const { result, faults } = await lint({
    requests: [{ paths, facts: facts({}) }],
    workingDirectory: root,
    ...options,
  });
  expect(faults).toEqual([]);
  const found = result.diagnostics
    .filter((each) => each.rule === rule || /^(?:ignore|limits)\//.test(each.rule))
    .map((each) => `${each.rule} ${each.at.file.path}:${each.at.file.position(each.at.start).line}`);
  return [...found, result.ignored];
}

const comment = `hostlint-ignore ${rule} -- the load balancer queues`;
const nginx = (listen: string): string => `events {}\nhttp {\n  server {\n${listen}\n  }\n}\n`;
const cut = "    listen 80 backlog=4096;";
const sysctl = "net.core.somaxconn = 1024\n";

describe("nginx", () => {
  const reported = "queue/somaxconn-below-backlog etc/nginx/nginx.conf";
  beforeEach(() => write("etc/sysctl.d/60-net.conf", sysctl));

  it.each([
    ["behind the statement", `${cut} # ${comment}`],
    ["behind the statement without a blank", `${cut}# ${comment}`],
    ["above the statement", `    # ${comment}\n${cut}`],
    ["above it, before other comments", `    # ${comment}\n    # port\n    #\n${cut}`],
    ["above it, behind other comments", `    # port\n    # ${comment}\n${cut}`],
    ["above a statement of several lines", `    # ${comment}\n    listen\n      80\n      backlog=4096;`],
    ["behind the end of a statement of several lines", `    listen 80\n      backlog=4096; # ${comment}`],
    ["inside a statement, behind one of its lines", `    listen # ${comment}\n      80 backlog=4096;`],
    ["inside a statement, above one of its lines", `    listen 80\n    # ${comment}\n      backlog=4096;`],
    ["several rules", `    # hostlint-ignore ${rule}, nginx/value -- why\n${cut}`],
    ["the layer", `    # hostlint-ignore queue/* -- why\n${cut}`],
    ["tabs and more marks", `\t##\thostlint-ignore\t${rule}\t--\twhy\n${cut}`],
    ["a reason with dashes in it", `    # hostlint-ignore ${rule} -- why -- because\n${cut}`],
  ])("ignores %s", async (_, listen) => {
    write("etc/nginx/nginx.conf", nginx(listen));
    const [...found] = await run({ severities: new Map([["ignore/unused", "off"]]) });
    expect(found).toEqual([1]);
    write("etc/nginx/nginx.conf", nginx(listen).replaceAll("\n", "\r\n"));
    expect(await run({ severities: new Map([["ignore/unused", "off"]]) })).toEqual([1]);
  });

  it.each([
    ["an empty line between", `    # ${comment}\n\n${cut}`, ["ignore/unused etc/nginx/nginx.conf:4"], 6],
    [
      "it stands below",
      `${cut}\n    # ${comment}\n    server_name a;`,
      ["ignore/unused etc/nginx/nginx.conf:5"],
      4,
    ],
    ["it stands in a string", `    add_header X "\n    # ${comment}\n    ";\n${cut}`, [], 7],
    ["its mark is inside of a word", `    server_name a#${comment.slice(16, 45)};\n${cut}`, [], 5],
    [
      "it names another rule",
      `    # hostlint-ignore nginx/value -- why\n${cut}`,
      ["ignore/unused etc/nginx/nginx.conf:4"],
      5,
    ],
    [
      "it gives no reason",
      `    # hostlint-ignore ${rule}\n${cut}`,
      ["ignore/reason-missing etc/nginx/nginx.conf:4"],
      5,
    ],
    [
      "its reason is prose without dashes",
      `    # hostlint-ignore ${rule} it is fine\n${cut}`,
      ["ignore/reason-missing etc/nginx/nginx.conf:4"],
      5,
    ],
    [
      "its word is another",
      `    # hostlint-ignore-next-line ${rule} -- why\n${cut}`,
      ["ignore/unknown-rule etc/nginx/nginx.conf:4"],
      5,
    ],
    ["text stands before it", `    # see hostlint-ignore ${rule} -- why\n${cut}`, [], 5],
  ])("does not ignore where %s", async (_, listen, comments, line) => {
    write("etc/nginx/nginx.conf", nginx(listen));
    const [...found] = await run();
    expect(found.sort()).toEqual([...comments, `${reported}:${line}`, 0].sort());
  });

  it("covers the head of a block, not its content", async () => {
    write("etc/nginx/nginx.conf", `events {}\nhttp {\n  # ${comment}\n  server {\n${cut}\n  }\n}\n`);
    expect(await run()).toEqual(["ignore/unused etc/nginx/nginx.conf:3", `${reported}:5`, 0]);
  });

  it("covers a whole file from its first comments", async () => {
    const whole = comment.replace("ignore", "ignore-file");
    for (const head of [`# ${whole}\n`, `\n# The edge.\n\n# ${whole}\n\n`]) {
      write("etc/nginx/nginx.conf", head + nginx(cut));
      expect(await run()).toEqual([1]);
    }
    write("etc/nginx/nginx.conf", nginx(cut).replace("http", `# ${whole}\nhttp`));
    expect(await run()).toEqual(["ignore/unused etc/nginx/nginx.conf:2", `${reported}:5`, 0]);
  });

  it("says that a comment without a statement has no use", async () => {
    write("etc/nginx/nginx.conf", `${nginx("    listen 80 backlog=1024;")}# ${comment}`);
    expect(await run()).toEqual(["ignore/unused etc/nginx/nginx.conf:7", 0]);
  });
});

describe("other files", () => {
  const evidence = "queue/somaxconn-below-backlog etc/nginx/nginx.conf:4";
  beforeEach(() => write("etc/nginx/nginx.conf", nginx(cut)));

  it.each([
    ["above the evidence", `# ${comment}\n${sysctl}`],
    ["with the other mark", `  ; ${comment}\n${sysctl}`],
    ["without a final line end", `# ${comment}\n${sysctl.trim()}`],
    ["behind a byte order mark", `\uFEFF# ${comment}\n${sysctl}`],
    ["for the file", `# hostlint-ignore-file queue/* -- why\nvm.swappiness = 1\n\n${sysctl}`],
    ["for the file, behind a byte order mark", `\uFEFF# hostlint-ignore-file queue/* -- why\n${sysctl}`],
  ])("ignores in sysctl %s", async (_, text) => {
    write("etc/sysctl.d/60-net.conf", text);
    const found = await run({ severities: new Map([["sysctl/syntax", "off"]]) });
    expect(found).toEqual([1]);
  });

  it("takes a comment behind a sysctl value for the value that it is", async () => {
    write("etc/sysctl.d/60-net.conf", `net.core.somaxconn = 1024 # ${comment}\n`);
    expect(await run()).toContain(evidence);
  });

  it("reads units with their continued lines and no comments behind values", async () => {
    write("etc/sysctl.d/60-net.conf", sysctl);
    const unit = (line: string): string => `[Socket]\n${line}\nListenStream=80\n`;
    rmSync(join(root, "etc/nginx"), { recursive: true });
    const name = "etc/systemd/system/app.socket";
    write("etc/systemd/system/app.service", "[Service]\nExecStart=/usr/bin/app\n");
    write(name, unit("Backlog=4096"));
    expect(await run()).toEqual([`${rule} ${name}:2`, 0]);
    for (const line of [`; ${comment}\nBacklog=4096`, `#${comment}\nBacklog=\\\n  # more\n  4096`]) {
      write(name, unit(line));
      expect(await run()).toEqual([1]);
    }
    write(name, unit(`Backlog=4096\nDescription=a # ${comment}`));
    expect(await run()).toContain(`${rule} ${name}:2`);
  });

  it("reads limits.conf with comments behind values, as pam_limits does", async () => {
    rmSync(join(root, "etc/nginx"), { recursive: true });
    const syntax = "limits/syntax etc/security/limits.conf:1";
    write("etc/security/limits.conf", "app soft nofile many\n");
    expect(await run()).toEqual([syntax, 0]);
    write(
      "etc/security/limits.conf",
      "app soft nofile many # hostlint-ignore limits/syntax -- filled in later\n",
    );
    expect(await run()).toEqual([1]);
    write("etc/security/limits.conf", "; hostlint-ignore limits/syntax -- no comment\napp soft nofile 5\n");
    expect(await run()).toEqual([syntax, 0]);
  });
});

describe("what is judged as unused", () => {
  const unused = "ignore/unused etc/nginx/nginx.conf:4";
  beforeEach(() => write("etc/nginx/nginx.conf", nginx(`    listen 80; # ${comment}`)));

  it("is silent where the rule is off, or could not be checked", async () => {
    expect(await run()).toEqual([0]);
    write("etc/sysctl.d/60-net.conf", "net.core.somaxconn = 4096\n");
    expect(await run()).toEqual([unused, 0]);
    expect(await run({ severities: new Map([[rule, "off"]]) })).toEqual([0]);
  });

  it("is silent in a run that does not see the whole host", async () => {
    write("etc/sysctl.d/60-net.conf", "net.core.somaxconn = 4096\n");
    const both = ["etc/nginx/nginx.conf", "etc/sysctl.d/60-net.conf"];
    expect(await run({ paths: both })).toEqual([0]);
    const declared = [{ paths: both, name: "edge", facts: facts({}) }];
    expect(await run({ requests: declared })).toEqual([unused, 0]);
    const dump = `# configuration file /etc/nginx/nginx.conf:\n${nginx(`    # ${comment}\n    listen 80;`)}\n`;
    expect(await run({ paths: ["-"], stdin: dump })).toEqual([0]);
  });

  it("counts a comment as used that one host of several needs", async () => {
    rmSync(join(root, "etc"), { recursive: true });
    write("deploy/nginx.conf", "include shared.conf;\nevents {}\nhttp {\n  include site.conf;\n}\n");
    write("deploy/nginx-dev.conf", "events {}\nhttp {\n  include site.conf;\n}\n");
    write("deploy/shared.conf", "worker_processes 2;\n");
    write("deploy/site.conf", `# ${comment}\nserver { listen 80 backlog=4096; }\n`);
    write("deploy/sysctl.conf", sysctl);
    expect(await run()).toEqual([1]);
    expect(await run({ ignoreComments: false })).toEqual([`${rule} deploy/site.conf:2`, 0]);
  });
});

it("reads a file once that several links lead to", async () => {
  write("etc/sysctl.d/60-net.conf", sysctl);
  write("etc/nginx/nginx.conf", "events {}\nhttp {\n  include sites-enabled/*;\n}\n");
  write(
    "etc/nginx/sites-available/app",
    `# hostlint-ignore queue/nothing -- why\nserver {\n${cut} # ${comment}\n}\n`,
  );
  mkdirSync(join(root, "etc/nginx/sites-enabled"));
  for (const name of ["app", "zzz"])
    symlinkSync("../sites-available/app", join(root, "etc/nginx/sites-enabled", name));
  const found = await run({ severities: new Map([["nginx/duplicate", "off"]]) });
  expect(found).toEqual(["ignore/unknown-rule etc/nginx/sites-available/app:1", 1]);
});

it("reports everything in an audit, and nothing of the comments", async () => {
  write("etc/sysctl.d/60-net.conf", `# hostlint-ignore nothing\n${sysctl}`);
  write("etc/nginx/nginx.conf", nginx(`${cut} # ${comment}`));
  expect(await run()).toEqual([
    "ignore/reason-missing etc/sysctl.d/60-net.conf:1",
    "ignore/unknown-rule etc/sysctl.d/60-net.conf:1",
    1,
  ]);
  expect(await run({ ignoreComments: false })).toEqual([`${rule} etc/nginx/nginx.conf:4`, 0]);
});

it("stops reading where no person can have written the comments", async () => {
  const head = `# ${comment}\n`.repeat(1000);
  write("etc/nginx/nginx.conf", nginx(`${head}${cut}`));
  write("etc/sysctl.d/60-net.conf", sysctl);
  expect(await run()).toEqual([1]);
  write("etc/nginx/nginx.conf", nginx(`${head}#\n# ${comment}\n${cut}`));
  expect(await run()).toEqual(["ignore/unused etc/nginx/nginx.conf:1005", 1]);
});

it("cannot ignore what is said of ignore comments", async () => {
  write("etc/nginx/nginx.conf", "# hostlint-ignore-file ignore/unused -- why\nevents {}\n");
  expect(await run()).toEqual(["ignore/unknown-rule etc/nginx/nginx.conf:1", 0]);
});

const reporting = [...rules].flatMap(([id, { examples }]) =>
  examples
    .filter(
      (example) =>
        (example.findings ?? []).length > 0 && example.paths === undefined && !id.startsWith("ignore/"),
    )
    .map((example) => ({ id, title: example.title, example })),
);

describe.each(reporting)("$id: $title", ({ id, example }) => {
  it("is ignored by a comment at the top of its files, or of those of its evidence", async () => {
    const comment = `# hostlint-ignore-file ${id} -- it is an example\n`;
    for (const [path, marked] of Object.entries(example.files)) {
      const { text, primary } = readMarks(marked);
      write(path, primary.length > 0 ? comment + text : text);
    }
    const { declaredFacts } = await import("../../src/cli/facts.ts");
    const requests = [{ paths: ["."], facts: declaredFacts(example.facts ?? {}) }];
    const options = exampleOptions(id, example);
    const { result } = await lint({ requests, workingDirectory: root, ...options });
    const left = result.diagnostics.filter(({ rule }) => rule === id || rule.startsWith("ignore/"));
    expect(left.map(({ message }) => message)).toEqual([]);
    expect(result.ignored).toBe(example.findings?.length);
  });
});

describe("files of containers", () => {
  const truncated = "hostlint-ignore container/command-truncated -- the rest runs elsewhere";
  const compose = (command: string): string =>
    `services:\n  web:\n    image: python:3.12\n${command}\n  proxy:\n    image: nginx:1.27\n`;
  const cutShort = "    command: flask db upgrade && gunicorn app:app";

  async function found(rule: string): Promise<[...string[], number]> {
    const { result } = await lint({ requests: [{ paths: ["."], facts: facts({}) }], workingDirectory: root });
    const rules = result.diagnostics.map((each) => each.rule);
    return [...rules.filter((each) => each === rule || each.startsWith("ignore/")), result.ignored];
  }

  it.each([
    ["behind the line", `${cutShort} # ${truncated}`],
    ["above the line", `    # ${truncated}\n${cutShort}`],
  ])("a compose file takes a comment %s", async (_, command) => {
    write("docker-compose.yml", compose(command));
    expect(await found("container/command-truncated")).toEqual([1]);
  });

  it("a # inside of a value is no comment", async () => {
    write("docker-compose.yml", compose(`${cutShort}#${truncated}`));
    expect(await found("container/command-truncated")).toEqual(["container/command-truncated", 0]);
  });

  const unset = "hostlint-ignore container/variable-not-set -- set by the platform";

  it("a Dockerfile takes one above its instruction", async () => {
    write("docker-compose.yml", "services:\n  web:\n    build: .\n");
    write("Dockerfile", `FROM python:3.12\n# ${unset}\nCMD gunicorn --workers="$WORKERS" app:app\n`);
    expect(await found("container/variable-not-set")).toEqual([1]);
  });

  it.each([
    ["above the line", `# ${unset}\nexec gunicorn --workers="$WORKERS" app:app\n`],
    ["behind the line", `exec gunicorn --workers="$WORKERS" app:app # ${unset}\n`],
  ])("a start script takes one %s", async (_, text) => {
    write("docker-compose.yml", "services:\n  web:\n    build: .\n");
    write("Dockerfile", 'FROM python:3.12\nCOPY start.sh /start.sh\nCMD ["/start.sh"]\n');
    write("start.sh", `#!/bin/sh\n${text}`);
    expect(await found("container/variable-not-set")).toEqual([1]);
  });

  it("an .env file takes one at the variable that the finding stands on", async () => {
    const quota = "hostlint-ignore cpu/workers-above-quota -- measured";
    write("docker-compose.yml", "services:\n  web:\n    build: .\n    env_file: .env\n    cpus: 1\n");
    write("Dockerfile", 'FROM python:3.12\nCOPY start.sh /start.sh\nCMD ["/start.sh"]\n');
    write("start.sh", '#!/bin/sh\nexec gunicorn --workers="$WORKERS" app:app\n');
    write(".env", "WORKERS=9\n");
    expect(await found("cpu/workers-above-quota")).toEqual(["cpu/workers-above-quota", 0]);
    write(".env", `# ${quota}\nWORKERS=9\n`);
    expect(await found("cpu/workers-above-quota")).toEqual([1]);
  });
});
