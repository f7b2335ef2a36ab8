import { defineRule } from "../../src/lint/rule.ts";
import { placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "All workers restart at about the same request",
    since: "0.1.0",
    sources: [
      "gunicorn documentation, Settings, max_requests_jitter",
      "gunicorn gunicorn/workers/base.py: max_requests + randint(0, max_requests_jitter)",
    ],
  },
  docs: () => ({
    what: "Reports `max_requests` above 0 with a `max_requests_jitter` of 0 (the default) and more than one worker.",
    why: "Workers that start together and share the requests evenly reach the limit together. While they load the application again nobody serves, and the accept queue fills.",
    fix: "`--max-requests-jitter` of about a tenth of max_requests; for a uvicorn that runs by itself `--limit-max-requests-jitter` (since 0.41).",
    exceptions: "One worker restarts alone, whatever the jitter.",
  }),
  examples: () => [
    {
      title: "Four workers that restart after 1,000 requests",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 4 «⟦--max-requests 1000⟧» app:app\n",
      },
      findings: [
        "the 4 workers of gunicorn (app.service) all restart after 1000 requests: max_requests_jitter is 0",
      ],
    },
    {
      title: "A uvicorn that runs by itself",
      files: {
        "etc/systemd/system/api.service":
          "[Service]\nWorkingDirectory=/srv/api\nExecStart=/srv/api/venv/bin/uvicorn app:app --workers 4 «⟦--limit-max-requests 1000⟧»\n",
      },
      findings: [
        "the 4 workers of uvicorn (api.service) all restart after 1000 requests: limit_max_requests_jitter is 0",
      ],
    },
    {
      title: "Quiet: with a jitter",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn -w 4 --max-requests 1000 --max-requests-jitter 100 app:app\n",
      },
    },
    {
      title: "Quiet: one worker",
      files: {
        "etc/systemd/system/app.service":
          "[Service]\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn --max-requests 1000 app:app\n",
      },
    },
  ],
  *check(host, ask) {
    for (const { name, at, configuration } of host.gunicorn) {
      const { workers, maxRequests, maxRequestsJitter } = configuration;
      if (!ask.certain([maxRequests], (limit) => limit > 0)) continue;
      if (!ask.certain([maxRequestsJitter], (jitter) => jitter === 0)) continue;
      if (!ask.certain([workers], (count) => count > 1)) continue;
      yield {
        at: placeOf(maxRequests) ?? at,
        message: `the ${workers.known ? `${valueText(workers)} ` : ""}workers of ${name} all restart after ${valueText(maxRequests)} requests: ${maxRequestsJitter.label} is 0`,
        why: "They reach the limit at about the same time, and while they load the application nobody serves.",
        because: [maxRequests, maxRequestsJitter, workers],
        help: `${maxRequestsJitter.label} of about a tenth of ${maxRequests.label}`,
      };
    }
  },
});
