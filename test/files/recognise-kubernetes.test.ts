import { describe, expect, it } from "vitest";
import { mayBeManifest, recogniseManifest } from "../../src/files/recognise/kubernetes.ts";

const deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n";

describe("manifests of Kubernetes", () => {
  it.each([
    ["deploy/k8s/web.yaml", true],
    ["web.yml", true],
    ["web.yaml.j2", true],
    ["web.json", true],
    ["kustomization.yaml", false],
    ["charts/web/Chart.yaml", false],
    ["charts/web/values.yaml", false],
    ["values-prod.yml", false],
    ["nginx.conf", false],
  ])("%s may be one: %s", (path, may) => {
    expect(mayBeManifest(path)).toBe(may);
  });

  it.each([
    ["a Deployment", deployment],
    ["Windows lines and a byte order mark", `\uFEFF${deployment.replaceAll("\n", "\r\n")}`],
    ["quotes and comments", "kind: \"Service\" # in front\napiVersion: 'v1'\n"],
    ["the second document", `# nothing\n---\na: b\n---\n${deployment}`],
    ["a List", "apiVersion: v1\nkind: List\nitems: []\n"],
    ["a template of another program", `${deployment}spec: {replicas: {{ replicas }}}\n`],
  ])("%s", (_, text) => {
    expect(recogniseManifest("web.yaml", text)).toEqual({ program: "kubernetes" });
  });

  it("JSON", () => {
    const text = '{\n  "apiVersion": "v1",\n  "kind": "Pod"\n}\n';
    expect(recogniseManifest("pod.json", text)).toEqual({ program: "kubernetes" });
    expect(recogniseManifest("package.json", '{"name": "x", "kind": "Pod"}')).toBeUndefined();
  });

  it.each([
    ["Helm's values", `${deployment}spec:\n  replicas: {{ .Values.replicas }}\n`],
    ["Helm's functions", `{{- if .Values.web }}\n${deployment}{{- end }}\n`],
    ["Helm's includes", `${deployment}  labels: {{ include "web.labels" . | nindent 4 }}\n`],
  ])("%s make it a template", (_, text) => {
    expect(recogniseManifest("web.yaml", text)).toEqual({ not: "it is a Helm template" });
  });

  it.each([
    ["a kustomization", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"],
    ["a Service of Knative", "apiVersion: serving.knative.dev/v1\nkind: Service\n"],
    [
      "an autoscaler of KEDA",
      "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n",
    ],
    ["a kind that says nothing about servers", "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n"],
    ["fields of two documents", "apiVersion: v1\n---\nkind: Pod\n"],
    ["a compose file", "services:\n  web:\n    image: nginx\n"],
    ["nothing", ""],
  ])("%s is none", (_, text) => {
    expect(recogniseManifest("web.yaml", text)).toBeUndefined();
  });

  it("looks at a file of 50 MB only at its beginning", () => {
    expect(recogniseManifest("web.yaml", `${deployment}${"x: y\n".repeat(10_000_000)}`)).toEqual({
      program: "kubernetes",
    });
  });
});
