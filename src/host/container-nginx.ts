import type { Container } from "../model/container.ts";
import type { NginxConfiguration } from "../model/nginx.ts";
import { type Processes, processes } from "../model/units.ts";
import { byDefault, derive, unknown, type Value } from "../model/value.ts";
import type { ImageFiles } from "../programs/container/image-files.ts";
import type { Problem } from "../syntax/problem.ts";
import type { SourceFile } from "../text/source-file.ts";
import { fileSpan, type Span } from "../text/span.ts";

/**
 * The configuration of an nginx whose main file may be that of its image: what stands there is a default of the
 * image, at the place that names the image, and not a line that somebody could change.
 *
 * @param written path in the repository of the main file; undefined where it is that of the image
 */
export function inContainer(
  configuration: NginxConfiguration,
  container: Container,
  image: ImageFiles | undefined,
  written: string | undefined,
): NginxConfiguration {
  const stated = configuration.workerProcesses;
  const since = image !== undefined && isOfImage(stated, image) ? image.nginx.workersAutoSince : undefined;
  const shipped = <T>(value: Value<T>): Value<T> =>
    image === undefined ? value : ofImage(value, container, image);
  const workerProcesses = tuned(
    since === undefined ? shipped(stated) : eitherRelease(container, since),
    container,
    image,
  );
  if (image === undefined || written !== undefined) return { ...configuration, workerProcesses };
  const { workerConnections, workerRlimitNofile, user, listens, upstreams, proxies } = configuration;
  const firstWritten = [...proxies, ...upstreams, ...listens]
    .map(({ at }) => at)
    .find((at) => !image.has(at.file));
  return {
    ...configuration,
    main: firstWritten === undefined ? container.at : fileSpan(firstWritten.file),
    workerProcesses,
    workerConnections: shipped(workerConnections),
    workerRlimitNofile: workerRlimitNofile && shipped(workerRlimitNofile),
    user: user && shipped(user),
    listens: listens.map((listen) => ({
      ...listen,
      at: placed(listen.at, container, image),
      backlog: shipped(listen.backlog),
    })),
    missingIncludes: configuration.missingIncludes.filter((at) => !image.has(at.file)),
  };
}

/** The problems of files that somebody can change; what the image's own files prove stands where it is named. */
export function inRepository(
  problems: readonly Problem[],
  container: Container,
  image: ImageFiles | undefined,
): readonly Problem[] {
  if (image === undefined) return problems;
  const pathOf = ({ path }: SourceFile): string => path.slice(path.lastIndexOf(":/") + 1);
  return problems
    .filter(({ at }) => !image.has(at.file))
    .map((problem) =>
      problem.because?.some(({ at }) => image.has(at.file)) === true
        ? {
            ...problem,
            because: problem.because.map((each) =>
              image.has(each.at.file)
                ? {
                    message: `${each.message}: ${pathOf(each.at.file)} of the ${image.nginx.program}`,
                    at: container.at,
                  }
                : each,
            ),
          }
        : problem,
    );
}

function placed(at: Span, container: Container, image: ImageFiles): Span {
  return image.has(at.file) ? container.at : at;
}

function isOfImage(value: Value<unknown>, image: ImageFiles): boolean {
  const { at } = value.origin;
  return at !== undefined && image.has(at.file);
}

/** The packages of nginx.org said 1 before a release, and say auto since. */
function eitherRelease(container: Container, since: string): Value<"auto" | Processes> {
  const label = "worker_processes";
  const { name } = container.image;
  return unknown<"auto" | Processes>(label, `the tag of ${name} does not say which release of nginx it is`, {
    at: container.at,
    candidates: [
      byDefault<"auto" | Processes>(label, processes(1), { ...release, versions: `before ${since}` }),
      byDefault<"auto" | Processes>(label, "auto", { ...release, versions: `since ${since}` }),
    ],
  });
}

const release = { program: "nginx image", source: "nginx.conf of the nginx.org packages" };

function ofImage<T>(value: Value<T>, container: Container, image: ImageFiles): Value<T> {
  if (!value.known || !isOfImage(value, image)) return value;
  return byDefault(value.label, value.value, {
    program: image.nginx.program,
    versions: "as documented",
    source: image.nginx.source,
    at: container.at,
  });
}

/**
 * The entry point of the nginx image writes the CPUs of the quota into worker_processes when a variable asks for it
 * (docker-entrypoint.d/30-tune-worker-processes.sh); it cannot where the file is mounted read-only.
 */
function tuned(
  workers: Value<"auto" | Processes>,
  container: Container,
  image: ImageFiles | undefined,
): Value<"auto" | Processes> {
  const autotune = image?.nginx.autotune;
  if (autotune === undefined || image?.templates === undefined) return workers;
  const variable = container.environment.get(autotune);
  if (!variable.known || variable.value === undefined || variable.value === "") return workers;
  const main = image.nginx.configuration;
  const mount = container.files.findLast((file) => main === file.path || main.startsWith(`${file.path}/`));
  if (mount?.readOnly === true) return workers;
  return derive(
    "worker_processes",
    `${autotune} is set: the CPUs of the quota, rounded up`,
    [workers, container.cpuQuota],
    (setting, quota) => (Number.isFinite(quota) ? processes(Math.ceil(quota)) : setting),
  );
}
