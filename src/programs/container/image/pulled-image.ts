import type { Argument } from "../../../model/command.ts";
import type { ContainerImage, ImageReference } from "../../../model/container.ts";
import { byDefault, unknown, type Value } from "../../../model/value.ts";
import type { Span } from "../../../text/span.ts";
import { parseImageReference } from "./image-reference.ts";
import { type KnownImage, knownImage, unknownImageReason } from "./known-images.ts";
import { imageNginxDefaults } from "./nginx-defaults.ts";

/**
 * An image that nobody builds here, with what is documented of it.
 *
 * @param reference as written: `nginx:1.25-alpine`
 * @param at the place that names it
 */
export function pulledImage(reference: Value<string>, at: Span): ContainerImage {
  const name = reference.known ? reference.value : "an image";
  const base = baseOf(reference, at);
  if (!base.known) return imageOf(name, base, base.origin.why, at);
  if (base.value.repository === "scratch") return scratchImage(base, at);
  const known = knownImage(base.value);
  return known === undefined
    ? imageOf(name, base, unknownImageReason(base.value), at)
    : documentedImage(name, base, known, at);
}

/** The reference as a value that stands where the image is named. */
function baseOf(reference: Value<string>, at: Span): Value<ImageReference> {
  if (!reference.known) return unknown("image", reference.origin.why, { at, from: [reference] });
  const parsed = parseImageReference(reference.value);
  if (parsed === undefined) return unknown("image", `${reference.value} is no image reference`, { at });
  return { known: true, label: "image", value: parsed, origin: { ...reference.origin, at } };
}

/** An image of which nothing can be said. */
export function unknownImage(name: string, why: string, at: Span): ContainerImage {
  return imageOf(name, unknown("image", why, { at }), why, at);
}

function imageOf(name: string, base: Value<ImageReference>, why: string, at: Span): ContainerImage {
  const missing = (label: string) => unknown<never>(label, why, { at });
  return {
    name,
    at: undefined,
    base,
    entrypoint: missing("ENTRYPOINT"),
    command: missing("CMD"),
    environment: { get: (variable) => missing(variable), names: () => [] },
    workingDirectory: missing("WORKDIR"),
    user: missing("USER"),
    files: [],
    nginx: imageNginxDefaults(base),
    pins: [],
    runs: [],
  };
}

function scratchImage(base: Value<ImageReference>, at: Span): ContainerImage {
  const scratch: KnownImage = {
    program: "Docker",
    source: "frontend/dockerfile/dockerfile2llb/image.go of BuildKit",
    entrypoint: undefined,
    command: undefined,
    workingDirectory: "/",
    user: "root",
    environment: { PATH: undefined },
    folders: [],
  };
  return documentedImage("scratch", base, scratch, at);
}

function documentedImage(
  name: string,
  base: Value<ImageReference>,
  known: KnownImage,
  at: Span,
): ContainerImage {
  const origin = { program: known.program, versions: "all", source: known.source, at };
  const words = (label: string, texts: readonly string[] | undefined): Value<Argument[] | undefined> =>
    byDefault(
      label,
      texts?.map((text) => ({ at, text: byDefault(label, text, origin) })),
      origin,
    );
  return {
    name,
    at: undefined,
    base,
    entrypoint: words("ENTRYPOINT", known.entrypoint),
    command:
      known.command === "differs"
        ? unknown("CMD", `the shell that ${name} starts differs between its releases`, { at })
        : words("CMD", known.command),
    environment: {
      get(variable) {
        if (!Object.hasOwn(known.environment, variable)) return byDefault(variable, undefined, origin);
        const value = known.environment[variable];
        return value === undefined
          ? unknown(variable, `${known.program} sets ${variable} to what its release has`, { at })
          : byDefault(variable, value, origin);
      },
      names: () => Object.keys(known.environment),
    },
    workingDirectory: byDefault("WORKDIR", known.workingDirectory, origin),
    user: byDefault("USER", known.user, origin),
    files: [],
    nginx: imageNginxDefaults(base),
    pins: [],
    runs: [],
  };
}
