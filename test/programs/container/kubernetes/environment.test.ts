import { describe, expect, it } from "vitest";
import { configMap, deployment, describeManifests, told, wordsOf } from "./described.ts";

const settings = configMap("settings", 'WORKERS: "4", LEVEL: info');
const others = configMap("others", 'WORKERS: "8"');

async function variable(
  name: string,
  container: string,
  more: readonly string[] = [],
  pod = "",
): Promise<unknown> {
  const { containers } = await describeManifests({
    "web.yaml": [deployment(container, pod), ...more].join("---\n"),
  });
  return told(containers[0]?.environment.get(name));
}

// kubernetes pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables.
describe("where a variable comes from", () => {
  it("is what env says", async () => {
    expect(await variable("WORKERS", 'env: [{name: WORKERS, value: "3"}]')).toBe("3");
  });

  it("is the later one of two", async () => {
    expect(await variable("A", 'env: [{name: A, value: "1"}, {name: A, value: "2"}]')).toBe("2");
  });

  it("is a key of a ConfigMap", async () => {
    const from = "env: [{name: W, valueFrom: {configMapKeyRef: {name: settings, key: WORKERS}}}]";
    expect(await variable("W", from, [settings])).toBe("4");
  });

  it("is every key of a ConfigMap with a prefix", async () => {
    const from = "envFrom: [{prefix: APP_, configMapRef: {name: settings}}]";
    expect(await variable("APP_WORKERS", from, [settings])).toBe("4");
    expect(await variable("WORKERS", from, [settings])).toBeUndefined();
  });

  it("is that of the later envFrom", async () => {
    const from = "envFrom: [{configMapRef: {name: settings}}, {configMapRef: {name: others}}]";
    expect(await variable("WORKERS", from, [settings, others])).toBe("8");
    expect(await variable("LEVEL", from, [settings, others])).toBe("info");
  });

  it("is that of env, whatever envFrom says", async () => {
    const from = 'env: [{name: WORKERS, value: "2"}], envFrom: [{configMapRef: {name: settings}}]';
    const { containers } = await describeManifests({ "web.yaml": `${deployment(from)}---\n${settings}` });
    const value = containers[0]?.environment.get("WORKERS");
    expect(told(value)).toBe("2");
    expect(value?.origin.kind === "written" && value.origin.overrode.map(told)).toEqual(["4"]);
  });

  it("is unknown behind a Secret that may hold it, and known above it", async () => {
    const from =
      'env: [{name: OWN, value: "1"}], envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: keys}}]';
    expect(await variable("WORKERS", from, [settings])).toEqual({ why: "Secret keys may set it" });
    expect(await variable("OWN", from, [settings])).toBe("1");
  });

  it("is known behind a Secret that is here and does not hold it", async () => {
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData: {PASSWORD: x}\n";
    const from = "envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: keys}}]";
    expect(await variable("WORKERS", from, [settings, secret])).toBe("4");
    expect(await variable("PASSWORD", from, [settings, secret])).toEqual({ why: "Secret keys sets it" });
  });

  it("is known behind a ConfigMap of the cluster with another prefix", async () => {
    const from =
      "envFrom: [{configMapRef: {name: settings}}, {prefix: DB_, configMapRef: {name: elsewhere}}]";
    expect(await variable("WORKERS", from, [settings])).toBe("4");
    expect(await variable("DB_HOST", from, [settings])).toEqual({
      why: "ConfigMap elsewhere is not in these files",
    });
  });

  it("is that of the image where the pod sets none", async () => {
    expect(await variable("WEB_CONCURRENCY", "args: []")).toBe("9");
    expect(await variable("WEB_CONCURRENCY", "envFrom: [{secretRef: {name: keys}}]")).toEqual({
      why: "Secret keys may set it",
    });
  });

  it("is certainly unset where nothing sets it", async () => {
    expect(await variable("NOTHING", "args: []")).toBeUndefined();
  });

  it("is not known from a secret, a field of the pod or a template", async () => {
    const env =
      "env: [{name: S, valueFrom: {secretKeyRef: {name: keys, key: a}}}, {name: F, valueFrom: {fieldRef: {fieldPath: status.podIP}}}, {name: T, value: '${WORKERS}'}]";
    expect(await variable("S", env)).toEqual({ why: "Secret keys sets it" });
    expect(await variable("F", env)).toEqual({ why: "status.podIP of the pod sets it" });
    expect(await variable("T", env)).toEqual({ why: "a template fills in ${WORKERS}" });
  });

  it("stays that of envFrom where an optional key is not there", async () => {
    const from =
      "envFrom: [{configMapRef: {name: settings}}], env: [{name: WORKERS, valueFrom: {configMapKeyRef: {name: others, key: NONE, optional: true}}}]";
    expect(await variable("WORKERS", from, [settings, others])).toBe("4");
  });

  it("is not known when two ConfigMaps have the name", async () => {
    const from = "envFrom: [{configMapRef: {name: settings}}]";
    expect(await variable("WORKERS", from, [settings, settings])).toEqual({
      why: "these files hold 2 ConfigMaps settings, and it is not known which one is applied",
    });
  });

  it("is unknown where a Service that is here gives it its address", async () => {
    const service = "apiVersion: v1\nkind: Service\nmetadata: {name: my-app}\nspec: {ports: [{port: 80}]}\n";
    const why = { why: "Kubernetes sets it for Service my-app" };
    expect(await variable("MY_APP_PORT", "args: []", [service])).toEqual(why);
    expect(await variable("MY_APP_SERVICE_PORT_HTTP", "args: []", [service])).toEqual(why);
    expect(await variable("MY_APP_PORTS", "args: []", [service])).toBeUndefined();
    expect(await variable("MY_APP_PORT", "args: []", [service], "enableServiceLinks: false")).toBeUndefined();
    expect(await variable("MY_APP_PORT", 'env: [{name: MY_APP_PORT, value: "1"}]', [service])).toBe("1");
    const headless = service.replace("{ports", "{clusterIP: None, ports");
    expect(await variable("MY_APP_PORT", "args: []", [headless])).toBeUndefined();
  });
});

