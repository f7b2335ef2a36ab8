import { describe, expect, it } from "vitest";
import { facts, lint } from "../../src/index.ts";
import { evidenceOf } from "../../src/lint/evidence.ts";
import { addressText } from "../../src/model/address.ts";
import type { Host } from "../../src/model/host.ts";
import { assumptionsOf, isWritten, type Value } from "../../src/model/value.ts";
import { onDisk } from "../files/on-disk.ts";

const known = <T>(value: Value<T> | undefined): T | undefined => (value?.known ? value.value : undefined);

async function hostsOf(files: Readonly<Record<string, string>>): Promise<Host[]> {
  const root = onDisk(files);
  const { hosts, faults } = await lint({
    requests: [{ paths: [root], facts: facts({}) }],
    workingDirectory: root,
  });
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return [...hosts];
}

async function hostOf(files: Readonly<Record<string, string>>): Promise<Host> {
  const [host] = await hostsOf(files);
  if (host === undefined) throw new Error("no host was found");
  return host;
}

const proxy =
  "  proxy:\n    image: nginx:1.27\n    volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro']\n    ports: ['80:80']\n";
const nginx =
  "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://web:8000;\n    }\n  }\n}\n";

const stack = (web: string, more: Readonly<Record<string, string>> = {}): Promise<Host> =>
  hostOf({ "compose.yaml": `services:\n  web:\n${web}${proxy}`, "nginx.conf": nginx, ...more });

/** What all copies of the application serve at once, as the way of a request through nginx tells it. */
const appWorkers = ({ chains }: Host) =>
  chains[0]?.steps.flatMap(({ name, value }) => (name === "app workers" ? [known(value)] : []));

describe("several copies", () => {
  const gunicorn = "gunicorn -w 3 --threads 2 -b 0.0.0.0:8000 app:app";
  const plain = "    image: python:3.12\n";

  it("one serves what its workers do", async () => {
    expect(appWorkers(await stack(`${plain}    command: ${gunicorn}\n`))).toEqual([6]);
  });

  it("replicas answer under one name together", async () => {
    const host = await stack(`${plain}    command: ${gunicorn}\n    deploy:\n      replicas: 4\n`);
    expect(appWorkers(host)).toEqual([24]);
    expect(known(host.gunicorn[0]?.configuration.concurrency)).toBe(6);
  });

  it("a number that is not known leaves open what they serve", async () => {
    const open = `${plain}    command: ${gunicorn}\n    deploy:\n      replicas: "{{ replicas }}"\n`;
    expect(appWorkers(await stack(open))).toEqual([undefined]);
  });

  const supervised = (command: string) =>
    stack(
      "    image: python:3.12\n    command: supervisord -n -c /etc/supervisord.conf\n    volumes: ['./supervisord.conf:/etc/supervisord.conf:ro']\n",
      {
        "supervisord.conf": `[supervisord]\n[program:web]\ncommand=${command}\nnumprocs=3\nprocess_name=web-%(process_num)d\n`,
      },
    );

  it("numprocs with one address: only one of them gets it", async () => {
    const host = await supervised(gunicorn);
    expect(appWorkers(host)).toEqual([6]);
    expect(known(host.gunicorn[0]?.copies)).toBe(1);
  });

  it("numprocs with SO_REUSEPORT: all of them serve", async () => {
    expect(appWorkers(await supervised(`${gunicorn} --reuse-port`))).toEqual([18]);
  });

  it("numprocs with an address for each are gunicorns of their own", async () => {
    const host = await supervised("gunicorn -b 0.0.0.0:800%(process_num)d app:app");
    expect(host.gunicorn.map(({ configuration }) => known(configuration.binds)?.map(addressText))).toEqual([
      ["*:8000"],
      ["*:8001"],
      ["*:8002"],
    ]);
  });
});

