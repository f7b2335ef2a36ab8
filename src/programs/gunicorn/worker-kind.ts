import type { WorkerKind } from "../../model/gunicorn.ts";
import type { SettingSet } from "./settings.ts";

/** gunicorn.workers.SUPPORTED_WORKERS of all versions. */
const shortNames = new Map<string, WorkerKind>([
  ["sync", "sync"],
  ["gthread", "gthread"],
  ["gevent", "gevent"],
  ["gevent_wsgi", "gevent"],
  ["gevent_pywsgi", "gevent"],
  ["eventlet", "eventlet"],
  ["tornado", "tornado"],
  ["asgi", "asgi"],
]);

const modules: readonly (readonly [RegExp, WorkerKind])[] = [
  [/^gunicorn\.workers\.sync\./, "sync"],
  [/^gunicorn\.workers\.gthread\./, "gthread"],
  [/^gunicorn\.workers\.ggevent\./, "gevent"],
  [/^gunicorn\.workers\.geventlet\./, "eventlet"],
  [/^gunicorn\.workers\.gtornado\./, "tornado"],
  [/^gunicorn\.workers\.gasgi\./, "asgi"],
  [/^uvicorn\.workers\.Uvicorn(H11)?Worker$/, "uvicorn"],
  [/^uvicorn_worker\.(_workers\.)?Uvicorn(H11)?Worker$/, "uvicorn"],
];

/**
 * How the workers of a class serve; gunicorn.config.Config.worker_class and util.load_class. Every class whose
 * path ends in SyncWorker becomes gthread when threads are above 1.
 */
export function workerKind(workerClass: string, threads: number): WorkerKind {
  const isSync = workerClass.endsWith("SyncWorker") || workerClass === "sync";
  if (isSync && threads > 1) return "gthread";
  const name = /^egg:gunicorn#(.*)$/.exec(workerClass)?.[1] ?? workerClass;
  if (name === "egg:gunicorn") return "sync";
  if (!name.includes(".")) return shortNames.get(name.replace(/^#+/, "")) ?? "custom";
  return modules.find(([pattern]) => pattern.test(name))?.[1] ?? "custom";
}

/** Why gunicorn cannot load the class, where that is certain: a short name that the version does not have. */
export function workerClassFault(workerClass: string, version: SettingSet): string | undefined {
  const short = workerClass.replace(/^#+/, "");
  if (workerClass.includes(".") || workerClass.startsWith("egg:")) {
    const gone = /^gunicorn\.workers\.geventlet\./.test(workerClass) && version.atLeast("26.0.0");
    return gone ? "gunicorn 26.0 removed the eventlet worker" : undefined;
  }
  if (short === "eventlet" && version.atLeast("26.0.0")) return "gunicorn 26.0 removed the eventlet worker";
  if (short === "asgi" && !version.atLeast("24.0.0")) return "the asgi worker came with gunicorn 24.0";
  return shortNames.has(short) ? undefined : `gunicorn has no worker class ${workerClass}`;
}
