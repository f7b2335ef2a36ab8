import { describe, expect, test } from "vitest";
import { unknown } from "../../../src/model/value.ts";
import { interpretGunicorn } from "../../../src/programs/gunicorn/interpret.ts";
import { spanText } from "../../../src/text/span.ts";
import { inputOf, type Situation } from "./command-line.ts";

async function directories(situation: Situation): Promise<string[]> {
  const { configuration } = await interpretGunicorn(inputOf(situation));
  return configuration.heartbeatDirectories.map((each) => (each.known ? each.value : "unknown"));
}

describe("where the heartbeat file is tried", () => {
  test("the directories of Python's tempfile, the working directory last", async () => {
    expect(await directories({ argv: ["app:app"] })).toEqual(["/tmp", "/var/tmp", "/usr/tmp", "/srv/case"]);
  });

  test("TMPDIR, TEMP and TMP come first, an empty one counts as unset", async () => {
    expect((await directories({ env: { TMP: "/a", TMPDIR: "/b/../c/", TEMP: "" } })).slice(0, 3)).toEqual([
      "/c",
      "/a",
      "/tmp",
    ]);
  });

  test("worker_tmp_dir is the only one", async () => {
    expect(await directories({ argv: ["--worker-tmp-dir", "/dev/shm"], env: { TMPDIR: "/b" } })).toEqual([
      "/dev/shm",
    ]);
    expect(await directories({ files: { "gunicorn.conf.py": 'worker_tmp_dir = "run"\n' } })).toEqual([
      "/srv/case/run",
    ]);
  });

  test("a relative path is taken from chdir", async () => {
    expect(await directories({ argv: ["--chdir", "/", "--worker-tmp-dir", "run"] })).toEqual(["/run"]);
  });

  test("it is told where worker_tmp_dir is written", async () => {
    const { configuration } = await interpretGunicorn(inputOf({ argv: ["--worker-tmp-dir", "/dev/shm"] }));
    const at = configuration.heartbeatDirectories[0]?.origin.at;
    expect(at && spanText(at).replace("\n", " ")).toBe("--worker-tmp-dir /dev/shm");
  });

  test("a variable that is not known leaves the others in their places", async () => {
    const input = inputOf({ argv: ["app:app"] });
    const environment = {
      ...input.environment,
      get: (name: string) =>
        name === "TMPDIR"
          ? unknown<string | undefined>(name, "app.env is not here")
          : input.environment.get(name),
    };
    const { configuration } = await interpretGunicorn({ ...input, environment });
    expect(
      configuration.heartbeatDirectories.map((each) => (each.known ? each.value : each.origin.why)),
    ).toEqual(["app.env is not here", "/tmp", "/var/tmp", "/usr/tmp", "/srv/case"]);
  });
});

describe("settings that rules ask for", () => {
  test("reload and forwarded_allow_ips", async () => {
    const { configuration } = await interpretGunicorn(
      inputOf({ argv: ["--reload", "--forwarded-allow-ips", "*"] }),
    );
    expect(configuration.reload).toMatchObject({ known: true, value: true });
    expect(configuration.forwardedAllowIps).toMatchObject({ known: true, value: ["*"] });
  });
});
