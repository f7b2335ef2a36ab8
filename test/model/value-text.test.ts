import { describe, expect, it } from "vitest";
import type { Address } from "../../src/model/address.ts";
import { Version } from "../../src/model/facts.ts";
import { byDefault, fact, unknown } from "../../src/model/value.ts";
import { statement, valueText, verbOf } from "../../src/model/value-text.ts";

const binds: Address[] = [
  { kind: "tcp", host: "127.0.0.1", port: 8000 },
  { kind: "unix", path: "/run/app.sock" },
  { kind: "other", text: "fd://3" },
];

describe("valueText", () => {
  it.each<[string, unknown, string]>([
    ["worker_connections", 10240, "10240"],
    ["LimitNOFILE= of nginx.service", Number.POSITIVE_INFINITY, "no limit"],
    ["proxy_read_timeout", 60, "60 s"],
    ["timeout", 0.2, "200 ms"],
    ["timeout", 0, "0 s"],
    ["keepalive", 16, "16"],
    ["TimeoutStopSec= of app.service", Number.POSITIVE_INFINITY, "no limit"],
    ["wait of the last queued request", 12.3456, "12.346 s"],
    ["memory of the machine", 8 * 1024 ** 3, "8 GiB"],
    ["MemoryMax=", 1.5 * 1024 ** 2, "1.5 MiB"],
    ["MemoryMax=", 512, "512 bytes"],
    ["CPUQuota=", 1.5, "1.5 CPUs"],
    ["CPU quota", 1, "1 CPU"],
    ["headroom", 2.5, "2.5"],
    ["user", undefined, "not set"],
    ["configuration file", "", "empty"],
    ["reuse_port", true, "yes"],
    ["binds", binds, "127.0.0.1:8000, unix:/run/app.sock, fd://3"],
    ["binds", [], "none"],
    ["raw_env", ["1", "2", "3", "4", "5", "6", "7", "8"], "1, 2, 3, 4, 5, 6 and 2 more"],
    ["kernel release", new Version("5.15.0-91"), "5.15.0-91"],
    ["distribution", { name: "debian", release: "12" }, "debian 12"],
    ["logconfig_dict", { version: 1, root: { level: "INFO" } }, "version: 1, root: level: INFO"],
    ["logconfig_dict", new Map([["a", 1]]), "a: 1"],
    ["deep", [[[["bottom"]]]], "..."],
  ])("%s: %j is %s", (label, value, text) => {
    expect(valueText(fact(label, value, "--test"))).toBe(text);
  });

  it("names the few values that an unknown one can have", () => {
    const of = (value: number) =>
      byDefault("somaxconn", value, { program: "Linux", versions: "all", source: "ip-sysctl" });
    expect(
      valueText(unknown("somaxconn", "the kernel is not known", { candidates: [of(128), of(4096)] })),
    ).toBe("128 or 4096");
    expect(valueText(unknown("somaxconn", "the kernel is not known"))).toBe("not known");
  });
});

describe("statement", () => {
  it.each([
    ["worker_connections", "worker_connections is 4"],
    ["LimitNOFILE= of nginx.service", "LimitNOFILE= of nginx.service is 4"],
    ["CPUs of the machine", "CPUs of the machine are 4"],
    ["descriptors needed per worker", "descriptors needed per worker are 4"],
    ["soft nofile limit of nginx.service", "soft nofile limit of nginx.service is 4"],
    ["clients at once", "clients at once are 4"],
    ["starting point for workers", "starting point for workers is 4"],
    ["net.core.somaxconn", "net.core.somaxconn is 4"],
  ])("reads aloud: %s", (label, text) => {
    expect(statement(fact(label, 4, "--test"))).toBe(text);
  });

  it("knows names that end like a plural", () => {
    expect(["address", "status", "CPU axis", "backlogs"].map(verbOf)).toEqual(["is", "is", "is", "are"]);
  });
});
