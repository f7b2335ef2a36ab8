import { describe, expect, it } from "vitest";
import { declaredFacts } from "../../src/cli/facts.ts";
import type { DiscoveredHost } from "../../src/files/discovered-host.ts";
import { memoryTree } from "../../src/files/memory-tree.ts";
import { recordingTree } from "../../src/files/recording-tree.ts";
import { assembleHost } from "../../src/host/assemble.ts";
import { evidenceOf } from "../../src/lint/evidence.ts";
import type { GunicornProcess, Host } from "../../src/model/host.ts";
import { isWritten, type Value } from "../../src/model/value.ts";
import { spanText } from "../../src/text/span.ts";

const known = <T>(value: Value<T> | undefined): T | undefined => (value?.known ? value.value : undefined);

const root: DiscoveredHost = {
  name: "test",
  kind: "root",
  tree: memoryTree({}),
  nginx: [],
  hasUnits: true,
  repository: undefined,
  containerFiles: [],
  containers: [],
  containerProblems: [],
  files: [],
};

/** The host of one unit app.service. */
function hostOf(
  unit: string,
  files: Readonly<Record<string, string>> = {},
  repository?: Readonly<Record<string, string>>,
): Promise<Host> {
  const tree = memoryTree({ "/etc/systemd/system/app.service": `[Service]\n${unit}\n`, ...files });
  const discovered: DiscoveredHost =
    repository === undefined
      ? { ...root, tree }
      : { ...root, tree, kind: "loose", repository: memoryTree(repository) };
  return assembleHost(discovered, declaredFacts({}));
}

const seen = ({ gunicorn }: Host) =>
  gunicorn.map(({ configuration: { binds, workers } }: GunicornProcess) => [
    known(workers),
    known(binds)?.map((address) => (address.kind === "tcp" ? `${address.host}:${address.port}` : address)),
  ]);

describe("a shell in ExecStart=", () => {
  it.each([
    ["exec gunicorn -w 3 app:app"],
    ["cd /srv/app && exec gunicorn -w 3 app:app"],
    ["source venv/bin/activate && gunicorn -w 3 app:app"],
    ["W=3 && gunicorn -w $${W} app:app"],
    ["gunicorn -w $(echo 3) app:app"],
    ["./migrate.sh && gunicorn -w 3 app:app"],
    ["if true; then gunicorn -w 3 app:app; fi"],
    ["gunicorn -w 3 app:app | tee log"],
    ["gunicorn -w 3 app:app &"],
  ])("%s", async (script) => {
    for (const shell of ["/bin/sh -c", "/bin/bash -lc", "/usr/bin/env bash -c"])
      expect(seen(await hostOf(`ExecStart=${shell} '${script}'`))).toEqual([[3, ["127.0.0.1:8000"]]]);
  });

  it("sees the variables of the unit", async () => {
    const unit =
      "Environment=PORT=9000 WORKERS=4\nExecStart=/bin/sh -c 'gunicorn -w $$WORKERS -b :$$PORT app:app'";
    expect(seen(await hostOf(unit))).toEqual([[4, ["*:9000"]]]);
  });

  it("ends where its script has a syntax error", async () => {
    const files = { "/srv/run": "gunicorn -w 3 app:app\ngunicorn 'other:app\n" };
    expect(seen(await hostOf("ExecStart=/bin/bash /srv/run", files))).toEqual([[3, ["127.0.0.1:8000"]]]);
  });

  it("whose script is not closed starts nothing that is known", async () => {
    expect((await hostOf('ExecStart=/bin/sh -c "gunicorn \'app:app"')).gunicorn).toEqual([]);
  });
});

