import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Container } from "../../../../src/model/container.ts";
import { placeOf } from "../../../../src/model/value.ts";
import { spanText } from "../../../../src/text/span.ts";
import { configMap, deployment, describeManifests, problemTexts, told, wordsOf } from "./described.ts";

const fixtures = new URL("../../../../fixtures/programs/kubernetes/", import.meta.url);

function folder(name: string): Record<string, string> {
  const at = new URL(`${name}/`, fixtures);
  return Object.fromEntries(readdirSync(at).map((file) => [file, readFileSync(new URL(file, at), "utf8")]));
}

const filesOf = ({ files }: Container): string[] =>
  files.map(({ path, source, readOnly }) => {
    const what = "name" in source ? ` ${source.name}` : "why" in source ? ` ${source.why}` : "";
    return `${path}: ${source.kind}${what}${readOnly ? ", read-only" : ""}`;
  });

describe("nginx and gunicorn in one pod", async () => {
  const { containers, problems } = await describeManifests(folder("one-pod"));
  const [nginx, app, shipper] = containers;
  if (nginx === undefined || app === undefined || shipper === undefined) throw new Error("missing");

  it("starts what keeps running, and no migration", () => {
    expect(problemTexts(problems)).toEqual([]);
    expect(containers.map(({ name }) => name)).toEqual([
      "nginx of Deployment shop",
      "app of Deployment shop",
      "log-shipper of Deployment shop",
    ]);
  });

  it("puts all of them into one network, with the kernel settings of the pod", () => {
    for (const { network, sysctls, replicas, stopTimeout } of containers) {
      expect(told(network)).toEqual({ kind: "shared", with: "Deployment shop" });
      expect(sysctls.map(({ key, value }) => [key, told(value)])).toEqual([["net.core.somaxconn", "4096"]]);
      expect(told(replicas)).toBe(3);
      expect(told(stopTimeout)).toBe(45);
    }
  });

  it("mounts the file of the ConfigMap where it stands, line by line", () => {
    expect(filesOf(nginx)).toEqual([
      "/run: volume run of Deployment shop",
      "/etc/nginx/nginx.conf: inline, read-only",
    ]);
    const source = nginx.files[1]?.source;
    if (source?.kind !== "inline") return expect.fail("no inline file");
    const { text, at, lineStarts } = source.file;
    expect(text.split("\n")[2]).toBe("  worker_connections 4096;");
    const third = lineStarts?.[2] ?? 0;
    expect(at.file.text.slice(third, third + 26)).toBe("  worker_connections 4096;");
    return undefined;
  });

  it("names the socket folder alike in both, and knows what is memory", () => {
    expect(filesOf(app)).toEqual([
      "/run: volume run of Deployment shop",
      "/cache: memory cache of Deployment shop",
    ]);
  });

  it("knows the command line where it can", () => {
    expect(wordsOf(app)).toEqual([
      "gunicorn",
      "--bind=127.0.0.1:8000",
      "--workers=2",
      "--log-level=$(LEVEL)",
      "shop.wsgi",
    ]);
    expect(wordsOf(nginx)).toEqual(["python", "app.py"]);
  });

  it("knows limits, accounts and directories", () => {
    expect(told(app.cpuQuota)).toBe(1.5);
    expect(told(app.memoryMax)).toBe(512 * 1024 * 1024);
    expect(told(nginx.cpuQuota)).toBe(Infinity);
    expect(told(app.workingDirectory)).toBe("/srv");
    expect([told(nginx.user), told(app.user)]).toEqual(["0", "1000"]);
    expect([told(nginx.mayRaiseLimits), told(app.mayRaiseLimits)]).toEqual([true, false]);
    expect([told(nginx.readOnlyRoot), told(app.readOnlyRoot)]).toEqual([true, false]);
    const place = placeOf(app.cpuQuota);
    expect(place && spanText(place)).toBe("1500m");
  });

  it("is reached under the names of its Service, from outside at the port that it declares", () => {
    expect(nginx.hostNames).toEqual(["shop", "shop.shop", "shop.shop.svc", "shop.shop.svc.cluster.local"]);
    const [service] = nginx.services ?? [];
    expect(service?.ports.map(({ port, target, outside }) => [port, told(target), outside])).toEqual([
      [80, 8080, true],
    ]);
    expect(nginx.ports.map(({ target, hostAddress }) => [target, hostAddress])).toEqual([[8080, "*"]]);
  });
});

