import type { ContainerImage } from "../../../model/container.ts";
import { SourceFile } from "../../../text/source-file.ts";
import { hubName } from "./image-reference.ts";

/** Start scripts of documented images end in the command that they are given. */
const runsItsArguments: Readonly<Record<string, readonly string[]>> = {
  nginx: ["/docker-entrypoint.sh"],
  "nginxinc/nginx-unprivileged": ["/docker-entrypoint.sh"],
  "tiangolo/meinheld-gunicorn": ["/entrypoint.sh"],
  "tiangolo/meinheld-gunicorn-flask": ["/entrypoint.sh"],
};

/** What a script of the image does for the process that it starts; undefined where that is not known here. */
export function knownScript({ base, name }: ContainerImage, path: string): SourceFile | undefined {
  if (!base.known || !runsItsArguments[hubName(base.value)]?.includes(path)) return undefined;
  return new SourceFile(`${name}:${path}`, '#!/bin/sh\nexec "$@"\n');
}
