import type { Value } from "../../model/value.ts";
import { spanText } from "../../text/span.ts";
import type { ComposeBuild, ComposeProject, ComposeService } from "./compose/project.ts";

/** Docker takes names of at most 255 characters. */
const longestName = 1000;

/**
 * The name of an image without its tag, as written where a variable stands in the tag: `example/web` of
 * `example/web:${TAG}`. Undefined where the name itself is open.
 */
export function repositoryName(image: Value<string> | undefined): string | undefined {
  if (image === undefined) return undefined;
  const { at } = image.origin;
  const text = image.known ? image.value : at === undefined ? "" : spanText(at).replace(/^["']|["']$/g, "");
  const name = /^([\w./:-]+?)(?:[:@](?![^/]*\/).*)?$/s.exec(text.slice(0, longestName))?.[1];
  return name === undefined || name.endsWith("/") ? undefined : name;
}

/** What the services of a repository build, by the name that they give to it. */
export class BuiltImages {
  readonly #builds = new Map<string, ComposeBuild | "several">();

  constructor(projects: readonly ComposeProject[]) {
    for (const { services } of projects) for (const service of services) this.#add(service);
  }

  #add({ build, image }: ComposeService): void {
    const name = repositoryName(image);
    if (build === undefined || name === undefined) return;
    const before = this.#builds.get(name);
    const isSame = before === undefined || (before !== "several" && sameBuild(before, build));
    this.#builds.set(name, isSame ? (before ?? build) : "several");
  }

  /** What builds the image of a service that only names it; undefined where nothing does, or different builds do. */
  of({ build, image }: ComposeService): ComposeBuild | undefined {
    const name = build === undefined ? repositoryName(image) : undefined;
    const found = name === undefined ? undefined : this.#builds.get(name);
    return found === "several" ? undefined : found;
  }
}

function sameBuild(one: ComposeBuild, other: ComposeBuild): boolean {
  const places = ({ context, dockerfile, inline, target }: ComposeBuild): unknown[] => [
    inline === undefined && context.known && dockerfile.known ? [context.value, dockerfile.value] : {},
    target === undefined ? null : target.known ? target.value : {},
  ];
  return JSON.stringify(places(one)) === JSON.stringify(places(other));
}
