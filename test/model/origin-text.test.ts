import { describe, expect, it } from "vitest";
import { originText } from "../../src/model/origin-text.ts";
import { byDefault, derive, fact, unknown, type Value, written } from "../../src/model/value.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";

function writtenAs(text: string): Value<number> {
  return written("worker_connections", 10240, span(new SourceFile("nginx.conf", text), 0, text.length));
}

const nginxDefault = { program: "nginx", versions: "all", source: "documentation" };

describe("originText", () => {
  it.each<[string, Value<unknown>]>([
    ["worker_connections 10240", writtenAs("worker_connections 10240")],
    ["worker_connections 10k", writtenAs("worker_connections\n\t10k ;")],
    [`${"x".repeat(79)}…`, writtenAs("x".repeat(1_000_000))],
    ["worker_connections 10240", writtenAs("")],
    ["default of nginx (all versions)", byDefault("backlog", 511, nginxDefault)],
    [
      "default of Linux (since 5.4), assuming the kernel of Debian 12 runs",
      byDefault("somaxconn", 4096, {
        program: "Linux",
        versions: "since 5.4",
        source: "ip-sysctl",
        assuming: "the kernel of Debian 12 runs",
      }),
    ],
    [
      "default of debian 12",
      byDefault("kernel release", "6.1", { program: "debian 12", versions: "debian 12", source: "packages" }),
    ],
    ["declared by --cpus 4", fact("CPUs of the machine", 4, "--cpus 4")],
    [
      "2 x worker_connections",
      derive("need", "2 x worker_connections", [writtenAs("a")], (slots) => 2 * slots),
    ],
    ["not known: it holds the variable $slots", unknown("slots", "it holds the variable $slots")],
  ])("%s", (text, value) => {
    expect(originText(value)).toBe(text);
  });
});
