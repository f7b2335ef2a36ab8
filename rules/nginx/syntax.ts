import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "nginx refuses the file: its syntax is broken",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_conf_file.c, ngx_conf_read_token"],
  },
  docs: {
    what: "Reports what nginx's own parser refuses: a missing `;`, an unclosed brace or quote, an unexpected character, a parameter that is too long. The message is nginx's own.",
    why: "`nginx -t` fails, nginx does not start, and a reload keeps the old configuration.",
    fix: "Correct the file at the place shown; for a missing `;` or quote that is often the line above.",
  },
  examples: [],
});
