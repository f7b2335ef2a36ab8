import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "docker compose refuses a value",
    since: "0.1.0",
    sources: ["Compose Specification", "compose-go loader"],
  },
  docs: () => ({
    what: "Reports values of a compose file that `docker compose` does not accept: a list where a mapping is needed, a size or duration that is none, a service that `extends` itself or one that does not exist.",
    why: "`docker compose up` stops with an error and starts nothing.",
    fix: "Write the value in the form that the message names.",
  }),
  examples: () => [
    {
      title: "A grace period without a unit",
      files: {
        "docker-compose.yml": "services:\n  proxy:\n    image: nginx:1.27\n    stop_grace_period: «soon»\n",
      },
      findings: ['stop_grace_period of proxy takes a time with its unit, as 30s, not "soon"'],
    },
    {
      title: "Quiet: sizes and durations in their usual forms",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    stop_grace_period: 1m30s\n    mem_limit: 512m\n",
      },
    },
  ],
});
