import { defineRule } from "../../src/lint/rule.ts";
import type { GunicornProcess } from "../../src/model/host.ts";
import { isWritten, placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "gunicorn is killed before its workers have finished",
    since: "0.1.0",
    sources: [
      "gunicorn documentation, Settings, graceful_timeout; gunicorn/arbiter.py, stop",
      "systemd.service(5), TimeoutStopSec=; systemd.kill(5), KillMode= and SendSIGKILL=",
      "compose specification, stop_grace_period: 10 s",
      "Kubernetes, Pod lifecycle, terminationGracePeriodSeconds: 30 s",
    ],
  },
  docs: () => ({
    what: "Compares gunicorn's `graceful_timeout` (30 s by default), the time that workers get to finish their requests at a stop, with the time after which its surroundings send SIGKILL: `TimeoutStopSec=` (90 s by default), `stop_grace_period` (10 s), `terminationGracePeriodSeconds` (30 s).",
    why: "Requests that take longer are cut off at every restart and deployment, though gunicorn would have let them finish; clients get a 502.",
    fix: "The stop timeout a little above graceful_timeout. Or a smaller graceful_timeout, where cutting them off is meant.",
    exceptions:
      "Not reported where both are defaults, as in most compose projects, unless the option `also-defaults` asks for it, nor for sync workers whose `timeout` ends every request before the stop timeout does. With the default graceful_timeout it is an info. A uvicorn that runs by itself is judged where `--timeout-graceful-shutdown` is given; without it it waits for every request, and the stop timeout ends that.",
  }),
  options: {
    "also-defaults": {
      kind: "boolean",
      default: false,
      what: "With true it is reported where both times are defaults, too.",
    },
  },
  examples: () => [
    {
      title: "Two minutes to finish, killed after 20 s",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\n«⟦TimeoutStopSec=20⟧»\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --timeout 120 ⟦--graceful-timeout 120⟧ app:app\n",
      },
      findings: [
        "gunicorn (app.service) is killed 20 s after SIGTERM, but lets its workers take 120 s to finish",
      ],
    },
    {
      title: "Five minutes to finish under the default of systemd",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --threads 4 «⟦--graceful-timeout 300⟧» app:app\n",
      },
      facts: { distribution: "debian-12" },
      findings: [
        "gunicorn (app.service) is killed 90 s after SIGTERM, but lets its workers take 300 s to finish",
      ],
    },
    {
      title: "A pod that is killed before its own graceful_timeout",
      files: {
        "deploy/web.yaml":
          'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  terminationGracePeriodSeconds: «⟦20⟧»\n  containers:\n    - name: app\n      image: python:3.12\n      command: ["gunicorn", "-b", "0.0.0.0:8000", "--threads", "4", ⟦"--graceful-timeout", "60"⟧, "app:app"]\n',
      },
      findings: [
        "gunicorn (app of Pod web) is killed 20 s after SIGTERM, but lets its workers take 60 s to finish",
      ],
    },
    {
      title: "Quiet: the defaults of both",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn app:app\n",
      },
    },
    {
      title: "Quiet: no sync worker runs a request that long",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nTimeoutStopSec=60\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --timeout 30 --graceful-timeout 90 app:app\n",
      },
    },
    {
      title: "Quiet: uvicorn waits until it is killed, as it is told to",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nTimeoutStopSec=20\nWorkingDirectory=/srv/api\nExecStart=/srv/api/venv/bin/uvicorn app:app\n",
      },
    },
    {
      title: "Quiet: SIGQUIT is meant to cut requests off",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nTimeoutStopSec=5\nExecStop=/bin/kill -s QUIT $MAINPID\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --threads 4 app:app\n",
      },
    },
    {
      title: "The defaults of gunicorn and of compose, where these are to be reported",
      files: {
        "docker-compose.yml":
          "services:\n  web:\n    image: python:3.12\n    command: «gunicorn» --threads 4 -b 0.0.0.0:8000 app:app\n",
      },
      options: { "also-defaults": true },
      findings: ["gunicorn (web) is killed 10 s after SIGTERM, but lets its workers take 30 s to finish"],
    },
  ],
  *check(host, ask, { "also-defaults": alsoDefaults }) {
    for (const gunicorn of host.gunicorn) {
      const { gracefulTimeout } = gunicorn.configuration;
      const { stopTimeout } = gunicorn.environment;
      const bothDefaults = !isWritten(gracefulTimeout) && !isWritten(stopTimeout);
      if (bothDefaults && !alsoDefaults.value) continue;
      if (waitsForAll(gunicorn) || endsInTime(gunicorn) || !ask.below(stopTimeout, gracefulTimeout)) continue;
      const at = isWritten(stopTimeout) ? stopTimeout : gracefulTimeout;
      yield {
        at: placeOf(at) ?? gunicorn.at,
        severity: isWritten(gracefulTimeout) ? "warning" : "info",
        message: `${gunicorn.name} is killed ${valueText(stopTimeout, "seconds")} after SIGTERM, but lets its workers take ${valueText(gracefulTimeout, "seconds")} to finish`,
        why: `Longer requests are cut off at every restart, though ${gunicorn.program} would have let them finish.`,
        because: [stopTimeout, gracefulTimeout, ...(bothDefaults ? [alsoDefaults] : [])],
        help: `${gracefulTimeout.known ? gunicorn.environment.remedies.stopTimeout(Math.ceil(gracefulTimeout.value) + 5) : "a longer stop timeout"}, or a smaller ${gracefulTimeout.label}`,
      };
    }
  },
});

/** uvicorn waits for all requests where it is not told otherwise; the stop timeout is what ends that. */
function waitsForAll({ configuration: { gracefulTimeout } }: GunicornProcess): boolean {
  return gracefulTimeout.known && gracefulTimeout.value === Number.POSITIVE_INFINITY;
}

/** gunicorn ends a request of a sync worker after `timeout`, so none is left when the stop timeout is over. */
function endsInTime({ configuration, environment }: GunicornProcess): boolean {
  const { workerKind, timeout } = configuration;
  const { stopTimeout } = environment;
  if (!workerKind.known || workerKind.value !== "sync" || !timeout.known) return false;
  const stops = stopTimeout.known ? [stopTimeout] : (stopTimeout.candidates ?? []);
  return stops.length > 0 && stops.every((stop) => timeout.value <= stop.value);
}
