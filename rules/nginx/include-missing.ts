import { defineRule } from "../../src/lint/rule.ts";
import { isListed } from "../../src/text/globs.ts";
import { spanText } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "An included file is not here",
    since: "0.1.0",
    sources: ["nginx ngx_core_module, include"],
  },
  docs: () => ({
    what: "Reports an `include` of one literal file that is not part of the host's files, once for each file.",
    why: "If it is missing on the machine too, nginx does not start: `open() ... failed (2: No such file or directory)`. What it holds is not checked here.",
    fix: "Add the file, or name it in `made-elsewhere` where something else creates it on the machine (a deployment, a package).",
  }),
  options: {
    "made-elsewhere": {
      kind: "globs",
      default: [],
      unit: "paths",
      what: "Files, as the include names them, that something else puts on the machine, such as a deployment or a package.",
    },
  },
  examples: () => [
    {
      title: "A literal file that is not here",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  include «/etc/nginx/tls.conf»;\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ["/etc/nginx/tls.conf is not among these files"],
    },
    {
      title: "A file that two servers include",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    include «tls.conf»;\n  }\n  server {\n    listen 81;\n    include ⟦tls.conf⟧;\n  }\n}\n",
      },
      findings: ["/etc/nginx/tls.conf is not among these files"],
    },
    {
      title: "Quiet: a glob without a match is no fault",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  include /etc/nginx/conf.d/*.conf;\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
    {
      title: "Quiet: the deployment puts these files on the machine",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  include /srv/tls/shop/options.conf;\n  server {\n    listen 80;\n  }\n}\n",
      },
      options: { "made-elsewhere": ["/srv/tls/**"] },
    },
  ],
  isExpected: ({ at }, { "made-elsewhere": elsewhere }) => isListed(elsewhere.value, unquoted(spanText(at))),
});

function unquoted(word: string): string {
  return word.replace(/^(["'])(.*)\1$/s, "$2");
}
