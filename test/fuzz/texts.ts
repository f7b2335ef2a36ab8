import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { recordedCases } from "../programs/nginx/recorded-cases.ts";

/** Every file of the fixture hosts, by its path. */
export const hostFiles: readonly (readonly [path: string, text: string])[] = walk("fixtures/hosts");

function walk(folder: string): (readonly [string, string])[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return walk(path);
    return /\.expected\./.test(name) ? [] : [[path, readFileSync(path, "utf8")] as const];
  });
}

const of = (pattern: RegExp): string[] =>
  hostFiles.filter(([path]) => pattern.test(path)).map(([, text]) => text);

const recorded = <T>(path: string): T => JSON.parse(readFileSync(path, "utf8")) as T;
const textsIn = (files: Readonly<Record<string, unknown>>): string[] =>
  Object.values(files).filter((content): content is string => typeof content === "string");

const nginx = ["lexer", "blocks", "lua", "include", "rewrite-and-variables"].flatMap((topic) =>
  recordedCases(topic).flatMap(([, { files }]) => textsIn(files)),
);
const sysctl = Object.values(
  recorded<Record<string, { files: Record<string, unknown> }>>("fixtures/programs/sysctl/files.json"),
);
const limits = Object.values(
  recorded<Record<string, { files: Record<string, unknown> }>>("fixtures/programs/pam-limits/sessions.json"),
);
const units = recorded<readonly { files: Record<string, unknown> }[]>(
  "fixtures/programs/systemd/recorded-units.json",
);
const python = recorded<readonly { files: Record<string, unknown> }[]>(
  "fixtures/programs/gunicorn/recorded-cases.json",
);

const supervisor = `[supervisord]
nodaemon=true
[program:web]
command=gunicorn -w %(ENV_WORKERS)s -b 127.0.0.1:8000 "app:app" ; the application
environment=A="b",C='d e'
  ,E=f
[group:all]
programs=web
`;

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: &labels {app: web}}
spec:
  replicas: 2
  template:
    metadata: {labels: *labels}
    spec:
      containers:
        - name: app
          image: python:3.12-slim
          command: ["gunicorn"]
          args: ["-w", "4", "-b", "0.0.0.0:8000", "app:app"]
          resources: {limits: {cpu: 500m, memory: 512Mi}}
          env: [{name: WEB_CONCURRENCY, value: "4"}, {name: A, value: "$(WEB_CONCURRENCY)"}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf}
data:
  nginx.conf: |
    events {}
    http { server { listen 80; location / { proxy_pass http://web:8000; } } }
`;

const dotenv = `# settings
export A="b\\nc"
B='single $A'
C=\${A:-default} # comment
MULTI="one
two"
EMPTY=
`;

const script = `#!/bin/bash
set -euo pipefail
: "\${PORT:=8000}"
if [ "$1" = web ]; then
  shift
  exec gunicorn --workers "$(( $(nproc) * 2 + 1 ))" --bind "0.0.0.0:$PORT" app:app "$@"
fi
for each in a b; do echo "$each"; done
case $1 in worker) exec celery -A app worker ;; *) exec "$@" ;; esac
cat <<EOF > /etc/nginx/conf.d/x.conf
server { listen $PORT; }
EOF
`;

/** Texts as they are met, by grammar. */
export const texts = {
  nginx: [...of(/nginx\.conf$|sites-|conf\.d/), ...nginx],
  sysctl: [...of(/sysctl/), ...sysctl.flatMap(({ files }) => textsIn(files))],
  limits: [...of(/limits\.conf$/), ...limits.flatMap(({ files }) => textsIn(files))],
  unit: [...of(/\.(?:service|socket|slice)$/), ...units.flatMap(({ files }) => textsIn(files))],
  python: [...of(/\.py$/), ...python.flatMap(({ files }) => textsIn(files))],
  dotenv: [...of(/\.env$/), dotenv],
  yaml: [...of(/\.ya?ml$/), manifests],
  dockerfile: [
    ...of(/Dockerfile$/),
    'FROM python:3.12 AS a\nARG V=1\nENV A=$V B="c d"\nCOPY --from=a <<EOF /x\ntext\nEOF\nCMD ["gunicorn", \\\n "app:app"]\n',
  ],
  shell: [...of(/\.sh$/), script],
  procfile: ["web: gunicorn -w 4 app:app --log-file -\nworker: celery\n"],
  supervisor: [supervisor],
} as const;
