import { defineRule, type Severity } from "../../src/lint/rule.ts";
import { addressText, reaches } from "../../src/model/address.ts";
import type { WorkerKind } from "../../src/model/gunicorn.ts";
import type { GunicornProcess } from "../../src/model/host.ts";
import { isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

interface Unused {
  readonly setting: string;
  readonly kinds: readonly WorkerKind[];
  /** gunicorn's default: its example file has these lines, and they change nothing. */
  readonly byDefault: number;
  readonly severity: Severity;
  readonly why: string;
  readonly help: string;
}

const eventLoops = ["tornado", "uvicorn", "asgi"] as const;

/** Settings that the workers of a kind do not read. */
const unused: readonly Unused[] = [
  {
    setting: "threads",
    kinds: ["gevent", "eventlet", ...eventLoops],
    byDefault: 1,
    severity: "warning",
    why: "Only the gthread worker has threads, so this adds nothing to the requests that are served at once.",
    help: "leave threads out, or take worker_class gthread",
  },
  {
    setting: "worker_connections",
    kinds: ["sync"],
    byDefault: 1000,
    severity: "warning",
    why: "A sync worker serves one request at once and accepts the next one after it.",
    help: "leave worker_connections out; for more requests at once write more workers, or threads",
  },
  {
    setting: "worker_connections",
    kinds: eventLoops,
    byDefault: 1000,
    severity: "info",
    why: "A worker with an event loop accepts whatever comes.",
    help: "leave worker_connections out; nginx's limit_conn or the application can set a limit",
  },
  {
    setting: "keepalive",
    kinds: ["sync"],
    byDefault: 2,
    severity: "info",
    why: "A sync worker closes every connection after one response.",
    help: "leave keepalive out, or take worker_class gthread",
  },
];

export default defineRule({
  meta: {
    severity: "info",
    title: "A setting of gunicorn that has no effect here",
    since: "0.1.0",
    sources: [
      "gunicorn docs/source/settings.rst",
      "gunicorn gunicorn/workers/sync.py, gunicorn/workers/ggevent.py, gunicorn/arbiter.py (LISTEN_FDS)",
      "uvicorn_worker/_workers.py",
      "seen with requests against gunicorn 20.1 to 26.1",
    ],
  },
  docs: () => ({
    what: "Reports settings that somebody wrote and that gunicorn does not use: `threads` with a worker of gevent, eventlet, tornado, uvicorn or asgi; `worker_connections` with sync, tornado, uvicorn or asgi; `keepalive` with sync; `max_requests_jitter` without `max_requests`; a `bind` where a socket unit hands over other sockets.",
    why: "The file promises something that the running service does not do: a number of requests at once, a limit of connections, an address.",
    fix: "Leave the setting out, or take the kind of worker that uses it.",
    exceptions:
      "A value that equals gunicorn's default is not reported, nor is a `bind` of the address that the socket unit has. Where the kind of worker is not certain, nothing is said.",
  }),
  examples: () => [
    {
      title: "Threads for gevent",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py": '⟦worker_class = "gevent"⟧\n«⟦threads = 4⟧»\n',
      },
      findings: ["threads is 4, but gevent workers do not use it"],
    },
    {
      title: "A bind that the socket unit overrules",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn ⟦«--bind 127.0.0.1:8000»⟧ app:app\n",
        "etc/systemd/system/app.socket": "[Socket]\n⟦ListenStream=/run/app.sock⟧\n",
      },
      findings: [
        "bind is 127.0.0.1:8000, but app.socket hands over unix:/run/app.sock, and gunicorn takes only that",
      ],
    },
    {
      title: "Quiet: the lines of gunicorn's example file, with their defaults",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
        "srv/app/gunicorn.conf.py":
          'backlog = 2048\nworkers = 1\nworker_class = "sync"\nworker_connections = 1000\ntimeout = 30\nkeepalive = 2\n',
      },
    },
    {
      title: "Quiet: keepalive with threads, as sync becomes gthread",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --threads 4 --keep-alive 65 app:app\n",
      },
    },
    {
      title: "Quiet: bind repeats the address of the socket unit",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --bind unix:/run/app.sock app:app\n",
        "etc/systemd/system/app.socket": "[Socket]\nListenStream=/run/app.sock\n",
      },
    },
  ],
  *check(host, ask) {
    for (const gunicorn of host.gunicorn) {
      const { at, workerKind, workerClass, settings } = gunicorn.configuration;
      for (const { setting, kinds, byDefault, severity, why, help } of unused) {
        const value = settings.get(setting);
        if (value === undefined || !isWritten(value)) continue;
        const holds = (kind: WorkerKind, count: unknown): boolean =>
          kinds.includes(kind) && count !== byDefault && count !== 0;
        if (!workerKind.known || !ask.certain([workerKind, value], holds)) continue;
        yield {
          at: placeOf(value) ?? at,
          severity,
          message: `${setting} is ${valueText(value)}, but ${workerKind.value} workers do not use it`,
          why,
          because: [value, workerClass],
          help,
        };
      }
      const jitter = settings.get("max_requests_jitter");
      const { maxRequests } = gunicorn.configuration;
      if (jitter !== undefined && isWritten(jitter))
        if (ask.certain([jitter, maxRequests], (spread, most) => spread !== 0 && most === 0))
          yield {
            at: placeOf(jitter) ?? at,
            message: `max_requests_jitter is ${valueText(jitter)}, but max_requests is 0: workers are never restarted`,
            because: [jitter, maxRequests],
            help: "write max_requests too, or leave both out",
          };
      yield* overruledBinds(gunicorn);
    }
  },
});

/** The descriptors of LISTEN_FDS take the place of bind (gunicorn.arbiter.Arbiter.start). */
function* overruledBinds({ configuration, activatedBy }: GunicornProcess) {
  const { binds, at } = configuration;
  const handed = activatedBy.flatMap(({ listens }) => listens);
  if (!binds.known || !isWritten(binds) || handed.length === 0) return;
  const known = handed.filter((listen) => listen.known);
  if (known.length < handed.length) return;
  const other = binds.value.find((bind) => !known.some((listen) => reaches(bind, listen.value)));
  if (other === undefined || other.kind === "other") return;
  const sockets = activatedBy.map(({ name }) => name).join(", ");
  yield {
    at: placeOf(binds) ?? at,
    severity: "warning" as const,
    message: `bind is ${addressText(other)}, but ${sockets} hands over ${known.map(({ value }) => addressText(value)).join(", ")}, and gunicorn takes only that`,
    why: "Under socket activation gunicorn does not open the addresses of bind.",
    because: [binds, ...known],
    help: "leave bind out, or write the same address into the socket unit",
  };
}
