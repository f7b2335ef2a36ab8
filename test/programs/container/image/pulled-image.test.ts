import { describe, expect, test } from "vitest";
import { type Value, written } from "../../../../src/model/value.ts";
import {
  imageVersion,
  parseImageReference,
} from "../../../../src/programs/container/image/image-reference.ts";
import { imageNginxDefaults } from "../../../../src/programs/container/image/nginx-defaults.ts";
import { pulledImage } from "../../../../src/programs/container/image/pulled-image.ts";
import { SourceFile } from "../../../../src/text/source-file.ts";
import { fileSpan, spanText } from "../../../../src/text/span.ts";

function pulled(text: string) {
  const at = fileSpan(new SourceFile("compose.yaml", text));
  return pulledImage(written("image", text, at), at);
}

const shown = <T>(value: Value<T>): T | string => (value.known ? value.value : `? ${value.origin.why}`);

// Source: distribution/reference normalize_test.go and reference_test.go.
describe("parseImageReference", () => {
  test.each([
    ["nginx", { repository: "nginx", tag: "latest" }],
    ["nginx:1.25.3-alpine", { repository: "nginx", tag: "1.25.3-alpine" }],
    ["library/nginx:1", { repository: "nginx", tag: "1" }],
    ["docker.io/library/nginx", { repository: "nginx", tag: "latest" }],
    ["docker.io/a/b:c", { repository: "a/b", tag: "c" }],
    ["localhost:5000/a:b", { repository: "localhost:5000/a", tag: "b" }],
    ["ghcr.io/benoitc/gunicorn:24.1.1", { repository: "ghcr.io/benoitc/gunicorn", tag: "24.1.1" }],
    [`nginx@sha256:${"a".repeat(64)}`, { repository: "nginx", tag: undefined }],
    [`nginx:1.2@sha256:${"a".repeat(64)}`, { repository: "nginx", tag: "1.2" }],
    ["Nginx", undefined],
    ["nginx:", undefined],
    ["a b", undefined],
    ["{{ image }}", undefined],
    ["", undefined],
  ])("%s", (text, expected) => {
    expect(parseImageReference(text)).toEqual(expected);
  });
});

describe("imageVersion", () => {
  test.each([
    ["nginx:1.25.3-alpine", "nginx", "1.25.3"],
    ["nginxinc/nginx-unprivileged:1.27.0", "nginx", "1.27.0"],
    ["openresty/openresty:1.21.4.1-0-alpine", "nginx", "1.21.4"],
    ["python:3.12-slim", "python", "3.12"],
    ["python:3.11.4", "python", "3.11.4"],
    ["tiangolo/uvicorn-gunicorn-fastapi:python3.9", "python", "3.9"],
    ["nginx:1.25", "nginx", "? the image nginx:1.25 names no patch level"],
    ["nginx:alpine", "nginx", "? the image nginx:alpine names no version of nginx"],
    ["nginx", "nginx", "? the image nginx:latest names no version of nginx"],
    ["redis:7.2.1", "nginx", "? the image redis:7.2.1 names no version of nginx"],
  ] as const)("%s", (text, program, expected) => {
    expect(String(shown(imageVersion(pulled(text).base, program)))).toBe(expected);
  });

  test("a moving tag has the first and the last patch as candidates", () => {
    const version = imageVersion(pulled("nginx:1.25").base, "nginx");
    expect(version.known ? [] : version.candidates?.map(({ value }) => value.text)).toEqual([
      "1.25.0",
      "1.25.99",
    ]);
  });

  test("it is written where the image is named", () => {
    const { origin } = imageVersion(pulled("nginx:1.25.3").base, "nginx");
    expect(origin.kind === "written" ? spanText(origin.at) : undefined).toBe("nginx:1.25.3");
  });
});

