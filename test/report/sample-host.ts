import type { Environment } from "../../src/model/environment.ts";
import { facts, Version } from "../../src/model/facts.ts";
import type { GunicornConfiguration } from "../../src/model/gunicorn.ts";
import type { CapacityStep, GunicornProcess, Host, Listener, NginxProcess } from "../../src/model/host.ts";
import type { NginxConfiguration } from "../../src/model/nginx.ts";
import type { SystemdService } from "../../src/model/systemd.ts";
import {
  bytes,
  connections,
  cpus,
  descriptors,
  processes,
  requests,
  seconds,
} from "../../src/model/units.ts";
import { byDefault, derive, fact, unknown, type Value, written } from "../../src/model/value.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { fileSpan } from "../../src/text/span.ts";
import { placeIn } from "./sample-results.ts";

const nginxFile = new SourceFile(
  "etc/nginx/nginx.conf",
  `worker_processes auto;
events { worker_connections 4k; }
http {
  upstream app { server 127.0.0.1:8000; server {{ spare }}; keepalive 16; }
  server { listen 80; location / { proxy_pass http://app; } }
}
`,
);
const unitFile = new SourceFile(
  "etc/systemd/system/app.service",
  `[Service]
LimitNOFILE=1024
LimitNOFILE=65536
ExecStart=/srv/app/bin/gunicorn -w 4 -b 127.0.0.1:8000 app.wsgi
`,
);
const sysctlFile = new SourceFile("etc/sysctl.conf", "net.core.somaxconn = 4096\n");
const limitsFile = new SourceFile("etc/security/limits.conf", "@users - nofile 65536\n");

function defaultOf<T>(program: string, label: string, value: T): Value<T> {
  return byDefault(label, value, { program, versions: "all", source: `documentation of ${program}` });
}

const noLimit = Number.POSITIVE_INFINITY;
const onlineCpus = fact("CPUs of the machine", cpus(4), "--cpus 4");
const somaxconn = written("net.core.somaxconn", 4096, placeIn(sysctlFile, "net.core.somaxconn = 4096"));
const limitNofile = written(
  "LimitNOFILE= of app.service",
  descriptors(65536),
  placeIn(unitFile, "LimitNOFILE=65536"),
  [written("LimitNOFILE= of app.service", descriptors(1024), placeIn(unitFile, "LimitNOFILE=1024"))],
);

function environment(kind: "host" | "service", name: string, limits: Environment["nofile"]): Environment {
  return {
    kind,
    name,
    at: kind === "service" && name === "app.service" ? fileSpan(unitFile) : undefined,
    nofile: limits,
    mayRaiseLimits: defaultOf("systemd", "CAP_SYS_RESOURCE", true),
    cpuQuota: defaultOf("systemd", "CPUQuota=", cpus(noLimit)),
    onlineCpus,
    memoryMax: defaultOf("systemd", "MemoryMax=", bytes(noLimit)),
    tasksMax: unknown("TasksMax=", "the size of the machine is not known", { fact: "memory" }),
    stopTimeout: defaultOf("systemd", "TimeoutStopSec=", seconds(90)),
    ownNetwork: defaultOf("systemd", "PrivateNetwork=", false),
    publishedPorts: [],
    localPorts: defaultOf("Linux", "local ports", connections(28232)),
    privateTmp: defaultOf("systemd", "PrivateTmp=", false),
    user: defaultOf("systemd", "User=", "root"),
    remedies: {
      stopTimeout: (seconds) => `TimeoutStopSec=${seconds}`,
      nofile: `LimitNOFILE= in a drop-in of ${name}`,
      sysctl: (key, value) => `set ${key} = ${value} in /etc/sysctl.d`,
      cpuQuota: "CPUQuota=",
    },
    pamSession: false,
    sysctl: () => somaxconn,
    storage: (directory) => unknown(`storage of ${directory}`, "the mounts of the machine decide it"),
  };
}

const stockNofile = {
  soft: defaultOf("systemd", "soft nofile limit", descriptors(1024)),
  hard: defaultOf("systemd", "hard nofile limit", descriptors(524288)),
};
const bare = environment("host", "host", stockNofile);
const nginxService = environment("service", "nginx.service", stockNofile);
const appService = environment("service", "app.service", { soft: limitNofile, hard: limitNofile });

