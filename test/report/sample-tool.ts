import { defineRule, type Severity } from "../../src/lint/rule.ts";
import type { Tool } from "../../src/report/tool.ts";

function rule(severity: Severity, title: string, exceptions?: string) {
  return defineRule({
    meta: { severity, title, since: "0.1.0", sources: ["nginx ngx_core_module, worker_connections"] },
    docs: () => ({
      what: `Compares two values of \`nginx.conf\`: ${title}.`,
      why: "New clients wait or are turned away.",
      fix: "Raise the smaller one.",
      ...(exceptions === undefined ? {} : { exceptions }),
    }),
    examples: () => [],
  });
}

/** The program as the sample results know it, with one rule for each of their findings. */
export const sampleTool: Tool = {
  version: "0.1.0",
  home: "https://hostlint.example",
  rules: new Map([
    ["cpu/gunicorn-workers-above-cores", rule("warning", "gunicorn runs more workers than CPUs can serve")],
    [
      "descriptors/nofile-below-connections",
      rule(
        "error",
        "A worker may open fewer files than it has connection slots",
        "A container is not judged.",
      ),
    ],
    ["queue/somaxconn-below-backlog", rule("error", "The kernel cuts the accept queue")],
    ["timeouts/proxy-read-below-gunicorn", rule("info", "nginx gives up before gunicorn does")],
  ]),
  docs: (id) => `https://hostlint.example/rules/${id}`,
};