describe("two Deployments with Services", async () => {
  const { containers, problems } = await describeManifests(folder("two-deployments"));
  const api = containers.find(({ name }) => name === "gunicorn of Deployment api");
  const proxy = containers.find(({ name }) => name === "nginx of Deployment proxy");
  if (api === undefined || proxy === undefined) throw new Error("missing");

  it("finds them in a List and in documents", () => {
    expect(problemTexts(problems)).toEqual([]);
    expect(containers).toHaveLength(2);
    expect([told(api.network), told(proxy.network)]).toEqual([{ kind: "own" }, { kind: "own" }]);
    expect(api.networks).toEqual(proxy.networks);
  });

  it("keeps the port of the Service apart from that of the container", () => {
    expect(
      api.services?.map(({ name, headless, ports }) => [
        name,
        told(headless),
        ports.map(({ port, target }) => [port, told(target)]),
      ]),
    ).toEqual([
      ["api", false, [[80, 8000]]],
      ["api-pods", true, [[8000, 8000]]],
    ]);
    expect(api.hostNames).toContain("api.default.svc.cluster.local");
    expect(api.ports).toEqual([]);
  });

  it("shows a ConfigMap as a folder that holds nothing else, and a Secret as not known", () => {
    expect(filesOf(proxy)).toEqual([
      "/etc/nginx/conf.d: folder, read-only",
      "/etc/nginx/conf.d/default.conf: inline, read-only",
      "/etc/nginx/conf.d/tls: unknown Secret tls is not in these files",
    ]);
  });

  it("reads arguments and variables", () => {
    expect(wordsOf(api)).toEqual(["python", "--bind", "0.0.0.0:8000", "--log-level", "info", "api.wsgi"]);
    expect(told(api.environment.get("WEB_CONCURRENCY"))).toBe("4");
  });
});

describe("workloads", () => {
  const template = "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}";
  it.each([
    ["apps/v1", "StatefulSet", `{replicas: 2, ${template}}`, 2],
    ["apps/v1", "DaemonSet", `{${template}}`, { why: "it runs on every node" }],
    ["apps/v1", "ReplicaSet", `{${template}}`, 1],
    ["batch/v1", "Job", `{parallelism: 4, ${template}}`, 4],
    ["batch/v1", "CronJob", `{jobTemplate: {spec: {parallelism: 2, ${template}}}}`, 2],
    ["v1", "Pod", "{containers: [{name: c, image: i}]}", 1],
    ["extensions/v1beta1", "Deployment", `{replicas: 5, ${template}}`, 5],
  ])("%s %s", async (version, kind, spec, replicas) => {
    const { containers, problems } = await describeManifests({
      "a.yaml": `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: x}\nspec: ${spec}\n`,
    });
    expect(problemTexts(problems)).toEqual([]);
    expect(containers.map((each) => [each.name, told(each.replicas)])).toEqual([
      [`c of ${kind} x`, replicas],
    ]);
  });

  it("leaves kinds of other groups alone", async () => {
    const { containers } = await describeManifests({
      "a.yaml": `apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: x}\nspec: {${template}}\n`,
    });
    expect(containers).toEqual([]);
  });

  it("does not know the replicas behind an autoscaler", async () => {
    const scaler =
      "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: hpa}\nspec: {scaleTargetRef: {kind: Deployment, name: web}, maxReplicas: 9}\n";
    const { containers } = await describeManifests({ "a.yaml": `${deployment("args: []")}---\n${scaler}` });
    expect(told(containers[0]?.replicas)).toEqual({ why: "HorizontalPodAutoscaler hpa sets it" });
  });

  it("takes the network of the machine with hostNetwork", async () => {
    const { containers } = await describeManifests({ "a.yaml": deployment("args: []", "hostNetwork: true") });
    expect(told(containers[0]?.network)).toEqual({ kind: "host" });
  });

  it("takes the limit of the pod, then of a LimitRange that is here", async () => {
    const range =
      "apiVersion: v1\nkind: LimitRange\nmetadata: {name: r}\nspec: {limits: [{type: Container, default: {cpu: 300m}}]}\n";
    const plain = await describeManifests({ "a.yaml": `${deployment("args: []")}---\n${range}` });
    expect(told(plain.containers[0]?.cpuQuota)).toBe(0.3);
    const pod = "resources: {limits: {cpu: 2}}";
    const limited = await describeManifests({ "a.yaml": `${deployment("args: []", pod)}---\n${range}` });
    expect(told(limited.containers[0]?.cpuQuota)).toBe(2);
  });

  it.each([
    ["1m", 0.01],
    ['"0"', Infinity],
    ["0.5", 0.5],
    ["2", 2],
  ])("limits.cpu: %s is a quota of %s CPUs", async (cpu, quota) => {
    const { containers } = await describeManifests({
      "a.yaml": deployment(`resources: {limits: {cpu: ${cpu}}}`),
    });
    expect(told(containers[0]?.cpuQuota)).toBe(quota);
  });

  it("needs root for a capability", async () => {
    const granted = "securityContext: {privileged: true, runAsUser: 101}";
    const { containers } = await describeManifests({ "a.yaml": deployment(granted) });
    expect(told(containers[0]?.mayRaiseLimits)).toBe(false);
  });
});

