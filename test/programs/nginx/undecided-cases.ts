/** Recorded cases whose first message needs more than is interpreted, by reason and topic. */
export const undecided: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "needs the machine: names, addresses, accounts, certificates, files, modules": {
    include: ["include-unreadable-as-nobody"],
    values: ["debug-connection-bad"],
    listen: [
      "addr-port_txt",
      "address-not-local",
      "host-not-found",
      "ssl-cert-missing-file",
      "ssl-cert-without-ssl-listen-missing-file",
    ],
    upstream: ["fastcgi-pass-host-not-found", "proxy-pass-host-not-found", "proxy-pass-space-scheme"],
    "context-and-args": ["envsubst-template-unsubstituted-listen", "stream-block-without-module"],
    environment: [
      "client-body-temp-path-not-creatable",
      "group-not-found",
      "load-module-missing",
      "pid-not-writable-nonroot",
      "proxy-pass-compose-service-name",
      "proxy-temp-path-nested-missing",
      "set-real-ip-from-host",
      "upstream-unresolvable",
      "user-not-found",
    ],
    logs: ["access-log-missing-dir", "error-log-missing-dir", "pid-missing-dir"],
    "order-of-errors": ["pid-vs-log-open"],
    stream: ["proxy-pass-unknown-host"],
    "third-party": ["lua-without-ndk"],
  },
  "reads as a template, whose holes are not known": {
    "context-and-args": ["jinja-template", "jinja-template-value"],
  },
  "checks a directive that is not interpreted": {
    lua: ["empty", "lua-shared-dict-small"],
    "third-party": ["brotli-window-bad"],
  },
};

/** Recorded cases whose warnings need more than is interpreted, by reason and topic. */
export const undecidedWarnings: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "needs the machine: the account that starts nginx": {
    environment: ["user-notfound-as-nonroot"],
  },
  "needs the machine: the limit of open files": {
    "rlimit-warning": [
      "error-log-notice-exceeds-soft",
      "error-log-warn-exceeds-soft",
      "rlimit-lower-and-soft-lower",
      "soft-plus-1",
    ],
  },
};
