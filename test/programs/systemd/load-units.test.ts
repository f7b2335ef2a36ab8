import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { type Facts, facts, Version } from "../../../src/model/facts.ts";
import { fact, type Value } from "../../../src/model/value.ts";
import { loadUnits } from "../../../src/programs/systemd/load-units.ts";
import { nrOpenAtBoot } from "../../../src/programs/systemd/nr-open-at-boot.ts";
import { spanText } from "../../../src/text/span.ts";

const version = (text: string): Partial<Facts> => ({
  systemd: fact("systemd version", new Version(text), "--systemd"),
});

function load(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
  declared: Partial<Facts> = version("252"),
) {
  const known = facts(declared);
  const placed = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path.startsWith("/") ? path : `/etc/systemd/system/${path}`,
      text,
    ]),
  );
  const loaded = loadUnits(memoryTree(placed, links), known, { nrOpen: nrOpenAtBoot(known) });
  const service = (name: string) => {
    const found = loaded.units.services.find((each) => each.name === name);
    if (found === undefined) throw new Error(`${name} is not among ${names().join(" ")}`);
    return found;
  };
  const names = () => loaded.units.services.map((each) => each.name);
  return { ...loaded, service, names };
}

const known = <T>(value: Value<T>): T | string => (value.known ? value.value : value.origin.why);
const candidatesOf = (value: Value<unknown>) =>
  value.known ? [value.value] : value.candidates?.map((each) => each.value);
const unit = (body = "") => `[Service]\nExecStart=/bin/true\n${body}`;

describe("which drop-in wins", () => {
  test("the losers are listed, the latest first, each where it is written", () => {
    const { service } = load({
      "a.service": unit("LimitNOFILE=1\nLimitNOFILE=2\n"),
      "a.service.d/10-a.conf": "[Service]\nLimitNOFILE=10\n",
      "service.d/50-all.conf": "[Service]\nLimitNOFILE=50:60\n",
      "/usr/lib/systemd/system/a.service.d/90-z.conf": "[Service]\nLimitNOFILE=90\n",
    });
    const { hard } = service("a.service").nofile;
    expect(known(hard)).toBe(90);
    const overrode = hard.origin.kind === "written" ? hard.origin.overrode : [];
    expect(
      overrode.map((loser) => [known(loser), loser.origin.at?.file.path.split("/").slice(-2).join("/")]),
    ).toEqual([
      [60, "service.d/50-all.conf"],
      [10, "a.service.d/10-a.conf"],
      [2, "system/a.service"],
      [1, "system/a.service"],
    ]);
  });

  test("files of one base name: the directory decides before the name of the unit", () => {
    const { service } = load({
      "a-b.service": unit(),
      "a-.service.d/x.conf": "[Service]\nLimitNOFILE=1\n",
      "/usr/lib/systemd/system/a-b.service.d/x.conf": "[Service]\nLimitNOFILE=2\n",
      "/usr/lib/systemd/system/service.d/x.conf": "[Service]\nLimitNOFILE=3\n",
    });
    expect(known(service("a-b.service").nofile.soft)).toBe(1);
  });

  test("drop-ins of an alias apply", () => {
    const { service, names } = load(
      { "a.service": unit(), "b.service.d/x.conf": "[Service]\nLimitNOFILE=7\n" },
      { "/etc/systemd/system/b.service": "a.service" },
    );
    expect(names()).toEqual(["a.service"]);
    expect(service("a.service").aliases).toEqual(["b.service"]);
    expect(known(service("a.service").nofile.hard)).toBe(7);
  });

  test("a fault that stops a file in a drop-in loses the rest of that drop-in only", () => {
    const { service } = load({
      "a.service": unit("LimitNOFILE=1\n"),
      "a.service.d/x.conf": '[Service]\nTasksMax=5\nExecStartPre=/bin/echo "a\nLimitNOFILE=2\n',
      "a.service.d/y.conf": "[Service]\nMemoryMax=1M\n",
    });
    const found = service("a.service");
    expect([
      found.startable,
      known(found.nofile.hard),
      known(found.tasksMax),
      known(found.memoryMax),
    ]).toEqual([true, 1, 5, 1048576]);
  });
});