describe("volumes", () => {
  const conf = configMap("conf", "a.conf: A, b.conf: B");
  const files = async (mount: string, volume: string): Promise<unknown> => {
    const { containers } = await describeManifests({
      "a.yaml": `${deployment(`volumeMounts: [{name: v, ${mount}}]`, `volumes: [{name: v, ${volume}}]`)}---\n${conf}`,
    });
    return containers.map(filesOf)[0];
  };

  it.each([
    [
      "mountPath: /etc/x",
      "configMap: {name: conf}",
      ["/etc/x: folder, read-only", "/etc/x/a.conf: inline, read-only", "/etc/x/b.conf: inline, read-only"],
    ],
    [
      "mountPath: /etc/x",
      "configMap: {name: conf, items: [{key: b.conf, path: sub/c.conf}]}",
      ["/etc/x: folder, read-only", "/etc/x/sub/c.conf: inline, read-only"],
    ],
    [
      "mountPath: /etc/x/y, subPath: sub",
      "configMap: {name: conf, items: [{key: b.conf, path: sub/c.conf}]}",
      ["/etc/x/y: folder, read-only", "/etc/x/y/c.conf: inline, read-only"],
    ],
    [
      "mountPath: /etc/x.conf, subPath: a.conf",
      "configMap: {name: conf}",
      ["/etc/x.conf: inline, read-only"],
    ],
    [
      "mountPath: etc/x.conf/, subPath: ./a.conf",
      "configMap: {name: conf}",
      ["/etc/x.conf: inline, read-only"],
    ],
    [
      "mountPath: /etc/x",
      "projected: {sources: [{configMap: {name: conf, items: [{key: a.conf, path: z}]}}]}",
      ["/etc/x: folder, read-only", "/etc/x/z: inline, read-only"],
    ],
    [
      "mountPath: /etc/x",
      "configMap: {name: gone}",
      ["/etc/x: unknown ConfigMap gone is not in these files"],
    ],
    ["mountPath: /d, readOnly: true", "hostPath: {path: /srv}", ["/d: volume /srv of the node, read-only"]],
    [
      "mountPath: /d, subPath: media",
      "persistentVolumeClaim: {claimName: pvc}",
      ["/d: volume PersistentVolumeClaim pvc/media"],
    ],
    ["mountPath: /d", "emptyDir: {medium: Memory}", ["/d: memory v of Deployment web"]],
    ["mountPath: /d", "nfs: {server: s, path: /}", ["/d: volume v of Deployment web"]],
  ])("%s of %s", async (mount, volume, expected) => {
    expect(await files(mount, volume)).toEqual(expected);
  });
});

