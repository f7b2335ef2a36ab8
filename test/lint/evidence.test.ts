import { describe, expect, it } from "vitest";
import { evidenceOf } from "../../src/lint/evidence.ts";
import { byDefault, derive, fact, relabel, unknown, type Value, written } from "../../src/model/value.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";

const file = new SourceFile("nginx.conf", "a\nb\nc\nd\ne\nf\ng\n");
const line = (number: number) => span(file, 2 * (number - 1), 2 * (number - 1) + 1);

/** One line for each step: indented by depth, with the line of its place. */
function lines(value: Value<unknown>): string[] {
  return evidenceOf(value).map(({ message, at, depth }) => {
    const place = at === undefined ? "" : ` @${at.file.position(at.start).line}`;
    return `${"  ".repeat(depth)}${message}${place}`;
  });
}

const slots = written("worker_connections", 10240, line(3), [written("worker_connections", 1024, line(1))]);
const backlog = byDefault("backlog", 511, { program: "nginx", versions: "all", source: "docs", at: line(2) });

describe("evidenceOf", () => {
  it("leaves out an overridden value of which nothing is known", () => {
    const value = written("workers", 2, { file: new SourceFile("a", "-w 2"), start: 0, end: 4 }, [
      unknown("workers", "the image is not known here"),
    ]);
    expect(evidenceOf(value).map(({ message }) => message)).toEqual(["workers are 2"]);
  });

  it("shows a written value with the places of what it overrides", () => {
    expect(lines(slots)).toEqual(["worker_connections is 10240 @3", "  overrides 1024 @1"]);
  });

  it("names a loser that goes by another name, or that is a default", () => {
    const value = written("worker_rlimit_nofile", 65536, line(3), [
      written("LimitNOFILE=", 1024, line(1)),
      byDefault("LimitNOFILE=", 524288, { program: "systemd", versions: "since 240", source: "man" }),
    ]);
    expect(lines(value)).toEqual([
      "worker_rlimit_nofile is 65536 @3",
      "  overrides LimitNOFILE= 1024 @1",
      "  overrides LimitNOFILE= 524288, the default (systemd, since 240)",
    ]);
  });

  it("keeps a long list of losers short", () => {
    const losers = [1, 2, 3, 4, 5].map((number) => written("somaxconn", number, line(number)));
    expect(lines(written("somaxconn", 128, line(6), losers))).toEqual([
      "somaxconn is 128 @6",
      "  overrides 1 @1",
      "  overrides 2 @2",
      "  overrides 3 @3",
      "  overrides 2 more",
    ]);
  });

  it("shows a default with its program, versions and assumption", () => {
    expect(lines(backlog)).toEqual(["backlog is 511 by default (nginx, all versions) @2"]);
    const assumed = {
      program: "systemd",
      versions: "since 240",
      source: "man",
      assuming: "nginx is a service",
    };
    expect(lines(byDefault("soft nofile limit", 1024, assumed))).toEqual([
      "soft nofile limit is 1024 by default (systemd, since 240, assuming nginx is a service)",
    ]);
  });

  it("shows a declared fact", () => {
    expect(lines(fact("CPUs of the machine", 4, "--cpus 4"))).toEqual([
      "CPUs of the machine are 4 (declared by --cpus 4)",
    ]);
  });

  it("shows a formula and its inputs one level deeper, each once", () => {
    const need = derive("need", "2 x worker_connections", [slots], (each) => 2 * each);
    const queue = derive("queue", "min", [need, backlog, relabel("slots", slots)], Math.min);
    expect(lines(queue)).toEqual([
      "queue is 511: min",
      "  need is 20480: 2 x worker_connections",
      "    worker_connections is 10240 @3",
      "      overrides 1024 @1",
      "  backlog is 511 by default (nginx, all versions) @2",
    ]);
  });

  it("says why a value is not known, and which few it can be", () => {
    const variable = unknown<number>("somaxconn", "it is the template hole {{ n }}", { at: line(4) });
    expect(lines(derive("queue", "min", [variable, backlog], Math.min))).toEqual([
      "queue is not known: it is the template hole {{ n }}",
      "  somaxconn is not known: it is the template hole {{ n }} @4",
      "  backlog is 511 by default (nginx, all versions) @2",
    ]);
    const candidates = [128, 4096].map((number) => fact("somaxconn", number, "kernel"));
    expect(lines(unknown("somaxconn", "the kernel is not known", { candidates }))).toEqual([
      "somaxconn is 128 or 4096: the kernel is not known",
    ]);
    expect(lines(unknown("CPUs of the machine", "CPUs of the machine is not declared"))).toEqual([
      "CPUs of the machine is not declared",
    ]);
  });

  it("ends a chain that does not", () => {
    let value: Value<number> = slots;
    for (let index = 0; index < 10_000; index++)
      value = derive(`step ${index}`, "+ 0", [value, value], (a) => a);
    expect(evidenceOf(value).length).toBeLessThanOrEqual(40);
  });
});
