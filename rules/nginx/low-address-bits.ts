import { defineRule } from "../../src/lint/rule.ts";

export default defineRule({
  meta: {
    severity: "warning",
    title: "An address with more bits than its prefix",
    since: "0.1.0",
    sources: ["nginx src/core/ngx_inet.c ngx_ptocidr"],
  },
  docs: () => ({
    what: "Reports networks in `allow`, `deny`, `set_real_ip_from`, `geo` and `debug_connection` whose address has bits behind the prefix.",
    why: "nginx clears the bits: `allow 192.0.2.1/24` lets 256 addresses in, where one may have been meant.",
    fix: "Write the network, or the address without prefix.",
  }),
  examples: () => [
    {
      title: "One address, or 256 of them",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location /status {\n      stub_status;\n      allow «192.0.2.1/24»;\n      deny all;\n    }\n  }\n}\n",
      },
      findings: ["low address bits of 192.0.2.1/24 are meaningless: nginx takes it for 192.0.2.0/24"],
    },
    {
      title: "Quiet: a network",
      files: {
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  set_real_ip_from 10.0.0.0/8;\n  set_real_ip_from 2001:db8::/32;\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
  ],
});
