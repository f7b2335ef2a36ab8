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

describe("openresty", () => {
  const lua =
    "events {\n  worker_connections 1024;\n}\nhttp {\n  lua_shared_dict cache 10m;\n  server {\n    listen 80;\n    location / {\n      access_by_lua_block { ngx.exit(403) }\n      srcache_fetch GET /memc;\n      proxy_pass http://web:8000;\n    }\n  }\n}\n";
  const compose = (path: string): string =>
    `services:\n  web:\n    image: python:3.12\n    command: gunicorn -b 0.0.0.0:8000 app:app\n  proxy:\n    image: openresty/openresty:1.25.3.1-0-alpine\n    volumes: ["./nginx.conf:${path}:ro"]\n`;

  async function processes(files: Readonly<Record<string, string>>) {
    const root = onDisk(files);
    const { hosts, result } = await lint({
      requests: [{ paths: [root], facts: facts({}) }],
      workingDirectory: root,
    });
    return {
      nginx: hosts.flatMap((host) =>
        host.nginx.map(({ name, configuration: { workerProcesses } }) => ({
          name,
          workers: workerProcesses.known ? workerProcesses.value : undefined,
        })),
      ),
      links: hosts.flatMap(({ links }) => links.map(({ nginx }) => nginx.name)),
      errors: result.diagnostics
        .filter(({ rule }) => rule.startsWith("nginx/"))
        .map(({ message }) => message),
    };
  }

  it("reads the file below its own prefix, and knows modules that nginx does not", async () => {
    const files = {
      "compose.yaml": compose("/usr/local/openresty/nginx/conf/nginx.conf"),
      "nginx.conf": lua,
    };
    expect(await processes(files)).toEqual({
      nginx: [{ name: "nginx (proxy)", workers: 1 }],
      links: ["nginx (proxy)"],
      errors: [],
    });
  });

  it("is what the bare word nginx starts in its image", async () => {
    const files = {
      Dockerfile:
        'FROM openresty/openresty:alpine\nCOPY nginx.conf /usr/local/openresty/nginx/conf/nginx.conf\nCMD ["nginx", "-g", "daemon off;"]\n',
      "nginx.conf": lua,
    };
    expect(await processes(files)).toMatchObject({ nginx: [{ name: "nginx (Dockerfile)", workers: 1 }] });
  });

  it("takes sites into the nginx.conf of the image", async () => {
    const site = "server {\n  listen 80;\n  location / {\n    proxy_pass http://web:8000;\n  }\n}\n";
    const files = { "compose.yaml": compose("/etc/nginx/conf.d/default.conf"), "nginx.conf": site };
    expect(await processes(files)).toEqual({
      nginx: [{ name: "nginx (proxy)", workers: 1 }],
      links: ["nginx (proxy)"],
      errors: [],
    });
  });
});