const workerProcesses = written(
  "worker_processes",
  "auto" as const,
  placeIn(nginxFile, "worker_processes auto"),
);
const address = { kind: "tcp", host: "127.0.0.1", port: 8000 } as const;
const upstreamFile = placeIn(nginxFile, "upstream app");
const upstream: NginxConfiguration["upstreams"][number] = {
  name: "app",
  at: upstreamFile,
  module: "http",
  servers: [
    {
      address: written("server", address, placeIn(nginxFile, "server 127.0.0.1:8000")),
      at: upstreamFile,
      backup: false,
      down: false,
    },
    {
      address: unknown("server", "it is the template hole {{ spare }}", {
        at: placeIn(nginxFile, "server {{ spare }}"),
      }),
      at: upstreamFile,
      backup: false,
      down: false,
    },
  ],
  keepalive: written("keepalive", connections(16), placeIn(nginxFile, "keepalive 16")),
  keepaliveTimeout: defaultOf("nginx", "keepalive_timeout", seconds(60)),
};
const proxy: NginxConfiguration["proxies"][number] = {
  at: placeIn(nginxFile, "proxy_pass http://app"),
  upstream,
  address: undefined,
  location: "location /",
  readTimeout: defaultOf("nginx", "proxy_read_timeout", seconds(60)),
  sendTimeout: defaultOf("nginx", "proxy_send_timeout", seconds(60)),
  connectTimeout: defaultOf("nginx", "proxy_connect_timeout", seconds(60)),
  httpVersion: unknown("proxy_http_version", "the default changed in 1.29.7", {
    fact: "nginx",
    candidates: ["1.0", "1.1"].map((version) =>
      byDefault("proxy_http_version", version, { program: "nginx", versions: version, source: "changes" }),
    ),
  }),
  connectionHeader: defaultOf("nginx", "Connection header", undefined),
  buffering: defaultOf("nginx", "proxy_buffering", true),
  requestBuffering: defaultOf("nginx", "proxy_request_buffering", true),
  bound: false,
  multiplexed: false,
};

const configuration: NginxConfiguration = {
  main: fileSpan(nginxFile),
  scope: "main",
  serves: true,
  workerProcesses,
  workerConnections: written(
    "worker_connections",
    connections(4096),
    placeIn(nginxFile, "worker_connections 4k"),
  ),
  workerRlimitNofile: undefined,
  user: undefined,
  listens: [],
  upstreams: [upstream],
  proxies: [proxy],
  logFiles: 2,
  openFileCache: undefined,
  daemon: defaultOf("nginx", "daemon", true),
  staticPaths: [],
  missingIncludes: [],
};

function listener(owner: string, program: Listener["program"], at: Listener["at"], port: number): Listener {
  const backlog = defaultOf(program, "backlog", connections(program === "nginx" ? 511 : 2048));
  return {
    address: { kind: "tcp", host: program === "nginx" ? "*" : "127.0.0.1", port },
    at,
    owner,
    program,
    environment: program === "nginx" ? nginxService : appService,
    backlog,
    acceptQueue: derive(
      "accept queue",
      "the smaller of the backlog and net.core.somaxconn",
      [backlog, somaxconn],
      (asked, ceiling) => connections(Math.min(asked, ceiling)),
    ),
  };
}

const nginxListener = listener("nginx", "nginx", placeIn(nginxFile, "listen 80"), 80);
const gunicornListener = listener(
  "gunicorn (app.service)",
  "gunicorn",
  placeIn(unitFile, "-b 127.0.0.1:8000"),
  8000,
);

const nginx: NginxProcess = {
  name: "nginx",
  at: fileSpan(nginxFile),
  configuration,
  environment: nginxService,
  container: undefined,
  workers: derive(
    "nginx workers",
    "auto: one worker per online CPU, whatever the quota",
    [workerProcesses, onlineCpus],
    (_, online) => processes(online),
  ),
  workerNofile: stockNofile.soft,
  workerOverhead: defaultOf("nginx", "other descriptors of a worker", descriptors(10)),
  proxies: true,
  clientsAtOnce: derive(
    "clients at once",
    "workers x worker_connections",
    [configuration.workerConnections, facts().cpus],
    (slots, count) => connections(slots * count),
  ),
  listeners: [nginxListener],
};

const workers = written("workers", processes(4), placeIn(unitFile, "-w 4"));
const gunicornConfiguration: GunicornConfiguration = {
  at: placeIn(unitFile, "/srv/app/bin/gunicorn"),
  workers,
  threads: defaultOf("gunicorn", "threads", 1),
  workerClass: defaultOf("gunicorn", "worker_class", "sync"),
  workerKind: defaultOf("gunicorn", "worker kind", "sync" as const),
  workerConnections: defaultOf("gunicorn", "worker_connections", connections(1000)),
  backlog: defaultOf("gunicorn", "backlog", connections(2048)),
  binds: written("bind", [address], placeIn(unitFile, "-b 127.0.0.1:8000")),
  timeout: defaultOf("gunicorn", "timeout", seconds(30)),
  gracefulTimeout: defaultOf("gunicorn", "graceful_timeout", seconds(30)),
  keepalive: defaultOf("gunicorn", "keepalive", seconds(2)),
  maxRequests: defaultOf("gunicorn", "max_requests", 0),
  maxRequestsJitter: defaultOf("gunicorn", "max_requests_jitter", 0),
  reusePort: defaultOf("gunicorn", "reuse_port", false),
  preload: defaultOf("gunicorn", "preload_app", false),
  reload: defaultOf("gunicorn", "reload", false),
  forwardedAllowIps: defaultOf("gunicorn", "forwarded_allow_ips", ["127.0.0.1"]),
  heartbeatDirectories: [defaultOf("Python", "temporary directory", "/tmp")],
  settings: new Map<string, Value<unknown>>([
    ["workers", workers],
    ["accesslog", written("accesslog", "\u001b[31m-", placeIn(unitFile, "app.wsgi"))],
    ["proc_name", defaultOf("gunicorn", "proc_name", undefined)],
  ]),
  configFile: defaultOf("gunicorn", "configuration file", undefined),
  concurrency: derive("requests at once", "workers x 1", [workers], (count) => requests(count)),
};