describe("resourceFieldRef", () => {
  const limits =
    "resources: {limits: {cpu: 1500m, memory: 500Mi}}, env: [{name: V, valueFrom: {resourceFieldRef: ";
  // kubernetes pkg/api/v1/resource/helpers.go, convertResourceCPUToString.
  it.each([
    ["{resource: limits.cpu}", "2"],
    ["{resource: limits.cpu, divisor: 1m}", "1500"],
    ['{resource: limits.cpu, divisor: "0"}', "2"],
    ["{resource: limits.memory}", "524288000"],
    ["{resource: limits.memory, divisor: 1Mi}", "500"],
    ["{resource: limits.memory, divisor: 1Gi}", "1"],
    ["{resource: requests.cpu}", "2"],
    ["{resource: limits.cpu, containerName: app}", "2"],
  ])("%s is %s", async (reference, value) => {
    expect(await variable("V", `${limits}${reference}}}]`)).toBe(value);
  });

  it("is what the node has where no limit is written", async () => {
    expect(
      await variable("V", "env: [{name: V, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}]"),
    ).toEqual({ why: "no limits.cpu is written, so the node decides" });
  });
});

describe("the command line", () => {
  const line = async (container: string): Promise<unknown> => {
    const { containers } = await describeManifests({ "web.yaml": deployment(container) });
    return containers[0] && wordsOf(containers[0]);
  };

  it.each([
    ["", ["python", "app.py"]],
    ["command: [gunicorn]", ["gunicorn"]],
    ["args: [-m, gunicorn]", ["python", "-m", "gunicorn"]],
    ["command: [gunicorn], args: [app]", ["gunicorn", "app"]],
    ["command: [], args: []", ["python", "app.py"]],
    ["command: null, args: [x]", ["python", "x"]],
    ['command: [gunicorn, "-w$(COUNT)"], env: [{name: COUNT, value: "3"}]', ["gunicorn", "-w3"]],
    ['command: [gunicorn, "-w$(NONE)"]', ["gunicorn", "-w$(NONE)"]],
    // Only variables of the pod are replaced, not those of the image.
    ['command: [gunicorn, "-w$(WEB_CONCURRENCY)"]', ["gunicorn", "-w$(WEB_CONCURRENCY)"]],
    [
      'command: [sh, -c, "gunicorn -w ${COUNT:-3} $$(nproc)"]',
      ["sh", "-c", "gunicorn -w ${COUNT:-3} $(nproc)"],
    ],
  ])("%s", async (container, words) => {
    expect(await line(container)).toEqual(words);
  });

  it("knows the other words where one is not known", async () => {
    expect(
      await line(
        'command: [gunicorn, "-w$(COUNT)"], env: [{name: COUNT, valueFrom: {secretKeyRef: {name: s, key: k}}}]',
      ),
    ).toEqual(["gunicorn", { why: "Secret s sets it" }]);
  });

  it("replaces only what stands before it in env, and never in circles", async () => {
    const env = `env: [{name: A, value: "$(B)"}, {name: B, value: "$(A)$(B)"}, {name: C, value: "$(B)"}]`;
    expect(await variable("A", env)).toBe("$(B)");
    expect(await variable("B", env)).toBe("$(B)$(B)");
    expect(await variable("C", env)).toBe("$(B)$(B)");
  });
});