describe("uvicorn in a container", () => {
  it("is linked to nginx, with its own defaults", async () => {
    const host = await stack(
      "    image: python:3.12\n    command: uvicorn app:app --host 0.0.0.0 --limit-concurrency 51\n    environment:\n      WEB_CONCURRENCY: 4\n",
    );
    const [server] = host.gunicorn;
    expect([server?.program, server?.name, known(server?.configuration.workers)]).toEqual([
      "uvicorn",
      "uvicorn (web)",
      4,
    ]);
    expect(host.links.map(({ gunicorn, listener }) => [gunicorn.name, known(listener.backlog)])).toEqual([
      ["uvicorn (web)", 2048],
    ]);
    expect(appWorkers(host)).toEqual([200]);
  });

  it("whose variables are in a file that is not here: WEB_CONCURRENCY is open, the rest an assumption", async () => {
    const host = await stack(
      "    image: python:3.12\n    command: uvicorn app:app --host 0.0.0.0\n    env_file: secret.env\n",
    );
    const configuration = host.gunicorn[0]?.configuration;
    if (configuration === undefined) throw new Error("there is a uvicorn");
    expect(configuration.workers.known).toBe(false);
    expect(known(configuration.backlog)).toBe(2048);
    expect(assumptionsOf(configuration.backlog)).toEqual([
      "a file of variables that is not here does not set UVICORN_BACKLOG",
    ]);
  });

  it("that does not come up", async () => {
    const host = await stack(
      "    image: python:3.12\n    command: uvicorn app:app --host 0.0.0.0 --port 80a\n",
    );
    expect(host.gunicorn).toEqual([]);
    expect(host.problems.map(({ message }) => message)).toEqual([
      "uvicorn does not start: --port must be a whole number, not '80a'",
    ]);
  });
});

