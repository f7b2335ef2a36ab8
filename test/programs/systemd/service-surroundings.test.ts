import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { facts } from "../../../src/model/facts.ts";
import { fact, placeOf, type Value } from "../../../src/model/value.ts";
import { loadUnits } from "../../../src/programs/systemd/load-units.ts";
import { nrOpenAtBoot } from "../../../src/programs/systemd/nr-open-at-boot.ts";
import { spanText } from "../../../src/text/span.ts";

const declared = facts({
  distribution: fact("distribution", { name: "debian", release: "12" }, "--distribution debian-12"),
});

function service(body: string) {
  const tree = memoryTree({ "/etc/systemd/system/a.service": `[Service]\nExecStart=/bin/true\n${body}` });
  const [found] = loadUnits(tree, declared, { nrOpen: nrOpenAtBoot(declared) }).units.services;
  if (found === undefined) throw new Error("no service");
  return found;
}

const read = <T>(value: Value<T>): T | "unknown" => (value.known ? value.value : "unknown");

describe("the time between SIGTERM and SIGKILL", () => {
  test.each<[string, number | "unknown"]>([
    ["", 90],
    ["TimeoutStopSec=5\n", 5],
    ["TimeoutStopSec=1min 30s\nKillMode=mixed\n", 90],
    ["TimeoutStopSec=0\n", Number.POSITIVE_INFINITY],
    ["TimeoutStopSec=5\nSendSIGKILL=no\n", Number.POSITIVE_INFINITY],
    ["TimeoutStopSec=5\nSendSIGKILL=yes\n", 5],
    ["TimeoutStopSec=5\nKillMode=process\n", Number.POSITIVE_INFINITY],
    ["TimeoutStopSec=5\nKillSignal=SIGTERM\n", 5],
    ["TimeoutStopSec=5\nKillSignal=15\n", 5],
    ["TimeoutStopSec=5\nKillSignal=SIGQUIT\n", "unknown"],
    ["TimeoutStopSec=5\nExecStop=/bin/kill -s TERM $MAINPID\n", 5],
    ["TimeoutStopSec=5\nExecStop=/bin/kill -TERM $MAINPID\n", 5],
    ["TimeoutStopSec=5\nExecStop=/bin/kill -15 ${MAINPID}\n", 5],
    ["TimeoutStopSec=5\nExecStop=kill $MAINPID\n", 5],
    ["TimeoutStopSec=5\nExecStop=/bin/kill -s QUIT $MAINPID\n", "unknown"],
    ["TimeoutStopSec=5\nExecStop=/usr/local/bin/drain\n", "unknown"],
    ["TimeoutStopSec=5\nExecStop=/usr/local/bin/drain\nExecStop=\n", 5],
    ["TimeoutStopSec={{ seconds }}\n", "unknown"],
  ])("%j: %s", (body, expected) => {
    expect(read(service(body).grace)).toBe(expected);
  });

  test("it is told where it is written", () => {
    const place = placeOf(service("TimeoutStopSec=5\n").grace);
    expect(place && spanText(place)).toBe("TimeoutStopSec=5");
  });
});

describe("where a service may write", () => {
  test.each<[string, string, boolean | "unknown"]>([
    ["", "/tmp", true],
    ["", "/srv/app", true],
    ["ProtectSystem=full\n", "/tmp", true],
    ["ProtectSystem=full\n", "/etc/app", false],
    ["ProtectSystem=true\n", "/etc/app", true],
    ["ProtectSystem=true\n", "/usr/tmp", false],
    ["ProtectSystem=strict\n", "/tmp", false],
    ["ProtectSystem=strict\n", "/var/tmp", false],
    ["ProtectSystem=strict\n", "/dev/shm", true],
    ["ProtectSystem=strict\n", "/home/app", true],
    ["ProtectSystem=strict\n", "/homes/app", false],
    ["ProtectSystem=strict\n", "/run/app", false],
    ["ProtectSystem=strict\nRuntimeDirectory=app other\n", "/run/app", true],
    ["ProtectSystem=strict\nStateDirectory=app\n", "/var/lib/app/tmp", true],
    ["ProtectSystem=strict\nPrivateTmp=true\n", "/tmp", true],
    ["ProtectSystem=strict\nPrivateTmp=true\n", "/var/tmp/x", true],
    ["ProtectSystem=strict\nPrivateTmp={{ private }}\n", "/tmp", "unknown"],
    ["ProtectSystem=strict\nReadWritePaths=/tmp -/srv/app/\n", "/tmp", true],
    ["ProtectSystem=strict\nReadWritePaths=/tmp -/srv/app/\n", "/srv/app", true],
    ["ProtectSystem=strict\nReadWritePaths=/srv/app/media\n", "/srv/app", false],
    ["ProtectSystem=strict\nReadWritePaths=/srv/%i\n", "/srv/app", "unknown"],
    ["ProtectSystem=strict\nTemporaryFileSystem=/tmp\n", "/tmp", "unknown"],
    ["ProtectSystem=strict\nBindPaths=/data/tmp:/tmp\n", "/tmp", "unknown"],
    ["ProtectSystem=strict\nProtectHome=read-only\n", "/home/app", "unknown"],
    ["ProtectSystem={{ protect }}\n", "/tmp", "unknown"],
    ["ReadOnlyPaths=/\n", "/tmp", "unknown"],
    ["DynamicUser=yes\n", "/tmp", true],
    ["DynamicUser=yes\n", "/srv/app", false],
  ])("%j writes to %s: %s", (body, directory, expected) => {
    expect(read(service(body).writable(directory))).toBe(expected);
  });

  test("ProtectSystem= is the evidence", () => {
    const place = placeOf(service("ProtectSystem=strict\n").writable("/tmp"));
    expect(place && spanText(place)).toBe("ProtectSystem=strict");
  });
});
