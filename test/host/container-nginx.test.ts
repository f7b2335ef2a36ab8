import { describe, expect, it } from "vitest";
import { facts, lint } from "../../src/index.ts";
import { onDisk } from "../files/on-disk.ts";

async function found(files: Readonly<Record<string, string>>) {
  const root = onDisk(files);
  const { result } = await lint({
    requests: [{ paths: [root], facts: facts({}) }],
    workingDirectory: root,
  });
  return result.diagnostics.map(({ message, at, evidence, help }) => ({
    at: `${at.file.path}:${at.file.position(at.start).line}`,
    message,
    evidence: evidence.map((step) => [
      step.message,
      step.at && `${step.at.file.path}:${step.at.file.position(step.at.start).line}`,
    ]),
    help,
  }));
}

const alpine = (folder: string): string =>
  `FROM alpine:3.20\nRUN apk add --no-cache nginx\nCOPY site.conf ${folder}/default.conf\nCMD ["nginx", "-g", "daemon off;"]\n`;
const site = "server {\n    listen 80;\n}\n";

describe("what the nginx.conf of an image already says", () => {
  it("is told at the line that names the image, with the file in words", async () => {
    const files = {
      Dockerfile: alpine("/etc/nginx/http.d"),
      "site.conf": `log_format main '$status';\n${site}`,
    };
    expect(await found(files)).toMatchObject([
      {
        at: "site.conf:1",
        message: 'duplicate "log_format" name "main"',
        evidence: [
          ["it is defined here first: /etc/nginx/nginx.conf of the nginx package of Alpine", "Dockerfile:1"],
        ],
      },
    ]);
  });

  it("shows why a directive stands in the wrong place", async () => {
    const files = { Dockerfile: alpine("/etc/nginx/conf.d"), "site.conf": site };
    expect(await found(files)).toMatchObject([
      {
        at: "site.conf:1",
        message: '"server" directive is not allowed here',
        evidence: [
          [
            "the file is included here, outside of every block: /etc/nginx/nginx.conf of the nginx package of Alpine",
            "Dockerfile:1",
          ],
        ],
      },
    ]);
  });

  it("is no concern of a site that fits", async () => {
    const files = {
      Dockerfile: alpine("/etc/nginx/http.d"),
      "site.conf": site.replace("80;", "80;\n    access_log /dev/stdout main;"),
    };
    expect(await found(files)).toEqual([]);
  });
});