const service: SystemdService = {
  name: "app.service",
  aliases: [],
  file: fileSpan(unitFile),
  loadState: "loaded",
  path: "/etc/systemd/system/app.service",
  dropIns: [],
  startable: true,
  refusal: undefined,
  endsWithFirst: defaultOf("systemd", "app.service ends with its first process", true),
  commands: [],
  limitNofile: { soft: limitNofile, hard: limitNofile },
  nofile: { soft: limitNofile, hard: limitNofile },
  cpuQuota: appService.cpuQuota,
  memoryMax: appService.memoryMax,
  memoryHigh: defaultOf("systemd", "MemoryHigh=", bytes(noLimit)),
  allowedCpus: defaultOf("systemd", "AllowedCPUs=", undefined),
  cpuAffinity: defaultOf("systemd", "CPUAffinity=", undefined),
  tasksMax: appService.tasksMax,
  slice: defaultOf("systemd", "Slice=", "system.slice"),
  user: appService.user,
  pamName: defaultOf("systemd", "PAMName=", undefined),
  maySetResource: appService.mayRaiseLimits,
  privateNetwork: defaultOf("systemd", "PrivateNetwork=", false),
  privateTmp: defaultOf("systemd", "PrivateTmp=", false),
  workingDirectory: defaultOf("systemd", "WorkingDirectory=", "/"),
  timeoutStop: defaultOf("systemd", "TimeoutStopSec=", seconds(90)),
  grace: defaultOf("systemd", "TimeoutStopSec=", seconds(90)),
  writable: (directory) => defaultOf("systemd", `${directory} is writable`, true),
  environment: {
    get: () => unknown("PORT", "etc/app.env is not here"),
    names: () => ["PORT"],
  },
  sockets: [],
};

const gunicorn: GunicornProcess = {
  program: "gunicorn",
  name: "gunicorn",
  at: gunicornConfiguration.at,
  configuration: gunicornConfiguration,
  environment: appService,
  service,
  activatedBy: [],
  container: undefined,
  certain: true,
  copies: defaultOf("gunicorn", "copies", 1),
  listeners: [gunicornListener],
};

const queue: CapacityStep = { name: "accept queue", value: nginxListener.acceptQueue, comparable: false };
const appWorkers: CapacityStep = {
  name: "app workers",
  value: gunicornConfiguration.concurrency,
  comparable: true,
};

/** nginx before a gunicorn, with a value of every origin. */
export const sampleHost: Host = {
  name: "etc",
  facts: facts({ cpus: onlineCpus, kernel: fact("kernel release", new Version("5.15"), "--kernel 5.15") }),
  bare,
  environments: [appService, nginxService],
  nginx: [nginx],
  gunicorn: [gunicorn],
  listeners: [nginxListener, gunicornListener],
  links: [
    { nginx, proxy, gunicorn, listener: gunicornListener, at: placeIn(nginxFile, "server 127.0.0.1:8000") },
  ],
  unanswered: [],
  containers: [],
  chains: [{ nginx, listener: nginxListener, steps: [queue, appWorkers, appWorkers], narrowest: appWorkers }],
  systemd: {
    services: [service],
    sockets: [
      {
        name: "api.socket",
        file: fileSpan(unitFile),
        service: "api.service",
        accept: false,
        listens: [written("ListenStream=", { kind: "unix", path: "/run/api.sock" }, fileSpan(unitFile))],
        backlog: defaultOf("systemd", "Backlog=", connections(4096)),
      },
    ],
    defaultNofile: stockNofile,
    unknownKeys: [],
    trailingComments: [],
    idleDropIns: [],
  },
  sysctl: {
    boot: () => written("net.core.somaxconn", "4096", placeIn(sysctlFile, "net.core.somaxconn = 4096")),
    manual: () => undefined,
    keys: ["net/core/somaxconn"],
    present: true,
    refused: [],
    lines: [],
    doubts: [],
    unread: [],
  },
  limits: {
    present: true,
    entries: [
      {
        at: fileSpan(limitsFile),
        domain: "@users",
        type: "both",
        item: "nofile",
        value: written("nofile", 65536, fileSpan(limitsFile)),
        text: "65536",
        conditional: false,
      },
    ],
    session: () => ({
      soft: undefined,
      hard: undefined,
      refused: defaultOf("PAM", "session refused", false),
    }),
  },
  problems: [],
};
