import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { facts } from "../../../src/model/facts.ts";
import { descriptors } from "../../../src/model/units.ts";
import { fact } from "../../../src/model/value.ts";
import { loadUnits } from "../../../src/programs/systemd/load-units.ts";

function endsWithFirst(...lines: string[]): boolean | "unknown" | undefined {
  const tree = memoryTree({ "/etc/systemd/system/a.service": ["[Service]", ...lines, ""].join("\n") });
  const nrOpen = fact("fs.nr_open", descriptors(1_048_576), "the test");
  const [service] = loadUnits(tree, facts(), { nrOpen }).units.services;
  return service?.endsWithFirst.known === false ? "unknown" : service?.endsWithFirst.value;
}

describe("a service is over when its first process ends", () => {
  test.each([
    [true, []],
    [true, ["Type=exec"]],
    [true, ["Type=notify", "KillMode=mixed"]],
    [false, ["Type=forking"]],
    [false, ["Type=oneshot"]],
    [false, ["RemainAfterExit=yes"]],
    [false, ["KillMode=process"]],
    [false, ["PIDFile=/run/a.pid"]],
    [false, ["BusName=org.example.A"]],
  ])("%s: %j", (expected, lines) => {
    expect(endsWithFirst("ExecStart=/usr/sbin/nginx", ...lines)).toBe(expected);
  });
});