describe("units that are not whole", () => {
  test("drop-ins without their unit: what they set is known, the rest is not", () => {
    const { service } = load({ "app.service.d/limits.conf": "[Service]\nLimitNOFILE=65536\n" });
    const found = service("app.service");
    expect([found.file, found.startable, found.commands, found.loadState]).toEqual([
      undefined,
      true,
      [],
      "absent",
    ]);
    expect(known(found.nofile.hard)).toBe(65536);
    expect(
      found.user.known || found.slice.known || found.cpuQuota.known || found.environment.get("A").known,
    ).toBe(false);
  });

  test("a quota of a drop-in counts as written, though the slice is not known", () => {
    const { service } = load({ "nginx.service.d/cpu.conf": "[Service]\nCPUQuota=50%\n" });
    expect(known(service("nginx.service").cpuQuota)).toBe(0.5);
  });

  test("drop-ins that many units share make no unit", () => {
    expect(load({ "service.d/x.conf": "[Service]\n", "a-.service.d/x.conf": "[Service]\n" }).names()).toEqual(
      [],
    );
  });

  test.each([
    [{}, { "/etc/systemd/system/a.service": "/dev/null" }],
    [{ "a.service": "" }, {}],
  ])("a masked unit does not start", (files, links) => {
    const found = load({ ...files, "/usr/lib/systemd/system/a.service": unit() }, links).service("a.service");
    expect([found.loadState, found.startable, found.commands]).toEqual(["masked", false, []]);
  });

  test("what refuses to start says why and where", () => {
    const { service } = load({
      "none.service": "[Service]\nUser=a\n",
      "twice.service": unit("ExecStart=/bin/false\n"),
      "broken.service": "[Service\nExecStart=/bin/true\n",
      "word.service": "[Service]\nExecStart=bin/true\n",
      "folder.service": "[Service]\nExecStart=/bin/true\nWorkingDirectory=here\n",
    });
    const told = (name: string) => {
      const { refusal, loadState } = service(name);
      return [loadState, refusal && spanText(refusal.at), refusal?.why];
    };
    expect(told("none.service")).toEqual(["bad-setting", "[Service]", "it has no ExecStart="]);
    expect(told("twice.service")[1]).toBe("/bin/false");
    expect(told("broken.service")).toEqual(["error", "[Service", "`[Service` is no section header"]);
    expect(told("word.service").slice(0, 2)).toEqual(["bad-setting", "ExecStart=bin/true"]);
    expect(told("folder.service").slice(0, 2)).toEqual(["bad-setting", "WorkingDirectory=here"]);
  });
});

describe("templates and instances", () => {
  test("instances come from links, drop-ins, sockets and other units", () => {
    const { names } = load(
      {
        "t@.service": unit(),
        "t@b.service.d/x.conf": "[Service]\n",
        "c.socket": "[Socket]\nListenStream=1\nService=t@c.service\n",
        "d.target": "[Unit]\nWants=t@d.service\n",
        "lone@.service": unit(),
      },
      { "/etc/systemd/system/multi-user.target.wants/t@a.service": "../t@.service" },
    );
    expect(names()).toEqual(["lone@.service", "t@a.service", "t@b.service", "t@c.service", "t@d.service"]);
  });

  test("without an instance its name is not known, but the template's is", () => {
    const { service } = load({ "t@.service": "[Service]\nExecStart=/bin/%p --bind %i\nUser=%i\n" });
    const [command] = service("t@.service").commands;
    expect(command?.words.map((word) => word.text.known && word.text.value)).toEqual([
      "/bin/t",
      "--bind",
      false,
    ]);
    expect(known(service("t@.service").user)).toContain("%i");
    expect(known(service("t@.service").slice)).toBe("system-t.slice");
  });
});

describe("limits", () => {
  const nofile = (text: string, declared?: Partial<Facts>) =>
    load({ "a.service": unit(`LimitNOFILE=${text}\n`) }, {}, declared).service("a.service").nofile;

  test("a limit above that of PID 1 is cut to it, which the distribution decides", () => {
    expect(candidatesOf(nofile("infinity", {}).hard)).toEqual([1048576, 1073741816, 2147483584]);
    const debian = {
      distribution: fact("distribution", { name: "debian", release: "12" }, "--distribution"),
    };
    expect(candidatesOf(nofile("infinity", debian).hard)).toEqual([1048576]);
    expect(candidatesOf(nofile("2000000", debian).hard)).toEqual([1048576]);
    expect(nofile("65536", {}).hard.origin.kind).toBe("written");
  });

  test("by default the version decides", () => {
    const hard = (declared: Partial<Facts>) =>
      load({ "a.service": unit() }, {}, declared).service("a.service").nofile.hard;
    expect([{}, version("237"), version("240")].map((declared) => candidatesOf(hard(declared)))).toEqual([
      [524288, 4096],
      [4096],
      [524288],
    ]);
  });

  test("system.conf sets the default: files of all directories in one order", () => {
    const { units } = load({
      "/etc/systemd/system.conf": "DefaultLimitNOFILE=1\n[Manager]\nDefaultLimitNOFILE=2\n",
      "/etc/systemd/system.conf.d/50.conf": "[Manager]\nDefaultLimitNOFILE=50\n",
      "/usr/lib/systemd/system.conf.d/90.conf": "[Manager]\nDefaultLimitNOFILE=90:91\nDefaultLimitNOFILE=\n",
      "/run/systemd/system.conf.d/90.conf": "[Manager]\nDefaultLimitNOFILE=80:81\n",
    });
    expect([units.defaultNofile.soft, units.defaultNofile.hard].map(known)).toEqual([80, 81]);
  });

  test.each([
    ["64K", "write LimitNOFILE=65536"],
    ["65,536", "write LimitNOFILE=65536"],
    ["unlimited", "write LimitNOFILE=infinity"],
  ])("%s is told with what to write instead", (text, help) => {
    const [problem] = load({ "a.service": unit(`LimitNOFILE=${text}\n`) }).problems;
    expect([problem?.rule, problem && spanText(problem.at)]).toEqual(["systemd/value", text]);
    expect(problem?.help).toContain(help);
  });
});

