import { describe, expect, test } from "vitest";
import { facts, lint } from "../../../../src/index.ts";
import { onDisk } from "../../../files/on-disk.ts";

const dockerfile = 'FROM python:3.12\nENTRYPOINT ["/usr/bin/env"]\nCMD ["gunicorn", "-w", "3", "app:app"]\n';

/** Workers of the gunicorns that a service with these lines starts. */
async function workers(...lines: readonly string[]): Promise<unknown[]> {
  const service = ["web:", "  build: .", ...lines.map((line) => `  ${line}`)];
  const root = onDisk({
    Dockerfile: dockerfile,
    "compose.yaml": `services:\n${service.map((line) => `  ${line}\n`).join("")}`,
  });
  const { hosts } = await lint({ requests: [{ paths: [root], facts: facts({}) }], workingDirectory: root });
  return hosts.flatMap(({ gunicorn }) =>
    gunicorn.map(({ configuration: { workers: count } }) => (count.known ? count.value : count.origin.why)),
  );
}

// docker/compose pkg/compose/create.go getCreateConfigs passes what is not null, moby daemon/commit.go merge fills in
// what is empty: CMD where there are neither words of an entry point nor of a command, ENTRYPOINT where it is absent.
describe("entry point and command of a service", () => {
  test.each([
    ["nothing", [], [3]],
    ["a command", ["command: gunicorn -w 4 app:app"], [4]],
    ["an empty command, which is as good as none", ["command: []"], [3]],
    ["an empty text as the command", ['command: ""'], [3]],
    ["an entry point, which drops the CMD", ['entrypoint: ["gunicorn", "-w", "7", "app:app"]'], [7]],
    ["an empty entry point, which leaves the CMD", ["entrypoint: []"], [3]],
    ["an empty text as the entry point", ['entrypoint: ""'], [3]],
    ["an empty entry point and a command", ["entrypoint: []", "command: gunicorn -w 6 app:app"], [6]],
    ["an entry point and an empty command", ["entrypoint: gunicorn -w 7 app:app", "command: []"], [7]],
  ])("%s", async (_, lines, expected) => {
    expect(await workers(...lines)).toEqual(expected);
  });
});
