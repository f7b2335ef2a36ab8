import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "nginx refuses the value of a directive",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_parse.c", "nginx src/core/ngx_conf_file.c"],
  },
  docs: {
    what: "Reports a value that nginx cannot read, for the directives along the capacity chain.",
    why: "`nginx -t` fails and nginx does not start.",
    fix: "Write the value in the form that the message names.",
  },
  examples: [],
});
