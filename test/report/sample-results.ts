import { evidenceOf } from "../../src/lint/evidence.ts";
import type { Diagnostic, LintResult } from "../../src/lint/lint-result.ts";
import { Version } from "../../src/model/facts.ts";
import { connections, descriptors, seconds } from "../../src/model/units.ts";
import { byDefault, derive, fact, unknown, type Value, written } from "../../src/model/value.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { type Span, span } from "../../src/text/span.ts";

/** The place where `text` stands in a file; fails loudly when it does not. */
export function placeIn(file: SourceFile, text: string): Span {
  const start = file.text.indexOf(text);
  if (start === -1) throw new Error(`${file.path} does not hold ${text}`);
  return span(file, start, start + text.length);
}

const nginx = new SourceFile(
  "deploy/nginx.conf",
  `user www-data;
worker_processes 4;
events {
  worker_connections 1024;
  worker_connections 10240;
}
http {
  upstream app { server 127.0.0.1:8000; }
  server {
    listen 80;
    location / {
      proxy_pass http://app;
      proxy_read_timeout 30s;
    }
  }
}
`,
);
const unit = new SourceFile(
  "deploy/gunicorn.service",
  "[Service]\nExecStart=/srv/app/bin/gunicorn -w 4 --timeout 120 app.wsgi\n",
);
const sysctl = new SourceFile("deploy/sysctl.conf", "fs.file-max = 260000\n");

const slots = written("worker_connections", connections(10240), placeIn(nginx, "worker_connections 10240"), [
  written("worker_connections", connections(1024), placeIn(nginx, "worker_connections 1024")),
]);
const need = derive("descriptors needed per worker", "2 x worker_connections + 13", [slots], (each) =>
  descriptors(2 * each + 13),
);
const nofile = byDefault("soft nofile limit of nginx.service", descriptors(1024), {
  program: "systemd",
  versions: "since 240",
  source: "systemd-system.conf(5)",
});
const backlog = byDefault("backlog", connections(511), {
  program: "nginx",
  versions: "all",
  source: "listen directive",
  at: placeIn(nginx, "listen 80"),
});
const kernel = fact("kernel release", new Version("4.15"), "--kernel 4.15");
const somaxconn = derive(
  "net.core.somaxconn",
  "the default of this kernel, which no file changes",
  [kernel],
  (release) => connections(release.atLeast("5.4") ? 4096 : 128),
);
const readTimeout = written("proxy_read_timeout", seconds(30), placeIn(nginx, "proxy_read_timeout 30s"));
const timeout = written("gunicorn timeout", seconds(120), placeIn(unit, "--timeout 120"));

function chain(...values: Value<unknown>[]): Diagnostic["evidence"] {
  return values.flatMap(evidenceOf);
}

const docs = (rule: string): string => `https://hostlint.example/rules/${rule}`;

const descriptorsFinding: Diagnostic = {
  rule: "descriptors/nofile-below-connections",
  severity: "error",
  message: "a worker may hold 10240 connections, but may open only 1024 files",
  why: 'Above 1024 it logs "24: Too many open files" and new clients hang.',
  at: placeIn(nginx, "worker_connections 10240"),
  evidence: chain(need, nofile),
  help: "write worker_rlimit_nofile 20493; above the events block",
  docs: docs("descriptors/nofile-below-connections"),
  hosts: ["deploy"],
};

const queueFinding: Diagnostic = {
  rule: "queue/somaxconn-below-backlog",
  severity: "warning",
  message: "nginx asks for an accept queue of 511 on *:80, the kernel gives 128",
  why: "In a burst the kernel drops the handshakes beyond 128, and clients wait 1 s or more for the next try.",
  at: placeIn(nginx, "listen 80"),
  evidence: chain(backlog, somaxconn),
  help: "write net.core.somaxconn = 511 into deploy/sysctl.conf",
  docs: docs("queue/somaxconn-below-backlog"),
  hosts: ["deploy"],
};

const timeoutFinding: Diagnostic = {
  rule: "timeouts/proxy-read-below-gunicorn",
  severity: "info",
  message: "nginx gives up after 30 s, while gunicorn lets a request run for 120 s",
  why: "The client gets 504 and the worker goes on for nobody.",
  at: readTimeout.origin.kind === "written" ? readTimeout.origin.at : placeIn(nginx, "listen 80"),
  evidence: chain(readTimeout, timeout),
  help: "write proxy_read_timeout 125s; or --timeout 25",
  docs: docs("timeouts/proxy-read-below-gunicorn"),
  hosts: ["deploy"],
};

