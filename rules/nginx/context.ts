import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A directive stands where nginx does not allow it",
    since: "0.1.0",
    sources: [
      "nginx src/core/ngx_conf_file.c ngx_conf_handler",
      "the command tables of nginx 1.10.3 to 1.31.4; the same contexts seen with 1.22.1 and 1.31.4",
    ],
  },
  docs: () => ({
    what: "Reports a directive in a block that does not take it. In a file that is only a part of a configuration the block is told from its content, and nothing is said where that is not certain.",
    why: "`nginx -t` fails with `directive is not allowed here` and nginx does not start.",
    fix: "Move the directive into one of the blocks that the help names; often a brace is in the wrong place. Where the whole file is, move what includes it: Alpine's own nginx.conf, for one, takes sites from /etc/nginx/http.d and since Alpine 3.15 reads /etc/nginx/conf.d outside of http.",
  }),
  examples: () => [
    {
      title: "A server outside of http",
      files: {
        "etc/nginx/nginx.conf": "events {}\nhttp {\n}\n«server {»\n  listen 80;\n}\n",
      },
      findings: ['"server" directive is not allowed here'],
    },
    {
      title: "A site that is included outside of http",
      files: {
        "etc/nginx/nginx.conf": "events {}\n⟦include conf.d/*.conf;⟧\nhttp {\n}\n",
        "etc/nginx/conf.d/site.conf": "«server {»\n  listen 80;\n}\n",
      },
      findings: ['"server" directive is not allowed here'],
    },
    {
      title: "Quiet: a file for conf.d",
      files: {
        "etc/nginx/conf.d/site.conf":
          "map $http_upgrade $upgrade {\n  default close;\n}\nserver {\n  listen 80;\n}\n",
      },
    },
  ],
});
