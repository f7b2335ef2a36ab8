import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A compose file, manifest or Dockerfile that cannot be parsed",
    since: "0.1.0",
    sources: ["YAML 1.2.2", "BuildKit frontend/dockerfile/parser/parser.go"],
  },
  docs: () => ({
    what: "Reports YAML that does not parse in compose files and Kubernetes manifests, and Dockerfile instructions that BuildKit refuses.",
    why: "docker compose, kubectl and docker build stop at the line, and nothing is started.",
    fix: "Correct the line. In YAML it is most often the indentation, a tab, or a value that needs quotes.",
  }),
  examples: () => [
    {
      title: "A key that is written twice",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    ports: ['80:80']\n    «ports»: ['443:443']\n",
      },
      findings: ["the key ports stands twice in this mapping"],
    },
    {
      title: "Quiet: anchors and merge keys",
      files: {
        "docker-compose.yml":
          "x-logs: &logs\n  logging:\n    driver: json-file\nservices:\n  proxy:\n    <<: *logs\n    image: nginx:1.27\n",
      },
    },
  ],
});
