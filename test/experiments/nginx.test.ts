import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { facts, type Host, lint } from "../../src/index.ts";
import type { Value } from "../../src/model/value.ts";

/**
 * The claims of the capacity rules against the real nginx: it is started with tiny limits, and what gets through is
 * compared with what the model says of the same files. Needs nginx and ss (Debian: nginx-light, iproute2).
 */
const available = ["nginx -v", "ss -V"].every((command) => spawnSync("sh", ["-c", command]).status === 0);

let root: string;
let running: ChildProcess | undefined;
let backend: Server | undefined;
const clients: Socket[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hostlint-experiment-"));
  mkdirSync(join(root, "etc/nginx"), { recursive: true });
  mkdirSync(join(root, "etc/sysctl.d"), { recursive: true });
  const somaxconn = readFileSync("/proc/sys/net/core/somaxconn", "utf8").trim();
  writeFileSync(join(root, "etc/sysctl.d/60-now.conf"), `net.core.somaxconn = ${somaxconn}\n`);
});

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  running?.kill("SIGKILL");
  running = undefined;
  backend?.closeAllConnections();
  backend?.close();
  backend = undefined;
  rmSync(root, { recursive: true, force: true });
});

const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

async function until<T>(look: () => T | undefined): Promise<T> {
  for (let turn = 0; turn < 100; turn++) {
    const found = look();
    if (found !== undefined) return found;
    await wait(50);
  }
  throw new Error("it did not happen within 5 seconds");
}

/** Starts nginx with the configuration, and builds the model of the same file. */
async function start(configuration: string): Promise<Host> {
  const path = join(root, "etc/nginx/nginx.conf");
  writeFileSync(
    path,
    `daemon off;\npid ${root}/pid;\nerror_log ${root}/error.log;\n${configuration.replace("http {", `http {\n  access_log off;\n  client_body_temp_path ${root}/a;\n  proxy_temp_path ${root}/b;\n  fastcgi_temp_path ${root}/c;\n  uwsgi_temp_path ${root}/d;\n  scgi_temp_path ${root}/e;`)}`,
  );
  running = spawn("nginx", ["-c", path], { stdio: "ignore" });
  await until(() => workers()[0]);
  const { hosts } = await lint({ requests: [{ paths: [root], facts: facts() }], workingDirectory: root });
  const [host] = hosts;
  if (host === undefined) throw new Error("no host was found");
  return host;
}

function workers(): number[] {
  const found = spawnSync("pgrep", ["-P", String(running?.pid ?? 0)], { encoding: "utf8" }).stdout;
  return found.trim() === "" ? [] : found.trim().split("\n").map(Number);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  return port;
}

const known = <T>(value: Value<T> | undefined): T | undefined => (value?.known ? value.value : undefined);

describe.runIf(available)("the model and the real nginx agree", () => {
  it.each([16, 511, 1_000_000])("on the accept queue for a backlog of %i", async (backlog) => {
    const port = await freePort();
    const host = await start(
      `events {\n  worker_connections 64;\n}\nhttp {\n  server {\n    listen 127.0.0.1:${port} backlog=${backlog};\n  }\n}\n`,
    );
    const socket = execFileSync("ss", ["-ltnH", `sport = :${port}`], { encoding: "utf8" })
      .trim()
      .split(/\s+/);
    expect(Number(socket[2])).toBe(known(host.listeners[0]?.acceptQueue));
  });

  it("on the proxied clients that worker_connections holds", async () => {
    backend = createServer(() => {
      // holds every request
    });
    backend.listen(0, "127.0.0.1");
    await new Promise((done) => backend?.once("listening", done));
    const { port: app } = backend.address() as AddressInfo;
    let held = 0;
    backend.on("request", () => {
      held += 1;
    });
    const port = await freePort();
    const host = await start(
      `worker_processes 1;\nevents {\n  worker_connections 20;\n}\nhttp {\n  server {\n    listen 127.0.0.1:${port};\n    location / {\n      proxy_pass http://127.0.0.1:${app};\n    }\n  }\n}\n`,
    );
    for (let client = 0; client < 30; client++) {
      const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.0\r\n\r\n"));
      socket.on("error", () => {});
      clients.push(socket);
      await wait(10);
    }
    await wait(300);
    expect(held).toBe(known(host.nginx[0]?.clientsAtOnce));
  });

  it("on the nofile limit that worker_rlimit_nofile sets", async () => {
    const port = await freePort();
    const host = await start(
      `worker_processes 1;\nworker_rlimit_nofile 77;\nevents {\n  worker_connections 20;\n}\nhttp {\n  server {\n    listen 127.0.0.1:${port};\n  }\n}\n`,
    );
    const limits = readFileSync(`/proc/${workers()[0]}/limits`, "utf8");
    expect(Number(/Max open files\s+(\d+)/.exec(limits)?.[1])).toBe(known(host.nginx[0]?.workerNofile));
  });

  it("on the descriptors of an idle worker", async () => {
    const port = await freePort();
    const host = await start(
      `worker_processes 3;\nevents {\n  worker_connections 20;\n}\nhttp {\n  server {\n    listen 127.0.0.1:${port};\n  }\n}\n`,
    );
    const [worker] = await until(() => (workers().length === 3 ? workers() : undefined));
    await wait(200);
    const open = readdirSync(`/proc/${worker}/fd`).length;
    // Its listening socket and its channel are slots; what the test runner hands down comes on top.
    const socketAndChannel = 2;
    expect(open).toBeGreaterThanOrEqual(
      (known(host.nginx[0]?.workerOverhead) ?? Number.NaN) + socketAndChannel,
    );
    expect(open).toBeLessThan((known(host.nginx[0]?.workerOverhead) ?? Number.NaN) + socketAndChannel + 4);
  });
});