describe("slices", () => {
  test("the smallest quota of the chain, with what it was the smallest of", () => {
    const { service } = load({
      "a.service": unit("Slice=web-front.slice\nCPUQuota=300%\n"),
      "web.slice": "[Slice]\nCPUQuota=150%\nMemoryMax=1G\n",
      "web-front.slice.d/x.conf": "[Slice]\nCPUQuota=200%\n",
      "web-front.slice": "[Slice]\nMemoryMax=2G\n",
    });
    const { cpuQuota, memoryMax } = service("a.service");
    expect([known(cpuQuota), known(memoryMax)]).toEqual([1.5, 1024 ** 3]);
    const from = cpuQuota.origin.kind === "derived" ? cpuQuota.origin.from : [];
    expect(from.map((each) => [each.label, known(each)])).toEqual([
      ["CPUQuota= of a.service", 3],
      ["CPUQuota= of web-front.slice", 2],
      ["CPUQuota= of web.slice", 1.5],
    ]);
  });

  test("a slice that is not here has a quota that is not known", () => {
    const { cpuQuota } = load({ "a.service": unit("Slice=web.slice\n") }).service("a.service");
    expect(known(cpuQuota)).toBe("the unit file of web.slice is not here");
  });
});

describe("environment", () => {
  const get = (body: string, name: string, files: Readonly<Record<string, string>> = {}) =>
    load({ "a.service": unit(body), ...files })
      .service("a.service")
      .environment.get(name);

  test("a missing file makes unknown what nothing later sets", () => {
    const body = "Environment=A=1\nEnvironmentFile=/etc/missing\nEnvironmentFile=/etc/env\n";
    const files = { "/etc/env": "B=2\n" };
    expect(known(get(body, "A", files))).toBe(
      "/etc/missing, an EnvironmentFile= that may set it, is not here",
    );
    expect(known(get(body, "B", files))).toBe("2");
    expect(known(get(body, "C", files))).toContain("/etc/missing");
    expect(known(get("EnvironmentFile=-/etc/missing\n", "A"))).toContain("/etc/missing");
  });

  test("silence proves that a variable is not set, but not one of systemd's own", () => {
    expect(get("", "WEB_CONCURRENCY")).toMatchObject({ known: true, value: undefined });
    expect(get("", "PATH").known).toBe(false);
    expect(get("PAMName=login\n", "A").known).toBe(false);
  });

  test("UnsetEnvironment= comes last", () => {
    expect(known(get("Environment=A=1 B=2\nUnsetEnvironment=A B=3\n", "A"))).toBeUndefined();
    expect(known(get("Environment=A=1 B=2\nUnsetEnvironment=A B=3\n", "B"))).toBe("2");
  });

  test("variables reach the command, unknown ones as unknown", () => {
    const body =
      'ExecStart=\nExecStart=/bin/a $A ${A}x $B ${B}y $$C\nEnvironment="A=1 2"\nEnvironmentFile=/etc/missing\nEnvironmentFile=/etc/env\n';
    const [command] = load({ "a.service": unit(body), "/etc/env": 'A="1 2"\n' }).service(
      "a.service",
    ).commands;
    expect(command?.words.map((word) => (word.text.known ? word.text.value : "?"))).toEqual([
      "/bin/a",
      "1",
      "2",
      "1 2x",
      "?",
      "?",
      "$C",
    ]);
  });
});

