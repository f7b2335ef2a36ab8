import { memoryTree } from "../../../../src/files/memory-tree.ts";
import type { Container, ContainerImage } from "../../../../src/model/container.ts";
import { byDefault, unknown, type Value } from "../../../../src/model/value.ts";
import { kubernetesContainers } from "../../../../src/programs/container/kubernetes/kubernetes-containers.ts";
import { loadManifests } from "../../../../src/programs/container/kubernetes/load-manifests.ts";
import type { Problem } from "../../../../src/syntax/problem.ts";
import { spanText } from "../../../../src/text/span.ts";

/** An image that brings ENTRYPOINT python, CMD app.py and WEB_CONCURRENCY 9. */
export function pythonImage(name: Value<string>): ContainerImage {
  const from = { program: "the image", versions: "all", source: "test" };
  const words = (texts: readonly string[]) =>
    texts.map((text) => ({ at: here, text: byDefault(text, text, from) }));
  const here = { file: anywhere, start: 0, end: 0 };
  return {
    name: name.known ? name.value : "unknown",
    at: undefined,
    base: unknown("base", "a test"),
    entrypoint: byDefault("ENTRYPOINT", words(["python"]), from),
    command: byDefault("CMD", words(["app.py"]), from),
    environment: {
      get: (variable) =>
        variable === "WEB_CONCURRENCY"
          ? byDefault<string | undefined>(variable, "9", from)
          : byDefault<string | undefined>(variable, undefined, from),
      names: () => ["WEB_CONCURRENCY"],
    },
    workingDirectory: byDefault("WORKDIR", "/app", from),
    user: byDefault("USER", "", from),
    files: [],
    nginx: undefined,
    pins: [],
    runs: [],
  };
}

const anywhere = memoryFile();

function memoryFile() {
  const file = memoryTree({ "image.txt": "" }).read("/image.txt");
  if (file === undefined) throw new Error("no file");
  return file;
}

export interface Described {
  readonly containers: readonly Container[];
  readonly problems: readonly Problem[];
}

export async function describeManifests(files: Readonly<Record<string, string>>): Promise<Described> {
  const { workloads, problems } = await loadManifests(
    memoryTree(files),
    Object.keys(files).map((path) => `/${path}`),
  );
  return { containers: workloads.flatMap((each) => kubernetesContainers(each, pythonImage)), problems };
}

/** A known value itself, or why it is not known. */
export function told<T>(value: Value<T> | undefined): T | { why: string } | undefined {
  if (value === undefined) return undefined;
  return value.known ? value.value : { why: value.origin.why };
}

/** A command line with its unknown words as reasons. */
export function wordsOf({ arguments: line }: Container): unknown {
  return line.known ? line.value.map(({ text }) => told(text)) : told(line);
}

/** Problems as `message <- marked text`. */
export function problemTexts(problems: readonly Problem[]): string[] {
  return problems.map(({ rule, message, at }) => `${rule}: ${message} <- ${spanText(at)}`);
}

/** A Deployment with one container; its fields are YAML in flow style. */
export function deployment(container: string, pod = ""): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      ${pod}
      containers:
        - {name: app, image: app, ${container}}
`;
}

export function configMap(name: string, data: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {${data}}\n`;
}
