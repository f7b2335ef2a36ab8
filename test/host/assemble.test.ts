import { describe, expect, it } from "vitest";
import { declaredFacts } from "../../src/cli/facts.ts";
import type { DiscoveredHost } from "../../src/files/discovered-host.ts";
import { memoryTree } from "../../src/files/memory-tree.ts";
import { assembleHost } from "../../src/host/assemble.ts";
import { addressText } from "../../src/model/address.ts";
import type { Host } from "../../src/model/host.ts";
import { assumptionsOf, placeOf, type Value } from "../../src/model/value.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { fileSpan, spanText } from "../../src/text/span.ts";

const main = (rest: string): string =>
  `events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n    location / {\n      proxy_pass http://127.0.0.1:8000;\n    }\n  }\n}\n${rest}`;

function host(
  files: Record<string, string>,
  facts: Record<string, string> = {},
  more: Partial<DiscoveredHost> = {},
): Promise<Host> {
  return assembleHost(
    {
      name: "test",
      kind: "root",
      tree: memoryTree(files),
      nginx: Object.keys(files).filter((path) => path === "/etc/nginx/nginx.conf"),
      hasUnits: true,
      repository: undefined,
      containerFiles: [],
      containers: [],
      containerProblems: [],
      files: [],
      ...more,
    },
    declaredFacts(facts),
  );
}

const known = <T>(value: Value<T> | undefined): T | undefined => (value?.known ? value.value : undefined);

describe("the nofile limit of an nginx worker", () => {
  const limit = async (nginx: string, unit?: string, more?: Partial<DiscoveredHost>) => {
    const files: Record<string, string> = { "/etc/nginx/nginx.conf": main(nginx) };
    if (unit !== undefined) files["/etc/systemd/system/nginx.service"] = unit;
    return (await host(files, {}, more)).nginx[0]?.workerNofile;
  };

  it("is systemd's default for a service without LimitNOFILE=", async () => {
    expect(known(await limit("", "[Service]\nExecStart=/usr/sbin/nginx\n"))).toBe(1024);
  });

  it("is LimitNOFILE= of the unit", async () => {
    expect(known(await limit("", "[Service]\nLimitNOFILE=4096:8192\nExecStart=/usr/sbin/nginx\n"))).toBe(
      4096,
    );
  });

  it("is worker_rlimit_nofile within the hard limit, whoever runs it", async () => {
    const unit = "[Service]\nUser=web\nLimitNOFILE=1024:8192\nExecStart=/usr/sbin/nginx\n";
    expect(known(await limit("worker_rlimit_nofile 8192;", unit))).toBe(8192);
  });

  it("is worker_rlimit_nofile above the hard limit for root only", async () => {
    const limits = "LimitNOFILE=1024:8192\nExecStart=/usr/sbin/nginx\n";
    expect(known(await limit("worker_rlimit_nofile 65536;", `[Service]\n${limits}`))).toBe(65536);
    expect(known(await limit("worker_rlimit_nofile 65536;", `[Service]\nUser=web\n${limits}`))).toBe(1024);
  });

  it("is not known under PAMName=", async () => {
    const unit = "[Service]\nPAMName=su\nLimitNOFILE=4096\nExecStart=/usr/sbin/nginx\n";
    expect((await limit("", unit))?.known).toBe(false);
  });

  it("is one of the engines' in a container", async () => {
    const value = await limit("", undefined, {
      kind: "loose",
      containerFiles: [fileSpan(new SourceFile("docker-compose.yml", "services:\n"))],
    });
    expect(value?.known).toBe(false);
    if (value?.known === false) expect(value.candidates?.length).toBeGreaterThan(1);
  });

  it("names the assumption where nothing says how nginx is started", async () => {
    const value = await limit("", undefined, { kind: "loose" });
    expect(value).toMatchObject({
      known: true,
      value: 1024,
      origin: { assuming: expect.stringContaining("systemd") },
    });
  });
});

describe("listeners and links", () => {
  const gunicorn = (words: string): string =>
    `[Service]\nUser=app\nWorkingDirectory=/srv/app\nExecStart=/usr/bin/gunicorn ${words} app:app\n`;

  it("cuts the accept queue to somaxconn, with the place of both", async () => {
    const { listeners } = await host({
      "/etc/nginx/nginx.conf": main(""),
      "/etc/sysctl.d/60-net.conf": "net.core.somaxconn = 256\n",
    });
    expect(
      listeners.map((each) => [addressText(each.address), known(each.backlog), known(each.acceptQueue)]),
    ).toEqual([["*:80", 511, 256]]);
  });

  it("gives a service with PrivateNetwork= the kernel's own default", async () => {
    const { gunicorn: processes } = await host(
      {
        "/etc/systemd/system/app.service": gunicorn("-b 127.0.0.1:8000").replace(
          "User=",
          "PrivateNetwork=yes\nUser=",
        ),
        "/etc/sysctl.d/60-net.conf": "net.core.somaxconn = 256\n",
      },
      { kernel: "6.1" },
    );
    expect(known(processes[0]?.environment.sysctl("net.core.somaxconn"))).toBe(4096);
  });

  it("joins proxy_pass and bind", async () => {
    const { links } = await host({
      "/etc/nginx/nginx.conf": main(""),
      "/etc/systemd/system/app.service": gunicorn("-b localhost:8000"),
    });
    expect(links.map((link) => [spanText(link.proxy.at), link.gunicorn.name])).toEqual([
      ["proxy_pass http://127.0.0.1:8000;", "gunicorn (app.service)"],
    ]);
  });

  it("takes the address of the socket unit under socket activation, and gunicorn's backlog", async () => {
    const { listeners } = await host({
      "/etc/systemd/system/app.service": gunicorn("-b 127.0.0.1:9999 --backlog 77"),
      "/etc/systemd/system/app.socket": "[Socket]\nListenStream=/run/app.sock\nBacklog=4096\n",
    });
    expect(listeners.map((each) => [addressText(each.address), each.program, known(each.backlog)])).toEqual([
      ["unix:/run/app.sock", "gunicorn", 77],
    ]);
  });

  it("keeps a socket unit without a known gunicorn as systemd's own", async () => {
    const { listeners } = await host({
      "/etc/systemd/system/other.socket": "[Socket]\nListenStream=127.0.0.1:7000\nBacklog=64\n",
      "/etc/systemd/system/other.service": "[Service]\nExecStart=/usr/bin/other\n",
    });
    expect(listeners.map((each) => [addressText(each.address), each.program, known(each.backlog)])).toEqual([
      ["127.0.0.1:7000", "systemd", 64],
    ]);
  });

  it("names the narrowest step of the way", async () => {
    const { chains } = await host({
      "/etc/nginx/nginx.conf": main("worker_processes 2;"),
      "/etc/systemd/system/app.service": gunicorn("-w 3 -b 127.0.0.1:8000"),
    });
    expect(chains.map((chain) => chain.narrowest?.name)).toEqual(["app workers"]);
    expect(known(chains[0]?.narrowest?.value)).toBe(3);
  });
});