describe("accounts and capabilities", () => {
  const found = (body: string) => load({ "a.service": `[Service]\n${body}` }).service("a.service");

  test.each([
    ["ExecStart=/bin/a\n", true],
    ["ExecStart=/bin/a\nUser=www\n", false],
    ["ExecStart=/bin/a\nUser=www\nAmbientCapabilities=CAP_SYS_RESOURCE\n", true],
    ["ExecStart=/bin/a\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\n", false],
    ["ExecStart=/bin/a\nCapabilityBoundingSet=~CAP_SYS_ADMIN\n", true],
    ["ExecStart=/bin/a\nCapabilityBoundingSet=\n", false],
    ["ExecStart=+/bin/a\nUser=www\nCapabilityBoundingSet=\n", true],
  ])("%j keeps CAP_SYS_RESOURCE: %s", (body, expected) => {
    expect(known(found(body).maySetResource)).toBe(expected);
  });

  test("DynamicUser= names the account after the unit and gives it its own /tmp", () => {
    const { user, privateTmp } = found("ExecStart=/bin/a\nDynamicUser=yes\n");
    expect([known(user), known(privateTmp)]).toEqual(["a", true]);
  });
});

describe("sockets", () => {
  test("addresses, a reset, the service and the backlog by version", () => {
    const files = {
      "a.socket":
        "[Socket]\nListenStream=1\nListenStream=\nListenStream=/var/run/a.sock\nListenStream=127.0.0.1:80\nBacklog=-1\n",
      "a.service": unit(),
    };
    const { units, service } = load(files, {}, version("247"));
    const [socket] = units.sockets;
    expect(socket?.listens.map(known)).toEqual([
      { kind: "unix", path: "/run/a.sock" },
      { kind: "tcp", host: "127.0.0.1", port: 80 },
    ]);
    expect([socket && known(socket.backlog), service("a.service").sockets]).toEqual([4096, ["a.socket"]]);
    const backlog = (declared: Partial<Facts>) =>
      load(files, {}, declared).units.sockets.map((each) => candidatesOf(each.backlog));
    expect([{}, version("254"), version("252.39"), version("252")].map(backlog)).toEqual([
      [[4096, 2147483647]],
      [[2147483647]],
      [[2147483647]],
      [[4096, 2147483647]],
    ]);
  });
});

describe("templates of files", () => {
  test("a hole makes a value unknown, and a condition too", () => {
    const { service, problems } = load({
      "a.service": unit(
        "LimitNOFILE={{ nofile }}\n{% if quota %}\nCPUQuota=50%\n{% endif %}\nUser=__USER__\n",
      ),
    });
    const found = service("a.service");
    expect(problems).toEqual([]);
    expect(known(found.nofile.hard)).toBe("`{{ nofile }}` is filled in by a template");
    expect(known(found.cpuQuota)).toBe("a condition of a template decides whether this line is there");
    expect(known(found.user)).toBe("`__USER__` is filled in by a template");
  });

  test("a hole that stands alone may set anything before what follows", () => {
    const { service } = load({ "a.service": unit("LimitNOFILE=1\n{{ extra }}\nUser=www\n") });
    expect(known(service("a.service").nofile.hard)).toContain("{{ extra }}");
    expect(known(service("a.service").user)).toBe("www");
  });
});

test("no tree makes it throw", () => {
  const name = fc.constantFrom(
    "a.service",
    "a@.service",
    "a@b.service",
    "a-b.service",
    "a.socket",
    "a.slice",
    "x.service.d/a.conf",
    "a@.service.d/b.conf",
    "m.target.wants/a@c.service",
    "/etc/systemd/system.conf",
  );
  const key = fc.constantFrom(
    "ExecStart",
    "LimitNOFILE",
    "CPUQuota",
    "MemoryMax",
    "TasksMax",
    "Slice",
    "User",
    "Environment",
    "EnvironmentFile",
    "ListenStream",
    "Backlog",
    "Service",
    "WorkingDirectory",
    "AllowedCPUs",
    "TimeoutStopSec",
    "CapabilityBoundingSet",
    "DefaultLimitNOFILE",
    "DefaultEnvironment",
  );
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "",
      "%i",
      "%",
      "%z",
      "1:2",
      "50%",
      "a-b.slice",
      "/a/*",
      "-/x",
      "$A ${B}",
      "{{ x }}",
      '"',
      "~CAP_X",
      "0-99999999",
      "[::]:1",
      "9".repeat(400),
      "1e9",
      "infinity",
    ),
  );
  const line = fc.tuple(key, value).map(([left, right]) => `${left}=${right}\n`);
  const text = fc
    .tuple(fc.constantFrom("[Service]\n", "[Socket]\n", "[Slice]\n", "[Manager]\n", ""), fc.array(line))
    .map(([head, lines]) => head + lines.join(""));
  fc.assert(
    fc.property(
      fc.dictionary(name, text),
      fc.constantFrom("a.service", "/dev/null", "../x", "b.service", "."),
      (files, target) => {
        const { units, problems, journal } = load(files, { "/etc/systemd/system/b.service": target });
        for (const problem of problems) expect(problem.at.start).toBeLessThanOrEqual(problem.at.end);
        for (const each of units.services) each.environment.get("A");
        journal(247);
        journal(262);
      },
    ),
    { numRuns: 500 },
  );
});
