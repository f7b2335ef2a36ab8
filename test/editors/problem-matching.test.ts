import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { documented, goldenOutputs } from "./golden-compact.ts";
import { faulty, healthy, scratchHost } from "./scratch-host.ts";

describe("VS Code", () => {
  const [text = "{}"] = documented("VS Code", "json");
  const { tasks } = JSON.parse(text) as {
    tasks: {
      command: string;
      problemMatcher: {
        pattern: Record<"file" | "line" | "column" | "severity" | "message" | "code", number> & {
          regexp: string;
        };
        background: { beginsPattern: string; endsPattern: string };
      };
    }[];
  };
  const [task] = tasks;
  const { pattern, background } = task?.problemMatcher ?? expect.fail("no task");
  const regexp = new RegExp(pattern.regexp);

  it.each(goldenOutputs)("reads every finding and nothing else: $path", ({ path, findings }) => {
    const matches = readFileSync(path, "utf8")
      .split("\n")
      .flatMap((line) => regexp.exec(line) ?? []);
    const size = matches.length / 7;
    expect(size).toBe(findings.length);
    const found = findings.map((_, index) => {
      const group = (of: number): string => matches[index * 7 + of] ?? "";
      return {
        file: group(pattern.file),
        line: Number(group(pattern.line)),
        column: Number(group(pattern.column)),
        severity: group(pattern.severity),
        message: group(pattern.message),
        rule: group(pattern.code),
      };
    });
    expect(found).toEqual(findings);
  });

  it("sees the task begin and end on each save", async () => {
    const { folder } = scratchHost();
    const nginx = join(folder, "deploy/etc/nginx/nginx.conf");
    mkdirSync(join(folder, "deploy/etc/nginx"), { recursive: true });
    writeFileSync(nginx, healthy);
    const [program = "", ...args] = (task?.command ?? "")
      .replace("node_modules/hostlint/dist/hostlint.cjs", resolve("dist/hostlint.cjs"))
      .split(" ");
    expect(program).toBe("node");
    const watch = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    try {
      let output = "";
      let wake = (): void => {};
      watch.stdout.setEncoding("utf8").on("data", (piece: string) => {
        output += piece;
        wake();
      });
      const seen = async (wanted: string): Promise<string> => {
        const form = new RegExp(wanted, "m");
        while (!form.test(output))
          await new Promise<void>((done) => {
            wake = done;
          });
        const before = output;
        output = "";
        return before;
      };
      expect(await seen(background.endsPattern)).toContain("no problems");
      writeFileSync(nginx, faulty);
      const again = await seen(`${background.beginsPattern}[\\s\\S]*${background.endsPattern}`);
      expect(again).toContain("deploy/etc/nginx/nginx.conf:3:22: warning: ");
    } finally {
      watch.kill("SIGKILL");
    }
  });
});

describe("JetBrains", () => {
  const rows = new Map(
    [...readFileSync("docs/editors.md", "utf8").matchAll(/^\| ([\w ]+) \| `(.*)` \|$/gm)].map(
      ([, name = "", value = ""]) => [name, value.replaceAll("\\|", "|")],
    ),
  );
  // As com.intellij.execution.filters.RegexpFilter (2023) puts them in place of the macros.
  const filter = new RegExp(
    `^${(rows.get("Output filters") ?? "")
      .replace("$FILE_PATH$", "(?:^|[\\W])(?<file>(?:[a-zA-Z]:|/)[0-9 a-z_A-Z\\-\\\\./]+)")
      .replace("$LINE$", "(?<line>[0-9]+)")
      .replace("$COLUMN$", "(?<column>[0-9]+)")
      .replace("$MESSAGE$", "(?<message>.*)")}$`,
  );

  it.each(goldenOutputs)("links every finding and nothing else: $path", ({ path, findings }) => {
    const found = readFileSync(path, "utf8")
      .split("\n")
      .map((line) => filter.exec(`/${line}`)?.groups)
      .filter((groups) => groups !== undefined);
    expect(found.map(({ file, line, column }) => `${file}:${line}:${column}`)).toEqual(
      findings.map(({ file, line, column }) => `/${file}:${line}:${column}`),
    );
  });

  it("gets absolute paths from the documented folder and arguments", () => {
    const { folder, nginx, env } = scratchHost();
    writeFileSync(nginx, faulty);
    const inProject = (text: string): string =>
      text.replaceAll("$ProjectFileDir$", folder).replaceAll('"', "");
    const working = inProject(rows.get("Working directory") ?? "");
    mkdirSync(working);
    const args = inProject(rows.get("Arguments") ?? "").split(" ");
    const { stdout } = spawnSync(rows.get("Program") ?? "", args, { cwd: working, env, encoding: "utf8" });
    expect(filter.exec(stdout.split("\n")[0] ?? "")?.groups).toMatchObject({ file: nginx, line: "3" });
  });
});
