import { expect, test } from "vitest";
import { facts, lint } from "../../src/index.ts";
import { onDisk } from "../files/on-disk.ts";

async function helpOf(rule: string, files: Readonly<Record<string, string>>): Promise<readonly unknown[]> {
  const root = onDisk(files);
  const { result } = await lint({
    requests: [{ paths: [root], facts: facts({}) }],
    workingDirectory: root,
  });
  return result.diagnostics.filter((each) => each.rule === rule).map(({ help }) => help);
}

const nginx = (top: string, slots: number): string =>
  `${top}events {\n  worker_connections ${slots};\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n`;

test("a limit around nginx is advised only where worker_rlimit_nofile does not decide", async () => {
  const rule = "descriptors/nofile-below-connections";
  expect(await helpOf(rule, { "etc/nginx/nginx.conf": nginx("worker_rlimit_nofile 4000;\n", 4000) })).toEqual(
    ["worker_rlimit_nofile 8000; in nginx.conf"],
  );
  expect(await helpOf(rule, { "etc/nginx/nginx.conf": nginx("", 4000) })).toEqual([
    "worker_rlimit_nofile 8000; in nginx.conf, or LimitNOFILE= in a drop-in of nginx.service",
  ]);
});

test("a longer stop timeout is written as its surroundings write it", async () => {
  const rule = "timeouts/graceful-above-stop";
  const command = "gunicorn --threads 4 --graceful-timeout 60 -b 0.0.0.0:8000 app:app";
  expect(
    await helpOf(rule, {
      "compose.yaml": `services:\n  web:\n    image: python:3.12\n    command: ${command}\n`,
    }),
  ).toEqual(["stop_grace_period: 65s for the service web, or a smaller graceful_timeout"]);
  expect(
    await helpOf(rule, {
      "etc/systemd/system/app.service": `[Service]\nTimeoutStopSec=20\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/${command}\n`,
    }),
  ).toEqual(["TimeoutStopSec=65 in app.service, or a smaller graceful_timeout"]);
});