describe("gunicorn.conf.py", () => {
  const unit = (directory: string, words = ""): string =>
    `[Service]\nWorkingDirectory=${directory}\nExecStart=/usr/bin/gunicorn ${words} app:app\n`;

  it("is read from the working directory of a root tree", async () => {
    const { gunicorn } = await host({
      "/etc/systemd/system/app.service": unit("/srv/app"),
      "/srv/app/gunicorn.conf.py": "workers = 7\n",
    });
    const workers = gunicorn[0]?.configuration.workers;
    expect(known(workers)).toBe(7);
    expect(workers && placeOf(workers)?.file.path).toBe("srv/app/gunicorn.conf.py");
  });

  it("is found in the repository that is checked out in the working directory", async () => {
    const repository = memoryTree({
      "/backend/gunicorn.conf.py": "workers = 7\n",
      "/gunicorn.conf.py": "workers = 9\n",
    });
    const files = { "/etc/systemd/system/app.service": unit("/home/me/shop/backend") };
    const { gunicorn } = await host(files, {}, { kind: "loose", repository });
    expect(known(gunicorn[0]?.configuration.workers)).toBe(7);
  });

  it("is not taken from another folder of the repository", async () => {
    const repository = memoryTree({ "/backend/app.py": "", "/gunicorn.conf.py": "workers = 9\n" });
    const files = { "/etc/systemd/system/app.service": unit("/home/me/shop/backend") };
    const { gunicorn } = await host(files, {}, { kind: "loose", repository });
    expect(known(gunicorn[0]?.configuration.workers)).toBe(1);
  });

  it("named by -c and not here makes everything that it could set unknown", async () => {
    const files = {
      "/etc/systemd/system/app.service": unit("/srv/app", "-c /etc/app/gunicorn.py --timeout 60"),
    };
    const { gunicorn } = await host(files, {}, { kind: "loose" });
    expect(gunicorn[0]?.configuration.workers.known).toBe(false);
    expect(known(gunicorn[0]?.configuration.timeout)).toBe(60);
  });
});

describe("an EnvironmentFile= that is not here", () => {
  const unit = (words: string): string =>
    `[Service]\nWorkingDirectory=/srv/app\nEnvironmentFile=/srv/app/.env\nExecStart=/usr/bin/gunicorn ${words} app:app\n`;

  it("may set WEB_CONCURRENCY, so that workers are unknown unless the command line sets them", async () => {
    const unsaid = await host({ "/etc/systemd/system/app.service": unit("") });
    expect(unsaid.gunicorn[0]?.configuration.workers.known).toBe(false);
    const said = await host({ "/etc/systemd/system/app.service": unit("-w 3") });
    expect(known(said.gunicorn[0]?.configuration.workers)).toBe(3);
  });

  it("is taken not to set GUNICORN_CMD_ARGS, which the values say", async () => {
    const { gunicorn } = await host({ "/etc/systemd/system/app.service": unit("-w 3") });
    const timeout = gunicorn[0]?.configuration.timeout;
    expect(known(timeout)).toBe(30);
    expect(timeout === undefined ? [] : assumptionsOf(timeout)).toEqual([
      expect.stringContaining("does not set GUNICORN_CMD_ARGS"),
    ]);
  });
});

describe("facts that the tree records", () => {
  it("takes the distribution from os-release, and what it ships", async () => {
    const { facts } = await host({ "/etc/os-release": 'ID=debian\nVERSION_ID="12"\n' });
    expect(known(facts.distribution)).toEqual({ name: "debian", release: "12" });
    expect(known(facts.kernel)?.text).toBe("6.1");
    expect(known(facts.systemd)?.text).toBe("252");
  });

  it("takes the kernel and the CPUs of a running machine", async () => {
    const { facts } = await host({
      "/proc/sys/kernel/osrelease": "5.15.0-91-generic\n",
      "/sys/devices/system/cpu/online": "0-3,6\n",
    });
    expect(known(facts.kernel)?.atLeast("5.15")).toBe(true);
    expect(known(facts.cpus)).toBe(5);
  });

  it("leaves declared facts as they are", async () => {
    const { facts } = await host({ "/etc/os-release": "ID=debian\nVERSION_ID=12\n" }, { kernel: "4.19" });
    expect(known(facts.kernel)?.text).toBe("4.19");
  });
});
