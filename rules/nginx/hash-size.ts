import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "info",
    title: "Names that do not fit the size of their hash",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_hash.c ngx_hash_init", "https://nginx.org/en/docs/hash.html"],
  },
  docs: () => ({
    what: "Reports hashes that nginx cannot build with the size that is set or the default: server names, keys of a map, extensions of types. The arithmetic is nginx's own.",
    why: "nginx starts, prints `could not build optimal ...`, ignores the size of the buckets and takes longer for each start and reload; each look-up compares more names.",
    fix: "Write the sizes that the message names in the http block: first the number of buckets, then their size.",
  }),
  examples: () => [
    {
      title: "Twelve names in a hash for eight",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\n«http» {\n  server_names_hash_max_size 8;\n  server {\n    listen 80;\n    server_name n0.example.org n1.example.org n2.example.org n3.example.org n4.example.org n5.example.org n6.example.org n7.example.org n8.example.org n9.example.org n10.example.org n11.example.org;\n  }\n  server {\n    listen 80;\n    server_name example.org;\n  }\n}\n",
      },
      findings: [
        "nginx cannot build an optimal server_names_hash of 13 names with server_names_hash_max_size 8 and server_names_hash_bucket_size 64",
      ],
    },
    {
      title: "Quiet: the same names in the default hash",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    server_name n0.example.org n1.example.org n2.example.org n3.example.org n4.example.org n5.example.org n6.example.org n7.example.org n8.example.org n9.example.org n10.example.org n11.example.org;\n  }\n  server {\n    listen 80;\n    server_name example.org;\n  }\n}\n",
      },
    },
  ],
});
