/**
 * npm run bench: what starting, parsing and linting cost, side by side in one run, with the targets beside them.
 * Times are medians; only their ratios mean anything on another machine.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseNginx } from "../syntax/nginx/parse-nginx.ts";
import { SourceFile } from "../text/source-file.ts";

const program = "dist/hostlint.cjs";

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Medians of commands that take turns, so that a machine with other work slows all of them. */
function commandTimes(commands: readonly Command[], runs: number): number[] {
  const times = commands.map((): number[] => []);
  for (let run = 0; run < runs; run++)
    for (const [index, { command, args, env }] of commands.entries()) {
      const started = performance.now();
      spawnSync(command, args, { stdio: "pipe", env: env ?? process.env });
      times[index]?.push(performance.now() - started);
    }
  return times.map(median);
}

function commandTime(command: string, args: readonly string[], runs: number): number {
  return commandTimes([{ command, args }], runs)[0] ?? Number.NaN;
}

function virtualHost(number: number): string {
  return `
    server {
        listen 80;
        listen [::]:80;
        server_name host${number}.example.org www.host${number}.example.org;
        root /srv/www/host${number}/public;
        access_log /var/log/nginx/host${number}.access.log;
        error_log /var/log/nginx/host${number}.error.log warn;
        client_max_body_size 20m;

        location / {
            proxy_pass http://127.0.0.1:${8000 + (number % 1000)};
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_read_timeout 60s;
        }

        location ~* \\.(css|js|png|jpg|jpeg|gif|ico|svg|woff2)$ {
            expires 30d;
            add_header Cache-Control "public, immutable";
        }
    }
`;
}

function configuration(hosts: number): string {
  let text =
    "worker_processes 4;\nworker_rlimit_nofile 65536;\nevents {\n    worker_connections 16384;\n}\nhttp {\n";
  for (let number = 0; number < hosts; number++) text += virtualHost(number);
  return `${text}}\n`;
}

const line = (what: string, figure: string, target = ""): void => {
  console.log(`${what.padEnd(44)} ${figure.padStart(12)}  ${target}`);
};
const milliseconds = (time: number): string => `${time.toFixed(1)} ms`;

const started = (...args: readonly string[]): Command => ({ command: process.execPath, args });
const stock = started(program, "fixtures/hosts/stock-debian");
const [node = Number.NaN, version = Number.NaN, lint = Number.NaN, first = Number.NaN] = commandTimes(
  [
    started("-e", ""),
    started(program, "--version"),
    stock,
    { ...stock, env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" } },
  ],
  31,
);
line("bare node", milliseconds(node));
line("hostlint --version", milliseconds(version), `target ${milliseconds(node + 10)} (node + 10)`);
line(
  "hostlint fixtures/hosts/stock-debian",
  milliseconds(lint),
  `target ${milliseconds(node + 40)} (node + 40)`,
);
line("the same without V8's code cache", milliseconds(first), "the first run after an installation");

const folder = mkdtempSync(join(tmpdir(), "hostlint-bench-"));
try {
  const lintTimes: number[] = [];
  for (const hosts of [1_000, 10_000]) {
    const text = configuration(hosts);
    const file = new SourceFile("nginx.conf", text);
    const parses: number[] = [];
    for (let run = 0; run < 9; run++) {
      const started = performance.now();
      parseNginx(new SourceFile(file.path, text));
      parses.push(performance.now() - started);
    }
    const rate = text.length / 1e6 / (median(parses) / 1e3);
    line(
      `parse ${hosts} virtual hosts (${(text.length / 1e6).toFixed(1)} MB)`,
      `${rate.toFixed(1)} MB/s`,
      "target 40 MB/s",
    );
    const root = join(folder, String(hosts));
    mkdirSync(join(root, "etc/nginx"), { recursive: true });
    writeFileSync(join(root, "etc/nginx/nginx.conf"), text);
    const time = commandTime(process.execPath, [program, root], 5);
    lintTimes.push(time);
    line(`lint ${hosts} virtual hosts`, milliseconds(time));
    const nginx =
      spawnSync("nginx", ["-v"]).status === 0
        ? commandTime("nginx", ["-t", "-c", join(root, "etc/nginx/nginx.conf")], 3)
        : undefined;
    line(
      `nginx -t on ${hosts} virtual hosts`,
      nginx === undefined ? "no nginx" : milliseconds(nginx),
      "lint should be faster",
    );
  }
  const [small = Number.NaN, large = Number.NaN] = lintTimes;
  line(
    "growth of lint from 1,000 to 10,000",
    `x ${((large - node) / (small - node)).toFixed(1)}`,
    "linear is x 10, start-up left out",
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
