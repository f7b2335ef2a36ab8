import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryTree } from "../../../../src/files/memory-tree.ts";
import type { Value } from "../../../../src/model/value.ts";
import { assumptionsOf } from "../../../../src/model/value.ts";
import { loadComposeProject } from "../../../../src/programs/container/compose/load-project.ts";
import type { ComposeService } from "../../../../src/programs/container/compose/project.ts";
import { defaultComposeFiles } from "../../../../src/programs/container/compose/project-files.ts";
import { spanText } from "../../../../src/text/span.ts";

async function load(files: Record<string, string>, paths: readonly string[] = ["/compose.yaml"]) {
  const loaded = await loadComposeProject(memoryTree(files), paths);
  const service = (name: string): ComposeService => {
    const found = loaded.project.services.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no service ${name}`);
    return found;
  };
  return { ...loaded, service, messages: loaded.problems.map(({ message }) => message) };
}

const shown = (value: Value<unknown> | undefined): unknown =>
  value === undefined ? undefined : value.known ? value.value : "unknown";
const words = (service: ComposeService): unknown[] | undefined =>
  service.command?.known ? service.command.value.map(({ text }) => shown(text)) : undefined;

describe("interpolation (compose-go template/template_test.go)", () => {
  const env = "SET=v\nEMPTY=\n";
  it.each<[string, unknown]>([
    ["a$SET", "av"],
    ["a${SET}b", "avb"],
    ["${SET:-d}", "v"],
    ["${EMPTY:-d}", "d"],
    ["${EMPTY-d}", ""],
    ["${UNSET-d}", "d"],
    ["${UNSET:-${SET}x}", "vx"],
    ["${UNSET:-}", ""],
    ["${UNSET}", "unknown"],
    ["${UNSET:?stop}", "unknown"],
    ["${SET:?stop}", "v"],
    ["${SET:+r}", "r"],
    ["${EMPTY:+r}", ""],
    ["$$SET", "$SET"],
    ["$1 $", "$1 $"],
    ["${!}", "unknown"],
  ])("%j", async (text, expected) => {
    const { service } = await load({ "compose.yaml": `services: {web: {image: '${text}'}}`, ".env": env });
    expect(shown(service("web").image)).toBe(expected);
  });

  it("assumes that nothing sets a variable with a default, and says so", async () => {
    const { service } = await load({ "compose.yaml": "services: {web: {image: 'a:${TAG:-1}'}}" });
    const image = service("web").image;
    expect(shown(image)).toBe("a:1");
    expect(image && assumptionsOf(image)).toEqual(["neither the shell nor .env sets TAG"]);
  });

  it("names variables that nothing sets", async () => {
    const files = {
      "compose.yaml": "services: {web: {image: 'a:$TAG', command: '${A:-$B} ${C:?}'}}",
      ".env": "",
    };
    const { project } = await load(files);
    expect(
      project.unsetVariables.map(({ name, at, service, result }) => [name, spanText(at), service, result]),
    ).toEqual([
      ["TAG", "$TAG", "web", "empty"],
      ["B", "$B", "web", "empty"],
      ["C", "${C:?}", "web", "required"],
    ]);
  });
});

describe("environment", () => {
  it("puts environment over env_file, later files over earlier ones", async () => {
    const { service, read } = await load({
      "compose.yaml": "services: {web: {image: x, env_file: [a.env, b.env], environment: [C=own]}}",
      "a.env": "A=1\nB=1\nC=1\n",
      "b.env": "B=2\nC=$B\n",
    });
    const { environment } = service("web");
    expect(environment.names().map((name) => [name, shown(environment.get(name))])).toEqual([
      ["A", "1"],
      ["B", "2"],
      ["C", "own"],
    ]);
    expect(read).toEqual(["/compose.yaml", "/a.env", "/b.env"]);
  });

  it("does not know what a file that is not here sets", async () => {
    const { service } = await load({
      "compose.yaml": "services: {web: {image: x, env_file: .env, environment: {B: 1}}}",
      ".env.example": "A=1",
    });
    const { environment } = service("web");
    expect(shown(environment.get("A"))).toBe("unknown");
    expect(shown(environment.get("B"))).toBe("1");
  });

  it("takes a name alone from .env", async () => {
    const { service } = await load({
      "compose.yaml": "services: {web: {image: x, environment: [A, B]}}",
      ".env": "A=1",
    });
    expect(shown(service("web").environment.get("A"))).toBe("1");
    expect(shown(service("web").environment.get("B"))).toBe("unknown");
  });
});

describe("merging (compose-go override/*_test.go)", () => {
  const merged = (base: string, other: string) =>
    load({ "compose.yaml": base, "compose.override.yaml": other }, [
      "/compose.yaml",
      "/compose.override.yaml",
    ]);

  it("replaces texts and commands, and adds the rest", async () => {
    const { service } = await merged(
      "services: {web: {image: a, command: a b, environment: {A: 1, B: 1}, ports: ['80:80']}}",
      "services: {web: {image: b, command: [c], environment: ['B=2'], ports: ['81:81']}}",
    );
    const web = service("web");
    expect(shown(web.image)).toBe("b");
    expect(words(web)).toEqual(["c"]);
    expect(["A", "B"].map((name) => shown(web.environment.get(name)))).toEqual(["1", "2"]);
    expect(web.ports.map(({ target }) => target)).toEqual([80, 81]);
  });

  it("replaces volumes by their target", async () => {
    const { service } = await merged(
      "services: {web: {image: a, volumes: ['./a:/x', 'data:/y']}}",
      "services: {web: {volumes: ['./b:/x:ro']}}",
    );
    expect(service("web").files.map(({ path, source, readOnly }) => [path, source, readOnly])).toEqual([
      ["/y", { kind: "volume", name: "data" }, false],
      ["/x", { kind: "repository", path: "/b" }, true],
    ]);
  });

  it("obeys !reset and !override", async () => {
    const { service } = await merged(
      "services: {web: {image: a, ports: ['80:80'], cap_add: [ALL], user: root}}",
      "services: {web: {ports: !override ['81:81'], cap_add: !reset [], user: !reset null}}",
    );
    expect(service("web").ports.map(({ target }) => target)).toEqual([81]);
    expect(shown(service("web").mayRaiseLimits)).toBe(false);
    expect(service("web").user).toBeUndefined();
  });

  it("extends a service of another file, whose paths count from there", async () => {
    const { service } = await load({
      "compose.yaml": "services: {web: {extends: {file: base/common.yaml, service: app}, command: run}}",
      "base/common.yaml": "services: {app: {build: ., volumes: ['./x:/x']}}",
      "base/Dockerfile": "FROM scratch",
    });
    expect(shown(service("web").build?.context)).toBe("/base");
    expect(shown(service("web").build?.dockerfile)).toBe("/base/Dockerfile");
    expect(service("web").files.map(({ source }) => source)).toEqual([
      { kind: "repository", path: "/base/x" },
    ]);
    expect(words(service("web"))).toEqual(["run"]);
  });

  it("leaves open what a .env above an included project may set", async () => {
    const { project } = await load({
      "compose.yaml": "include: [{path: sub/compose.yaml, project_directory: ., env_file: sub/defaults.env}]",
      "sub/compose.yaml": "services: {cache: {image: a, command: '--requirepass $SECRET'}}",
      "sub/defaults.env": "PORT=1\n",
    });
    expect(project.unsetVariables.map(({ name, result }) => [name, result])).toEqual([
      ["SECRET", "may be set"],
    ]);
  });

  it("includes another project with its own folder and .env", async () => {
    const { service } = await load({
      "compose.yaml": "include: [sub/compose.yaml]\nservices: {web: {image: a}}",
      "sub/compose.yaml": "services: {db: {image: 'pg:$V', volumes: ['./d:/d']}}",
      "sub/.env": "V=16",
    });
    expect(shown(service("db").image)).toBe("pg:16");
    expect(service("db").files[0]?.source).toEqual({ kind: "repository", path: "/sub/d" });
  });

  it.each([
    [{ "compose.yaml": "services: {a: {extends: b}, b: {extends: a}}" }, "extends runs in a circle: a, b, a"],
    [
      { "compose.yaml": "services: {a: {extends: b}}" },
      "extends names the service b, which compose.yaml does not have",
    ],
    [{ "compose.yaml": "include: [compose.yaml]" }, "include runs in a circle: compose.yaml, compose.yaml"],
    [{ "compose.yaml": "services: [a]" }, "services takes a mapping of names"],
    [{ "compose.yaml": "services: {a: {sysctls: [x]}}" }, 'the sysctl "x" has no ='],
    [
      { "compose.yaml": "services: {a: {stop_grace_period: 30}}" },
      'stop_grace_period of a takes a time with its unit, as 30s, not "30"',
    ],
    [
      { "compose.yaml": "services: {a: {mem_limit: much}}" },
      'mem_limit of a takes a size as 512m, not "much"',
    ],
  ])("%j is refused", async (files, message) => {
    expect((await load(files)).messages).toContain(message);
  });
});

describe("services", () => {
  it("says what an operator in a command drops", async () => {
    const { problems, service } = await load({
      "compose.yaml":
        "services:\n  web:\n    image: x\n    command: >\n      python migrate\n      && gunicorn app\n",
    });
    expect(words(service("web"))).toEqual(["python", "migrate"]);
    expect(problems.map(({ rule, message, at }) => [rule, message, spanText(at)])).toEqual([
      [
        "container/command-truncated",
        'no shell reads command of web: docker compose starts only "python migrate" and drops "&& gunicorn app"',
        "&&",
      ],
    ]);
  });

  it("points at each word of a command", async () => {
    const { service } = await load({
      "compose.yaml": "services: {web: {image: x, command: 'gunicorn -w ${W:-3} app'}}",
    });
    const command = service("web").command;
    expect(words(service("web"))).toEqual(["gunicorn", "-w", "3", "app"]);
    expect(command?.known && command.value.map(({ at }) => spanText(at))).toEqual([
      "gunicorn",
      "-w",
      "${W:-3}",
      "app",
    ]);
  });

  it("reads limits", async () => {
    const { service, problems } = await load({
      "compose.yaml": `services:
  a: {image: x, cpus: "1.5", mem_limit: 512m, pids_limit: 100, ulimits: {nofile: {soft: 1024, hard: 2048}}, cpuset: "0-2,5"}
  b: {image: x, deploy: {replicas: 3, resources: {limits: {cpus: "2", memory: 1GB}}}, ulimits: {nofile: 4096}}
  c: {image: x, cpu_quota: 50000, stop_grace_period: 1m30s, sysctls: {net.core.somaxconn: 1024}, network_mode: host}
`,
    });
    const [a, b, c] = ["a", "b", "c"].map(service);
    expect(
      [a?.cpuQuota, a?.memoryMax, a?.tasksMax, a?.cpuset, a?.nofile?.soft, a?.nofile?.hard].map(shown),
    ).toEqual([1.5, 536870912, 100, 4, 1024, 2048]);
    expect([b?.cpuQuota, b?.memoryMax, b?.tasksMax, b?.replicas, b?.nofile?.hard].map(shown)).toEqual([
      2,
      1073741824,
      Infinity,
      3,
      4096,
    ]);
    expect([c?.cpuQuota, c?.stopTimeout, c?.network].map(shown)).toEqual([0.5, 90, { kind: "host" }]);
    expect(c?.sysctls.map(({ key, value }) => [key, shown(value)])).toEqual([["net.core.somaxconn", "1024"]]);
    expect(problems).toEqual([]);
  });

  it("gives the content of a config with its places", async () => {
    const { service } = await load({
      "compose.yaml":
        "services: {web: {image: x, configs: [{source: n, target: /etc/nginx/nginx.conf}]}}\nconfigs:\n  n:\n    content: |\n      events {}\n",
    });
    const source = service("web").files[0]?.source;
    expect(source?.kind === "inline" && [source.file.text, source.file.lineStarts?.length]).toEqual([
      "events {}\n",
      1,
    ]);
  });

  it("takes ports apart", async () => {
    const { service } = await load({
      "compose.yaml":
        "services: {a: {image: x, ports: ['80', '127.0.0.1:8080:80', '3000-3001:4000-4001', {target: 9, published: 10}]}}",
    });
    expect(
      service("a").ports.map(({ target, published, hostAddress }) => [target, shown(published), hostAddress]),
    ).toEqual([
      [80, "unknown", "*"],
      [80, 8080, "127.0.0.1"],
      [4000, 3000, "*"],
      [4001, 3001, "*"],
      [9, 10, "*"],
    ]);
  });

  it("takes any file", async () => {
    const unit = fc.constantFrom(
      "services:\n",
      "  web:\n",
      "    image: ",
      "    command: ",
      "    environment:\n",
      "      - A=1\n",
      "$X ",
      "${",
      "}",
      "a",
      "\n",
      "'",
      "[",
      "]",
      "    build: .\n",
      "    extends: web\n",
      "    volumes: ['a:/b']\n",
      "    ulimits: {nofile: x}\n",
      "\0",
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 30 }), async (text) => {
        await load({ "compose.yaml": text, ".env": text });
      }),
      { numRuns: 300 },
    );
  });
});

it("tells base and override from variants", () => {
  const base = ["docker-compose.yml", "docker-compose.override.yml"];
  expect(defaultComposeFiles(["docker-compose.prod.yml", ...base, "production.yml"])).toEqual(base);
  expect(defaultComposeFiles(["docker-compose.yml", "compose.yaml"])).toEqual(["compose.yaml"]);
  expect(defaultComposeFiles(["docker-compose.override.yml", "production.yml"])).toEqual([]);
});
