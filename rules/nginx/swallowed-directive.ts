import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A missing semicolon makes a directive an argument",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_conf_file.c; accepted by nginx -t of 1.22.1 and 1.31.4"],
  },
  docs: () => ({
    what: "Reports the name of a directive at the start of a line that nginx takes for an argument of the directive above.",
    why: "`nginx -t` says nothing. The directive that was meant has no effect: a swallowed `listen` leaves the server on port 80.",
    fix: "Write the `;` at the end of the line above.",
  }),
  examples: () => [
    {
      title: "server_name swallows listen",
      files: {
        "etc/nginx/conf.d/site.conf": "server {\n  server_name ⟦example.org⟧\n  «listen» 8080;\n}\n",
      },
      findings: ['"listen" is taken for an argument of "server_name": a ";" is missing before it'],
    },
    {
      title: "Quiet: names on lines of their own",
      files: {
        "etc/nginx/conf.d/site.conf":
          "server {\n  listen 8080;\n  server_name\n    example.org\n    www.example.org;\n}\n",
      },
    },
  ],
});