describe("problems", () => {
  const found = async (...documents: readonly string[]): Promise<string[]> =>
    problemTexts((await describeManifests({ "a.yaml": documents.join("---\n") })).problems);
  const conf = configMap("conf", "a.conf: A");

  it.each([
    [
      "resources: {limits: {memory: 512mb}}",
      "limits.memory of app is 512mb, which is no quantity: the API server refuses the object <- 512mb",
    ],
    [
      "resources: {limits: {cpu: 1K}}",
      "limits.cpu of app is 1K, which is no quantity: the API server refuses the object <- 1K",
    ],
    [
      "resources: {limits: {cpu: -1}}",
      "limits.cpu of app is -1, which is no quantity: the API server refuses the object <- -1",
    ],
    [
      "resources: {limits: {memory: 512m}}",
      "limits.memory of app is less than one byte: m means thousandths <- 512m",
    ],
    [
      "resources: {requests: {cpu: 2}, limits: {cpu: 500m}}",
      "requests.cpu of app is above its limit of 500m: the API server refuses the object <- 2",
    ],
    [
      "env: [{name: A, value: 3}]",
      "value of A must be a string, and 3 is a number: the API server refuses the object <- 3",
    ],
    [
      "env: [{name: A, value: yes}]",
      "value of A must be a string, and yes is a boolean: the API server refuses the object <- yes",
    ],
    [
      "args: [-w, 3]",
      "an item of args must be a string, and 3 is a number: the API server refuses the object <- 3",
    ],
    ["command: gunicorn app", "command must be a list, and is a string <- gunicorn app"],
    ["resources: {limits: none}", "limits must be a mapping, and is a string <- none"],
    [
      'ports: [{containerPort: "80"}]',
      'containerPort must be a number, and 80 is a string: the API server refuses the object <- "80"',
    ],
    [
      "env: [{name: A, valueFrom: {configMapKeyRef: {name: conf, key: b}}}]",
      "ConfigMap conf has no key b, so the container does not start <- b",
    ],
  ])("%s", async (container, message) => {
    expect(await found(deployment(container), conf)).toEqual([`container/manifest: ${message}`]);
  });

  it("names containers twice", async () => {
    const twice = "containers: [{name: a, image: one}, {name: a, image: two}]";
    expect(await found(`apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {${twice}}\n`)).toEqual([
      "container/manifest: two containers of this pod are named a: the API server refuses the object <- a",
    ]);
  });

  it("mounts a key that the ConfigMap does not have", async () => {
    const pod = (volume: string, mount: string) =>
      deployment(
        `volumeMounts: [{name: v, mountPath: /x, ${mount}}]`,
        `volumes: [{name: v, configMap: {${volume}}}]`,
      );
    expect(await found(pod("name: conf", "subPath: b.conf"), conf)).toEqual([
      "container/manifest: ConfigMap conf has no b.conf, so an empty folder is mounted at /x <- b.conf",
    ]);
    expect(await found(pod("name: conf, items: [{key: b, path: b}]", "readOnly: true"), conf)).toEqual([
      "container/manifest: ConfigMap conf has no key b, so the pod does not start <- b",
    ]);
    expect(await found(pod("name: gone", "subPath: b.conf"), conf)).toEqual([]);
  });

  it("does not know the keys that a kustomization may add", async () => {
    const { containers, problems } = await describeManifests({
      "a.yaml": `${deployment(
        "envFrom: [{configMapRef: {name: conf}}], env: [{name: A, valueFrom: {configMapKeyRef: {name: conf, key: b}}}], volumeMounts: [{name: v, mountPath: /x, subPath: b.conf}, {name: v, mountPath: /y/z}]",
        "volumes: [{name: v, configMap: {name: conf}}]",
      )}---\n${conf}`,
      "kustomization.yaml": "resources: [a.yaml]\n",
    });
    expect(problemTexts(problems)).toEqual([]);
    const [container] = containers;
    if (container === undefined) return expect.fail("no container");
    expect(told(container.environment.get("A"))).toEqual({
      why: "a kustomization may add b to ConfigMap conf",
    });
    expect(told(container.environment.get("a.conf"))).toBe("A");
    expect(told(container.environment.get("B"))).toEqual({
      why: "a kustomization may add it to ConfigMap conf",
    });
    expect(filesOf(container)).toEqual([
      "/x: unknown a kustomization may add b.conf to ConfigMap conf, read-only",
      "/y/z: unknown a kustomization may add files to ConfigMap conf, read-only",
      "/y/z/a.conf: inline, read-only",
    ]);
    return undefined;
  });

  it("has a ConfigMap with a number in it", async () => {
    expect(await found(configMap("conf", "WORKERS: 3"))).toEqual([
      "container/manifest: WORKERS of ConfigMap conf must be a string, and 3 is a number: the API server refuses the object <- 3",
    ]);
  });

  it.each([
    "resources: {limits: {cpu: '{{ .Values.cpu }}', memory: '${MEMORY}'}}",
    "env: [{name: A, value: '__VALUE__'}, {name: B, value: null}, {name: C}]",
    "resources: null, env: null, args: null, securityContext: {}",
    "resources: {limits: {cpu: 1, memory: 1e9, ephemeral-storage: 1Gi, nvidia.com/gpu: 1}}",
  ])("are none: %s", async (container) => {
    expect(await found(deployment(container))).toEqual([]);
  });
});