describe("imageNginxDefaults", () => {
  const main = (text: string, packages: readonly string[] = []) => {
    const defaults = imageNginxDefaults(pulled(text).base, packages);
    return defaults?.files[defaults.configuration];
  };
  test.each([
    ["nginx:1.25.3", [], "worker_connections  1024", "worker_processes  auto"],
    ["nginx", [], "worker_connections  1024", "worker_processes  auto"],
    ["nginx:1.18.0", [], "worker_connections  1024", "worker_processes  1"],
    ["nginx:1.18", [], "worker_connections  1024", "worker_processes  1"],
    ["nginx:1.18-alpine", [], "worker_connections  1024", "worker_processes  auto"],
    ["nginx:1.14.2-alpine", [], "worker_connections  1024", "worker_processes  1"],
    [
      "nginxinc/nginx-unprivileged:1.25.3",
      [],
      "pid        /tmp/nginx.pid",
      "client_body_temp_path /tmp/client_temp",
    ],
    ["debian:12", ["nginx"], "worker_connections 768", "include /etc/nginx/sites-enabled/*"],
    ["alpine:3.20", ["nginx"], "worker_connections 1024", "include /etc/nginx/http.d/*.conf"],
  ] as const)("%s %j", (text, packages, ...parts) => {
    for (const part of parts) expect(main(text, packages)).toContain(part);
  });

  test.each(["python:3.12", "jwilder/nginx-proxy", "bitnami/nginx:1.25.3"])(
    "nothing is known of %s",
    (text) => {
      expect(main(text)).toBeUndefined();
    },
  );

  test.each([
    ["nginx:1.19", "1.19.10"],
    [`nginx@sha256:${"a".repeat(64)}`, "1.19.10"],
    ["nginx:1.19.10", undefined],
    ["nginx:1.18", undefined],
    ["nginx:stable", undefined],
    ["nginx:1.15-alpine", "1.15.12"],
    ["nginx:1.18-alpine", undefined],
    ["nginx:1.19-alpine", undefined],
  ])("whether worker_processes of %s may be 1 or auto, and since when: %s", (text, since) => {
    expect(imageNginxDefaults(pulled(text).base)?.workersAutoSince).toBe(since);
  });

  test.each([
    ["alpine:3.12", [[], ["/etc/nginx/conf.d/*.conf"]], ["conf.d/default.conf"]],
    ["alpine:3.13", [[], ["/etc/nginx/http.d/*.conf", "/etc/nginx/conf.d/*.conf"]], ["http.d/default.conf"]],
    ["alpine:3.14.2", [[], ["/etc/nginx/http.d/*.conf"]], ["http.d/default.conf"]],
    ["alpine:3.15", [["/etc/nginx/conf.d/*.conf"], ["/etc/nginx/http.d/*.conf"]], ["http.d/default.conf"]],
    ["alpine", [["/etc/nginx/conf.d/*.conf"], ["/etc/nginx/http.d/*.conf"]], ["http.d/default.conf"]],
    ["python:3.9-alpine3.12", [[], ["/etc/nginx/conf.d/*.conf"]], ["conf.d/default.conf"]],
    ["python:3.5-alpine", [[], ["/etc/nginx/conf.d/*.conf"]], ["conf.d/default.conf"]],
    ...["python:3.12-alpine", "python:3.12.4-alpine", "python:3.7-alpine", "python:alpine", "alpine:3"].map(
      (text) =>
        [
          text,
          [["/etc/nginx/conf.d/*.conf"], ["/etc/nginx/http.d/*.conf"]],
          ["http.d/default.conf"],
        ] as const,
    ),
  ] as const)("the folders that nginx of %s reads, outside and inside of http", (text, read, sites) => {
    const defaults = imageNginxDefaults(pulled(text).base, ["nginx"]);
    const parts = defaults?.files["/etc/nginx/nginx.conf"]?.split("http {") ?? [];
    const folders = parts.map((part) =>
      [...part.matchAll(/include (\S*\/(?:conf|http)\.d\/\S*);/g)].map(([, pattern]) => pattern),
    );
    expect(folders).toEqual(read);
    expect(Object.keys(defaults?.files ?? {}).slice(1)).toEqual(sites.map((name) => `/etc/nginx/${name}`));
  });

  test.each([
    "python:3.7.3-alpine",
    "python:2.7.12-alpine",
    "node:18-alpine",
    `alpine@sha256:${"a".repeat(64)}`,
  ])("nothing is known of nginx on %s, whose release of Alpine nothing tells", (text) => {
    expect(imageNginxDefaults(pulled(text).base, ["nginx"])).toBeUndefined();
  });

  test("Alpine's file brings a log format and a variable that sites of it use", () => {
    expect(main("alpine:3.20", ["nginx"])).toContain("log_format main ");
    expect(main("alpine:3.20", ["nginx"])).toContain("map $http_upgrade $connection_upgrade {");
  });

  test("the default server of the unprivileged image listens on 8080", () => {
    const files = imageNginxDefaults(pulled("nginxinc/nginx-unprivileged:1.25.3").base)?.files;
    expect(files?.["/etc/nginx/conf.d/default.conf"]).toContain("listen       8080;");
  });
});

describe("pulledImage", () => {
  test.each([
    ["jwilder/nginx-proxy", "writes its nginx configuration when it starts, from the other containers"],
    ["lscr.io/linuxserver/nginx", "writes its configuration into /config when it starts"],
    ["bitnami/nginx:1.25.3", "keeps its configuration below /opt/bitnami and writes it when it starts"],
    ["acme/x", "is not known here"],
  ])("why nothing is said of %s", (text, why) => {
    expect(shown(pulled(text).command)).toContain(why);
  });

  test("the python image has a command and no entrypoint", () => {
    const image = pulled("python:3.12-slim");
    expect(image.entrypoint.known ? image.entrypoint.value : "unknown").toBeUndefined();
    expect(image.command.known && image.command.value?.map(({ text }) => shown(text))).toEqual(["python3"]);
    expect(shown(image.environment.get("PYTHONPATH"))).toBeUndefined();
    expect(image.environment.get("PATH").known).toBe(false);
  });

  test.each([
    ["ghcr.io/astral-sh/uv:python3.13-trixie-slim", true],
    ["ghcr.io/astral-sh/uv:0.8.3-bookworm-slim", true],
    ["ghcr.io/astral-sh/uv:0.8", false],
    ["ghcr.io/astral-sh/uv", false],
  ])("%s stands on a distribution, which sets no PORT: %s", (text, derived) => {
    const { environment, entrypoint } = pulled(text);
    expect(environment.get("PORT").known).toBe(derived);
    expect(entrypoint.known).toBe(derived);
  });

  test("a mirror of the official images is the official image", () => {
    expect(shown(pulled("public.ecr.aws/docker/library/python:3.12").workingDirectory)).toBe("/");
  });
});
