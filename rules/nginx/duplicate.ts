import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "nginx refuses a directive that stands twice",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_conf_file.c: is duplicate"],
  },
  docs: {
    what: "Reports a directive along the capacity chain that stands twice at one level.",
    why: "`nginx -t` fails and nginx does not start.",
    fix: "Keep one of the two. The second often comes from an included file, or from `-g` on the command line.",
  },
  examples: [],
});