describe("whatever it is given", () => {
  it("passes over files that are no YAML, no manifest or not there", async () => {
    const { containers } = await describeManifests({
      "a.yaml": "\u0000\uFEFF: [",
      "b.yaml": "kind: [Deployment]\napiVersion: {a: b}\n",
      "c.yaml": "- 1\n- kind: Pod\n",
      "d.yaml": "",
    });
    expect(containers).toEqual([]);
  });

  it("reads manifests cut off anywhere", async () => {
    const [whole = ""] = Object.values(folder("one-pod"));
    for (let end = 0; end < whole.length; end += 61)
      await describeManifests({ "a.yaml": whole.slice(0, end) });
  });

  it("reads CRLF and a byte order mark", async () => {
    const [whole = ""] = Object.values(folder("one-pod"));
    const { containers, problems } = await describeManifests({
      "a.yaml": `\uFEFF${whole.replaceAll("\n", "\r\n")}`,
    });
    expect(problemTexts(problems)).toEqual([]);
    expect(containers).toHaveLength(3);
  });

  it("never throws, whatever stands at a field", async () => {
    const anything = fc.constantFrom(
      "1",
      "text",
      "{}",
      "[]",
      "[1]",
      "{a: b}",
      "null",
      "'{{ x }}'",
      "[[]]",
      "[{}]",
      "[{name: v}]",
      "true",
    );
    const field = fc.constantFrom(
      "command",
      "args",
      "env",
      "envFrom",
      "image",
      "name",
      "ports",
      "resources",
      "securityContext",
      "volumeMounts",
      "workingDir",
      "restartPolicy",
    );
    const shared = fc.constantFrom(
      "volumes",
      "securityContext",
      "initContainers",
      "hostNetwork",
      "terminationGracePeriodSeconds",
      "resources",
      "enableServiceLinks",
    );
    await fc.assert(
      fc.asyncProperty(field, anything, shared, anything, async (own, value, ofPod, other) => {
        await describeManifests({ "a.yaml": deployment(`${own}: ${value}`, `${ofPod}: ${other}`) });
      }),
    );
  });

  it("refuses a file of 20 MB and reads the others", async () => {
    const { containers, problems } = await describeManifests({
      "big.yaml": "a: b\n".repeat(4_000_000),
      "web.yaml": deployment("args: []"),
    });
    expect(problems.map(({ rule }) => rule)).toEqual(["container/syntax"]);
    expect(containers).toHaveLength(1);
  });

  it("reads 10,000 documents", async () => {
    const documents = Array.from({ length: 2500 }, (_, index) =>
      [
        `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${index}}, data: {A: b}}`,
        `{apiVersion: v1, kind: Service, metadata: {name: s${index}}, spec: {selector: {app: a${index}}, ports: [{port: 80}]}}`,
        `{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h${index}}}`,
        `{apiVersion: v1, kind: Pod, metadata: {name: p${index}, labels: {app: a${index}}}, spec: {containers: [{name: c, envFrom: [{configMapRef: {name: c${index}}}]}]}}`,
      ].join("\n---\n"),
    );
    const { containers } = await describeManifests({ "a.yaml": documents.join("\n---\n") });
    expect(containers).toHaveLength(2500);
    expect(containers[7]?.hostNames[0]).toBe("s7");
    expect(told(containers[7]?.environment.get("A"))).toBe("b");
  });
});
