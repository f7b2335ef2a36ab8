import { nameOf } from "../host-path.ts";
import { installedName } from "./template-suffix.ts";

const kinds =
  "Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Pod|Job|CronJob|ConfigMap|Service|LimitRange|HorizontalPodAutoscaler|List";
const version = /^["']?(?:v1|(?:apps|extensions|batch|autoscaling)\/v\w+)["']?$/;
const kind = new RegExp(`^["']?(?:${kinds})["']?$`);

/** Documents are read by lines up to here; a manifest says what it is long before. */
const mostCharacters = 1_000_000;

/** What a YAML file is for Kubernetes: manifests of kinds that are read, why it is not, or nothing. */
export type ManifestVerdict = { readonly program: "kubernetes" } | { readonly not: string } | undefined;

/** Whether the name makes a look inside worth it. */
export function mayBeManifest(path: string): boolean {
  const name = installedName(nameOf(path));
  return (
    /\.(?:ya?ml|json)$/i.test(name) && !/^(?:kustomization|chart|values(?:[-._].*)?)\.ya?ml$/i.test(name)
  );
}

/**
 * Whether a file holds plain manifests: one of its documents has an `apiVersion:` of the API itself and the `kind:`
 * of a workload or of something that decides about one. A Helm template is not, as nothing in it is certain.
 */
export function recogniseManifest(path: string, text: string): ManifestVerdict {
  if (!mayBeManifest(path)) return undefined;
  if (!text.includes("apiVersion")) return undefined;
  const head = text.length > mostCharacters ? text.slice(0, mostCharacters) : text;
  if (/\.json$/i.test(installedName(nameOf(path)))) return recogniseJson(head);
  const documents = head.replace(/^\uFEFF/, "").split(/^---.*$/m);
  const found = documents.some((document) => {
    const [api, object] = [topLevel(document, "apiVersion"), topLevel(document, "kind")];
    return version.test(api) && kind.test(object);
  });
  if (!found) return undefined;
  if (isHelmTemplate(head)) return { not: "it is a Helm template" };
  return { program: "kubernetes" };
}

/** The first value of a field that stands at the start of a line; empty where there is none. */
function topLevel(document: string, name: "apiVersion" | "kind"): string {
  const line = name === "kind" ? /^kind[ \t]*:(.{0,100})$/m : /^apiVersion[ \t]*:(.{0,100})$/m;
  return (line.exec(document)?.[1] ?? "").replace(/[ \t]#.*$/, "").trim();
}

function recogniseJson(text: string): ManifestVerdict {
  const api = /"apiVersion"[ \t]*:[ \t]*("[^"\n]{1,60}")/.exec(text)?.[1];
  const object = /"kind"[ \t]*:[ \t]*("[^"\n]{1,60}")/.exec(text)?.[1];
  return api !== undefined && object !== undefined && version.test(api) && kind.test(object)
    ? { program: "kubernetes" }
    : undefined;
}

/**
 * `{{` where a manifest would be read by Helm. Inside the quotes of a value or a ConfigMap's text it may as well be
 * another program's, so only what names Helm's own objects or stands at the start of a line or value counts.
 */
function isHelmTemplate(text: string): boolean {
  return /\{\{-?[ \t]*(?:\.(?:Values|Release|Chart|Files|Capabilities|Template)\b|include\b|template\b|tpl\b|toYaml\b|range\b|with\b|if\b|end\b|define\b|\$\w*[. ])/.test(
    text,
  );
}