const cpuCount = unknown("CPUs of the machine", "CPUs of the machine is not declared", { fact: "cpus" });

/** One host with three findings, of each severity one. */
export const threeFindings: LintResult = {
  hosts: [
    {
      name: "deploy",
      files: [
        { path: nginx.path, role: "nginx configuration" },
        { path: "deploy/sites/app", role: "nginx configuration" },
        { path: unit.path, role: "systemd unit" },
        { path: sysctl.path, role: "sysctl settings" },
      ],
    },
  ],
  diagnostics: [descriptorsFinding, queueFinding, timeoutFinding],
  notChecked: [
    {
      rules: ["cpu/worker-processes-default", "cpu/gunicorn-workers-above-cores"],
      reason: `${cpuCount.label}: ${cpuCount.origin.why}`,
      fact: "cpus",
      hosts: ["deploy"],
    },
    {
      rules: ["slots/below-expected-load"],
      reason: "expected concurrent clients: expected concurrent clients is not declared",
      fact: "concurrent",
      hosts: ["deploy"],
    },
    {
      rules: ["upstream/no-listener"],
      reason: "address of a server: it holds the variable $backend",
      at: placeIn(nginx, "proxy_pass http://app"),
      hosts: ["deploy"],
    },
  ],
  ignored: 0,
  aside: [{ path: "deploy/chrony.conf.j2", why: "chrony configuration, not nginx" }],
};

/** A host with nothing to report. */
export const healthy: LintResult = {
  hosts: [{ name: "etc", files: [{ path: "etc/nginx/nginx.conf", role: "nginx configuration" }] }],
  diagnostics: [],
  notChecked: [],
  ignored: 0,
  aside: [],
};

/** Nothing was found to lint. */
export const nothing: LintResult = { hosts: [], diagnostics: [], notChecked: [], ignored: 0, aside: [] };

/** Two alternatives that share a unit, many reasons, and findings without places or help. */
export const sharedUnit: LintResult = {
  hosts: [
    {
      name: "deploy/nginx.conf",
      files: [
        { path: nginx.path, role: "nginx configuration" },
        { path: unit.path, role: "systemd unit" },
      ],
    },
    {
      name: "deploy/nginx-dev.conf",
      files: [
        { path: "deploy/nginx-dev.conf", role: "nginx configuration" },
        { path: unit.path, role: "systemd unit" },
      ],
    },
  ],
  diagnostics: [
    {
      rule: "cpu/gunicorn-workers-above-cores",
      severity: "warning",
      message: "gunicorn runs 4 workers on 1 CPU; 3 are a starting point",
      at: placeIn(unit, "-w 4"),
      evidence: [{ message: "CPUs of the machine are 1 (declared by --cpus 1)", depth: 0 }],
      docs: docs("cpu/gunicorn-workers-above-cores"),
      hosts: ["deploy/nginx-dev.conf"],
    },
    {
      rule: "cpu/gunicorn-workers-above-cores",
      severity: "warning",
      message: "the same rule a second time links its page only once",
      at: placeIn(unit, "app.wsgi"),
      evidence: [
        { message: "workers are 4", at: placeIn(unit, "-w 4"), depth: 0 },
        { message: "CPUs of the machine are 1 (declared by --cpus 1)", depth: 0 },
      ],
      docs: docs("cpu/gunicorn-workers-above-cores"),
      hosts: ["deploy/nginx.conf", "deploy/nginx-dev.conf"],
    },
  ],
  notChecked: [1, 2, 3, 4, 5].map((number) => ({
    rules: ["upstream/no-listener"],
    reason: `address of server ${number}: it is the template hole {{ app_${number} }}`,
    at: placeIn(nginx, "server 127.0.0.1:8000"),
    hosts: ["deploy/nginx.conf"],
  })),
  ignored: 2,
  aside: [1, 2, 3].map((number) => ({
    path: `files/chrony-${number}.conf`,
    why: "chrony configuration, not nginx",
  })),
};
