// npm run new-rule -- LAYER/NAME: starts a rule file that compiles, with the examples still to be filled in.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const id = process.argv[2] ?? "";
if (!/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
  console.error(
    "usage: npm run new-rule -- LAYER/NAME, such as queue/somaxconn-below-backlog (the id names the fault)",
  );
  process.exit(2);
}
const path = `rules/${id}.ts`;
if (existsSync(path)) {
  console.error(`${path} exists already`);
  process.exit(2);
}
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
mkdirSync(dirname(path), { recursive: true });
writeFileSync(
  path,
  `import { defineRule } from "../../src/lint/rule.ts";
import { placeOf } from "../../src/model/value.ts";
import { valueText } from "../../src/model/value-text.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "One line that names the fault, without a full stop",
    since: "${version}",
    sources: ["man page, program source with version, or kernel document"],
  },
  docs: () => ({
    what: "What the rule compares, with the names that the files use.",
    why: "What happens at run time when it is wrong.",
    fix: "What to write instead.",
  }),
  examples: () => [
    {
      title: "A host with the fault",
      files: { "etc/nginx/nginx.conf": "events {\\n  worker_connections «1024»;\\n}\\nhttp {}\\n" },
      findings: ["the message that the rule gives"],
    },
    {
      title: "Quiet: a host that is met often and is right",
      files: { "etc/nginx/nginx.conf": "events {\\n  worker_connections 2048;\\n}\\nhttp {}\\n" },
    },
  ],
  *check(host, ask) {
    for (const { configuration } of host.nginx) {
      const { workerConnections } = configuration;
      if (!ask.certain([workerConnections], (slots) => slots === 1024)) continue;
      yield {
        at: placeOf(workerConnections) ?? configuration.main,
        message: \`worker_connections is \${valueText(workerConnections)}\`,
        because: [workerConnections],
      };
    }
  },
});
`,
);
spawnSync(process.execPath, ["src/build/rule-index.mjs"], { stdio: "inherit" });
console.log(`wrote ${path}; next: npx vitest run test/rules -t "${id}", then npm run generate`);