describe("the evidence of a container's arguments", () => {
  it("leads through the script and the service to .env", async () => {
    const host = await stack(
      "    image: python:3.12\n    env_file: .env\n    command: /app/start.sh\n    volumes: ['./start.sh:/app/start.sh']\n",
      {
        ".env": "WORKERS=5\n",
        "start.sh": '#!/bin/sh\nexec gunicorn --workers "${WORKERS:-2}" -b 0.0.0.0:8000 app:app\n',
      },
    );
    const workers = host.gunicorn[0]?.configuration.workers;
    if (workers === undefined) throw new Error("there is a gunicorn");
    expect(isWritten(workers)).toBe(true);
    expect(
      evidenceOf(workers).map(({ message, at }) => [message, at?.file.path.replace(/.*\//, "")]),
    ).toEqual([
      ['workers are 5: from --workers "${WORKERS:-2}"', "start.sh"],
      ["WORKERS is 5", ".env"],
    ]);
  });

  it("holds what is assumed of a variable that nothing sets", async () => {
    const host = await hostOf({
      Dockerfile: 'FROM python:3.12\nCOPY start.sh /start.sh\nENTRYPOINT ["/bin/sh", "/start.sh"]\n',
      "start.sh": 'exec gunicorn -w "${WORKERS:-2}" -b 0.0.0.0:8000 app:app\n',
    });
    const workers = host.gunicorn[0]?.configuration.workers;
    if (workers === undefined) throw new Error("there is a gunicorn");
    expect(known(workers)).toBe(2);
    expect(assumptionsOf(workers)).toEqual([expect.stringContaining("is run without --env WORKERS")]);
  });
});

describe("uvicorn in a service", () => {
  const unit = (line: string) => ({
    "etc/systemd/system/api.service": `[Service]\nExecStart=${line}\nWorkingDirectory=/srv/api\n`,
    "etc/systemd/system/api.socket": "[Socket]\nListenStream=/run/api.sock\nBacklog=64\n",
  });

  it("takes the sockets of systemd only with --fd", async () => {
    const own = await hostOf(unit("/srv/api/venv/bin/uvicorn app:app --uds api.sock"));
    expect(own.gunicorn[0]?.activatedBy).toEqual([]);
    expect(own.gunicorn[0]?.listeners.map(({ address }) => addressText(address))).toEqual([
      "unix:/srv/api/api.sock",
    ]);
    const handed = await hostOf(unit("/srv/api/venv/bin/python -m uvicorn app:app --fd 3"));
    expect(handed.gunicorn[0]?.listeners.map(({ address }) => addressText(address))).toEqual([
      "unix:/run/api.sock",
    ]);
  });
});

describe("fastapi run", () => {
  const ofImage = (cmd: string, web = "    build: ./web\n", more: Readonly<Record<string, string>> = {}) =>
    stack(web, { "web/Dockerfile": `FROM python:3.12\nWORKDIR /app\n${cmd}\n`, ...more });

  it("is a uvicorn to which nginx hands requests", async () => {
    const host = await ofImage('CMD ["fastapi", "run", "--workers", "4", "app/main.py"]');
    const [server] = host.gunicorn;
    expect(server?.name).toBe("uvicorn (web)");
    expect(known(server?.configuration.workers)).toBe(4);
    expect(known(server?.configuration.binds)?.map(addressText)).toEqual(["*:8000"]);
    expect(host.links.map(({ gunicorn }) => gunicorn.name)).toEqual(["uvicorn (web)"]);
  });

  it("in a shell, behind what it waits for", async () => {
    const host = await ofImage(
      'CMD ["sh", "-c", "alembic upgrade head && exec uv run fastapi run --port ${PORT:-8000}"]',
    );
    expect(host.links.map(({ gunicorn }) => gunicorn.name)).toEqual(["uvicorn (web)"]);
  });

  it("takes the port that compose sets", async () => {
    const host = await ofImage(
      'CMD ["fastapi", "run"]',
      "    build: ./web\n    environment:\n      PORT: 9000\n",
    );
    expect(known(host.gunicorn[0]?.configuration.binds)?.map(addressText)).toEqual(["*:9000"]);
  });
});

describe("an image that a service only names", () => {
  const dockerfile =
    'FROM python:3.12\nWORKDIR /app\nCMD ["gunicorn", "-w", "3", "-b", "0.0.0.0:8000", "app:app"]\n';
  const names = (hosts: readonly Host[]) =>
    hosts.flatMap(({ gunicorn }) => gunicorn.map(({ name }) => name)).sort();

  it("is what another service of the project builds", async () => {
    const hosts = await hostsOf({
      "compose.yaml":
        "services:\n  web:\n    image: example/shop:${TAG}\n  build:\n    build: ./web\n    image: example/shop:${TAG}\n    command: 'true'\n",
      "web/Dockerfile": dockerfile,
    });
    expect(names(hosts)).toEqual(["gunicorn (web)"]);
  });

  it("is what another project builds, whatever its tag", async () => {
    const hosts = await hostsOf({
      "docker-compose.build.yml": "services:\n  app:\n    build: ./web\n    image: example/shop:nightly\n",
      "deploy/compose.yaml": "services:\n  web:\n    image: example/shop:1.4\n",
      "web/Dockerfile": dockerfile,
    });
    expect(names(hosts)).toEqual(["gunicorn (app)", "gunicorn (web)"]);
  });

  it("stays open where two Dockerfiles make it", async () => {
    const hosts = await hostsOf({
      "compose.build.yaml":
        "services:\n  one:\n    build: ./web\n    image: example/shop:one\n  two:\n    build: ./other\n    image: example/shop:two\n",
      "deploy/compose.yaml": "services:\n  web:\n    image: example/shop:one\n",
      "web/Dockerfile": dockerfile,
      "other/Dockerfile": dockerfile,
    });
    expect(names(hosts)).toEqual(["gunicorn (one)", "gunicorn (two)"]);
  });

  it("started with a command of its own, says nothing of the command that its Dockerfile inherits", async () => {
    const files = {
      "nginx/Dockerfile": "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n",
      "nginx/nginx.conf": "daemon off;\nevents {\n  worker_connections 1024;\n}\n",
    };
    const compose = (command: string) => `services:\n  proxy:\n    image: example/nginx:\${TAG}\n${command}`;
    const complaints = async (more: Readonly<Record<string, string>>): Promise<string[]> =>
      (await hostsOf({ ...files, ...more })).flatMap(({ problems }) =>
        problems.map(({ message }) => message),
      );
    expect(await complaints({ "compose.yaml": compose("    command: /run/start\n") })).toEqual([]);
    expect(await complaints({ "compose.yaml": compose("") })).toEqual(['"daemon" directive is duplicate']);
  });
});
