import type { ImageReference } from "../../../model/container.ts";
import { Version } from "../../../model/facts.ts";
import { derive, type Known, placeOf, unknown, type Value, written } from "../../../model/value.ts";

/**
 * Takes a reference apart: `registry/path/name:tag@digest`. undefined where the text is none, such as one with
 * capitals or a template hole (distribution/reference, reference.go and normalize.go).
 */
export function parseImageReference(text: string): ImageReference | undefined {
  const [name = "", digest] = splitOnce(text, "@");
  if (
    digest !== undefined &&
    !/^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/.test(digest)
  )
    return undefined;
  const colon = name.lastIndexOf(":");
  const tagged = colon > name.lastIndexOf("/");
  const tag = tagged ? name.slice(colon + 1) : digest === undefined ? "latest" : undefined;
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined;
  const path = tagged ? name.slice(0, colon) : name;
  const slash = path.indexOf("/");
  const first = slash === -1 ? "" : path.slice(0, slash);
  const registry = /[.:]/.test(first) || first === "localhost" ? first : undefined;
  const rest = registry === undefined ? path : path.slice(slash + 1);
  if (!/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/.test(rest))
    return undefined;
  if (registry !== undefined && registry !== "docker.io" && registry !== "index.docker.io")
    return { repository: `${registry}/${rest}`, tag };
  return { repository: rest.replace(/^library\//, ""), tag };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Registries that carry the official images under a path of their own. */
const mirrors = [
  "public.ecr.aws/docker/library/",
  "mirror.gcr.io/library/",
  "registry.hub.docker.com/library/",
];

/** The name under which Docker Hub has the image. */
export function hubName(reference: ImageReference): string {
  const mirror = mirrors.find((each) => reference.repository.startsWith(each));
  return mirror === undefined ? reference.repository : reference.repository.slice(mirror.length);
}

/** Images whose tag begins with the version of the program. */
const taggedBy = {
  nginx: new Set(["nginx", "nginxinc/nginx-unprivileged", "bitnami/nginx", "openresty/openresty"]),
  python: new Set(["python", "bitnami/python", "circleci/python", "cimg/python"]),
} as const;

/** Images whose tag names the version of Python as `python3.11`. */
const namesPython = /^(?:tiangolo\/.+|ghcr\.io\/astral-sh\/uv)$/;

/**
 * The version of a program that an image's tag names. A tag without the patch level (nginx:1.25) moves, so its
 * version is unknown with the first and the last patch as candidates; for Python the minor version is enough.
 */
export function imageVersion(base: Value<ImageReference>, program: keyof typeof taggedBy): Value<Version> {
  const label = `${program} version`;
  if (!base.known) return derive(label, "the version that the image names", [base], () => new Version("0"));
  const at = placeOf(base);
  const text = versionText(base.value, program);
  const image = `${base.value.repository}${base.value.tag === undefined ? "" : `:${base.value.tag}`}`;
  if (text === undefined)
    return unknown(label, `the image ${image} names no version of ${program}`, {
      ...(program === "nginx" ? { fact: "nginx" as const } : {}),
      ...(at === undefined ? {} : { at }),
    });
  const make = (version: string): Known<Version> =>
    at === undefined
      ? { known: true, label, value: new Version(version), origin: base.origin }
      : written(label, new Version(version), at);
  const parts = text.split(".").length;
  if (program === "python" || parts >= 3) return make(text);
  return unknown(label, `the image ${image} names no patch level`, {
    ...(at === undefined ? {} : { at }),
    candidates: [make(`${text}.0`), make(`${text}.99`)],
  });
}

function versionText(reference: ImageReference, program: keyof typeof taggedBy): string | undefined {
  const name = hubName(reference);
  const tag = reference.tag ?? "";
  if (program === "python" && namesPython.test(name)) return /python(\d+\.\d+(?:\.\d+)?)/.exec(tag)?.[1];
  if (!taggedBy[program].has(name)) return undefined;
  return /^v?(\d+\.\d+(?:\.\d+)?)(?:$|[-._])/.exec(tag)?.[1];
}