describe("a script in ExecStart=", () => {
  const script =
    "#!/bin/bash\nNUM_WORKERS=3\ncd /srv/app\nexec ../venv/bin/gunicorn app:app --workers $NUM_WORKERS\n";

  it("of the root tree", async () => {
    const host = await hostOf("ExecStart=/srv/app/start.sh", { "/srv/app/start.sh": script });
    expect(seen(host)).toEqual([[3, ["127.0.0.1:8000"]]]);
    expect(host.gunicorn[0]?.name).toBe("gunicorn (app.service)");
  });

  it("started by its interpreter", async () => {
    const host = await hostOf("ExecStart=/bin/bash /srv/app/start.sh", { "/srv/app/start.sh": script });
    expect(seen(host)).toEqual([[3, ["127.0.0.1:8000"]]]);
  });

  it.each([["/srv/app/deploy/start.sh"], ["/home/web/project/deploy/start.sh"], ["/usr/local/bin/start.sh"]])(
    "of the repository, by the end of its path: %s",
    async (path) => {
      const host = await hostOf(`ExecStart=${path}`, {}, { "/deploy/start.sh": script, "/start.sh": script });
      expect(seen(host)).toEqual([[3, ["127.0.0.1:8000"]]]);
    },
  );

  it("that is not here starts nothing that is known, and nothing is said", async () => {
    for (const unit of ["ExecStart=/srv/app/start.sh", "ExecStart=/bin/sh /srv/app/start.sh"]) {
      const host = await hostOf(unit, {}, { "/other.sh": script });
      expect([host.gunicorn, host.problems]).toEqual([[], []]);
    }
  });

  it.each([
    ["without a first line that names its interpreter", "gunicorn app:app\n"],
    ["of another interpreter", "#!/usr/bin/env python3\ngunicorn app:app\n"],
  ])("%s is not followed", async (_, text) => {
    expect((await hostOf("ExecStart=/srv/run", { "/srv/run": text })).gunicorn).toEqual([]);
  });

  it("a file of the repository is no program of the system", async () => {
    const text = "#!/bin/sh\nexec uvicorn other:app\n";
    const files = { "/gunicorn": text, "/nginx": "events {}\n", "/bin/serve": text };
    const host = await hostOf("ExecStart=/srv/venv/bin/gunicorn app:app", {}, files);
    expect(host.gunicorn.map(({ program }) => program)).toEqual(["gunicorn"]);
    for (const program of ["/usr/sbin/nginx", "/usr/bin/serve"])
      expect((await hostOf(`ExecStart=${program}`, {}, files)).gunicorn).toEqual([]);
  });

  it("is told from a program without reading the program", async () => {
    const tree = memoryTree({
      "/etc/systemd/system/app.service": "[Service]\nExecStart=/opt/server\n",
      "/opt/server": "",
    });
    const read: string[] = [];
    const host = await assembleHost(
      {
        ...root,
        tree: {
          ...recordingTree(tree, (path) => read.push(path)),
          head: (path) => (path === "/opt/server" ? undefined : tree.read(path)?.text),
        },
      },
      declaredFacts({}),
    );
    expect(host.systemd.services.map(({ name }) => name)).toEqual(["app.service"]);
    expect(read).not.toContain("/opt/server");
  });

  it("that calls itself, or another that calls it, ends", async () => {
    const files = {
      "/srv/one": "#!/bin/sh\n/srv/two &\n/srv/one\n",
      "/srv/two": "#!/bin/sh\n. /srv/one\nexec /srv/two\n",
    };
    expect((await hostOf("ExecStart=/srv/one", files)).gunicorn).toEqual([]);
  });

  it("leaves open which branch runs", async () => {
    const text =
      "#!/bin/sh\nif [ -f /tmp/dev ]; then exec gunicorn --reload app:app; fi\nexec gunicorn -w 3 app:app\n";
    const host = await hostOf("ExecStart=/srv/run", { "/srv/run": text });
    expect(host.gunicorn.map(({ certain }) => certain)).toEqual([false, false]);
  });
});

describe("supervisord in ExecStart=", () => {
  it("starts what its files and those that they include name", async () => {
    const host = await hostOf("ExecStart=/usr/bin/supervisord -n -c /etc/supervisor/supervisord.conf", {
      "/etc/supervisor/supervisord.conf": "[supervisord]\n[include]\nfiles = conf.d/*.conf\n",
      "/etc/supervisor/conf.d/app.conf":
        "[program:app]\ncommand=/srv/venv/bin/gunicorn -w 3 app:app\ndirectory=/srv\n",
    });
    expect(seen(host)).toEqual([[3, ["127.0.0.1:8000"]]]);
    expect(host.problems).toEqual([]);
  });
});

describe("the evidence of an argument", () => {
  it("leads to the variable that holds it", async () => {
    const host = await hostOf(
      "EnvironmentFile=/etc/app.env\nExecStart=/usr/bin/gunicorn --workers ${WORKERS} --bind 0.0.0.0:$PORT app:app",
      { "/etc/app.env": "WORKERS=5\n" },
    );
    const workers = host.gunicorn[0]?.configuration.workers;
    if (workers === undefined) throw new Error("there is a gunicorn");
    expect(isWritten(workers)).toBe(true);
    expect(workers.origin.at && spanText(workers.origin.at)).toBe("--workers ${WORKERS}");
    expect(
      evidenceOf(workers).map(({ message, at }) => `${message} <${at === undefined ? "" : spanText(at)}>`),
    ).toEqual([
      "workers are 5: from --workers ${WORKERS} <--workers ${WORKERS}>",
      "WORKERS is 5 <WORKERS=5>",
    ]);
  });

  it("keeps what is written at the option itself short, and names what it overrides", async () => {
    const host = await hostOf(
      "Environment=W=5\nEnvironment=GUNICORN_CMD_ARGS=--workers=2\nExecStart=/usr/bin/gunicorn --workers $W -t 40 app:app",
    );
    const { workers, timeout } = host.gunicorn[0]?.configuration ?? {};
    if (workers === undefined || timeout === undefined) throw new Error("there is a gunicorn");
    expect(timeout.origin.kind).toBe("written");
    expect(evidenceOf(workers).map(({ message }) => message)).toEqual([
      "workers are 5: from --workers $W",
      "W is 5",
      "argument of workers is --workers $W",
      "overrides workers 2",
    ]);
  });

  it("says that a default of a script stands because nothing sets the variable", async () => {
    const host = await hostOf(`ExecStart=/bin/sh -c 'gunicorn -w "$\{W:-4}" app:app'`.replace("$", "$$$$"));
    const workers = host.gunicorn[0]?.configuration.workers;
    if (workers === undefined) throw new Error("there is a gunicorn");
    expect(isWritten(workers)).toBe(true);
    expect(evidenceOf(workers).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^workers are 4: from/),
      expect.stringMatching(/^W is not set/),
      "default of W is 4",
    ]);
  });
});
