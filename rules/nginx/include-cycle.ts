import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "Files include each other in a circle",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_conf_file.c, ngx_conf_include: no depth check"],
  },
  docs: {
    what: "Reports an `include` that leads back to a file that is being read.",
    why: "nginx follows the circle until it has no descriptors left and does not start.",
    fix: "Take one of the includes out. A glob such as `*.conf` in the folder of the including file often includes that file itself.",
  },
  examples: [],
});
