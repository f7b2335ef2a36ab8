import { defineRule } from "../../src/lint/rule.ts";
import { isListed } from "../../src/text/globs.ts";
import { spanText } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "A directive that nginx does not know",
    since: "0.1.0",
    sources: [
      "nginx src/core/ngx_conf_file.c ngx_conf_handler",
      "the command tables of nginx 1.10.3 to 1.31.4 and of the modules that Debian 12 packages",
    ],
  },
  docs: () => ({
    what: "Reports a directive that no nginx from 1.10 on and no module of Debian has. One that another version or a module has is only mentioned, and only where `--nginx` says which version runs.",
    why: "`nginx -t` fails with `unknown directive` and nginx does not start.",
    fix: "Correct the spelling, or load the module that brings the directive.",
    exceptions:
      "A name that is not near any known one may come from a module that is built into this nginx: it is a warning where `--nginx` declares the version, and otherwise, or where the configuration loads modules, only mentioned.",
  }),
  options: {
    known: {
      kind: "globs",
      default: [],
      unit: "directives",
      what: "Directives of modules that are built into this nginx.",
    },
  },
  examples: () => [
    {
      title: "A letter too many",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    location / {\n      «proxy_passs» http://127.0.0.1:8000;\n    }\n  }\n}\n",
      },
      findings: ['unknown directive "proxy_passs", did you mean proxy_pass?'],
    },
    {
      title: "A directive of a newer version",
      files: {
        "etc/nginx/nginx.conf": "events {}\nhttp {\n  server {\n    listen 80;\n    «http2» on;\n  }\n}\n",
      },
      facts: { nginx: "1.22.1" },
      findings: ['unknown directive "http2": nginx knows it from 1.26.3 on'],
    },
    {
      title: "Quiet: a directive of a module, the version not known",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  brotli on;\n  server {\n    listen 80;\n    more_clear_headers Server;\n  }\n}\n",
      },
    },
    {
      title: "Quiet: a module that is built into this nginx",
      files: {
        "etc/nginx/nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    shop_session on;\n    shop_cart off;\n  }\n}\n",
      },
      facts: { nginx: "1.26.3" },
      options: { known: ["shop_*"] },
    },
  ],
  isExpected: ({ at }, { known }) => isListed(known.value, spanText(at)),
});
