import { describe, expect, it } from "vitest";
import { declaredFacts } from "../../src/cli/facts.ts";
import { memoryTree } from "../../src/files/memory-tree.ts";
import { assembleHost } from "../../src/host/assemble.ts";
import type { Environment } from "../../src/model/environment.ts";
import type { Value } from "../../src/model/value.ts";

async function environment(unit: string, sysctl = ""): Promise<Environment> {
  const files = {
    "/etc/systemd/system/app.service": `[Service]\nExecStart=/usr/bin/app\n${unit}`,
    "/etc/sysctl.d/50-app.conf": sysctl,
  };
  const host = await assembleHost(
    {
      name: "test",
      kind: "root",
      tree: memoryTree(files),
      nginx: [],
      hasUnits: true,
      repository: undefined,
      containerFiles: [],
      containers: [],
      containerProblems: [],
      files: [],
    },
    declaredFacts({ distribution: "debian-12" }),
  );
  const [found] = host.environments;
  if (found === undefined) throw new Error("no environment");
  return found;
}

const read = <T>(value: Value<T>): T | string => (value.known ? value.value : value.origin.why);

describe("a service as the surroundings of its processes", () => {
  it("is killed after TimeoutStopSec=", async () => {
    expect(read((await environment("")).stopTimeout)).toBe(90);
    expect(read((await environment("TimeoutStopSec=7\n")).stopTimeout)).toBe(7);
  });

  it.each([
    ["", "", 28232],
    ["", "net.ipv4.ip_local_port_range = 1024 65535\n", 64512],
    ["", "net.ipv4.ip_local_port_range = 10000\n", 51000],
    ["PrivateNetwork=yes\n", "net.ipv4.ip_local_port_range = 1024 65535\n", 28232],
  ])("with %j and %j has %i local ports", async (unit, sysctl, expected) => {
    const { localPorts, ownNetwork } = await environment(unit, sysctl);
    expect(read(localPorts)).toBe(expected);
    expect(read(ownNetwork)).toBe(unit !== "");
  });

  it("has a /tmp of its own with PrivateTmp=, unless it may share that of another unit", async () => {
    expect(read((await environment("PrivateTmp=yes\n")).privateTmp)).toBe(true);
    expect(read((await environment("")).privateTmp)).toBe(false);
    const joined = await environment("PrivateTmp=yes\n[Unit]\nJoinsNamespaceOf=other.service\n");
    expect(read(joined.privateTmp)).toBe("JoinsNamespaceOf= may give it the /tmp of another unit");
  });

  it("keeps files where its mounts let it", async () => {
    const { storage } = await environment("ProtectSystem=strict\n");
    expect(read(storage("/tmp"))).toBe("read-only");
    expect(read(storage("/dev/shm"))).toBe("memory");
    expect((await environment("")).storage("/tmp")).toMatchObject({
      known: false,
      candidates: [{ value: "disk" }, { value: "memory" }],
    });
  });
});
