import type { Container, StartedProgram } from "../model/container.ts";
import type { Environment } from "../model/environment.ts";
import type { GunicornProcess, NginxProcess } from "../model/host.ts";
import { ContainerTree } from "../programs/container/container-tree.ts";
import { imageVersion } from "../programs/container/image/image-reference.ts";
import { installedVersion } from "../programs/container/installed-version.ts";
import { interpretNginx } from "../programs/nginx/interpret-nginx.ts";
import { nginxCommand } from "../programs/nginx/nginx-command.ts";
import type { Problem } from "../syntax/problem.ts";
import type { SourceFile } from "../text/source-file.ts";
import { atCommandLine } from "./command-line-places.ts";
import { containerEnvironment } from "./container-environment.ts";
import { inContainer, inRepository } from "./container-nginx.ts";
import { gunicornProcess, limited } from "./gunicorn-process.ts";
import type { HostGround } from "./host-ground.ts";
import { nginxProcess } from "./nginx-process.ts";

interface ContainerProcesses {
  readonly environments: readonly Environment[];
  readonly nginx: readonly NginxProcess[];
  readonly gunicorn: readonly GunicornProcess[];
  readonly problems: readonly Problem[];
}

/** Every nginx, gunicorn and uvicorn that a container of the host starts. */
export async function containerProcesses(ground: HostGround): Promise<ContainerProcesses> {
  const { containers, repository } = ground.discovered;
  const environments: Environment[] = [];
  const nginx: NginxProcess[] = [];
  const gunicorn: GunicornProcess[] = [];
  const problems: Problem[] = [];
  if (repository === undefined) return { environments, nginx, gunicorn, problems };
  const all = containers.map(({ container }) => container);
  for (const { container, programs } of containers) {
    const environment = containerEnvironment(ground, container, all);
    const inside = new ContainerTree(repository, container);
    environments.push(environment);
    for (const program of programs) {
      const started = startedNginx(ground, container, program, inside, environment);
      if (started !== undefined) {
        nginx.push(started.process);
        problems.push(...started.problems);
      } else {
        const made = await gunicornProcess(ground, {
          program,
          place: container.name,
          readConfig: (path) => readInside(inside, path),
          environment,
          service: undefined,
          activatedBy: [],
          container,
          version: ground.facts.gunicorn.known
            ? ground.facts.gunicorn
            : installedVersion(container, inside, "gunicorn"),
        });
        problems.push(...made.problems);
        if (made.process !== undefined) gunicorn.push(made.process);
      }
    }
  }
  return { environments, nginx, gunicorn, problems };
}

function readInside(tree: ContainerTree, path: string): SourceFile | undefined | "unknown" {
  return tree.read(path) ?? (tree.isUnknown(path) ? "unknown" : undefined);
}

function startedNginx(
  ground: HostGround,
  container: Container,
  program: StartedProgram,
  tree: ContainerTree,
  environment: Environment,
): { process: NginxProcess; problems: readonly Problem[] } | undefined {
  const command = nginxCommand(program.words, container.image.nginx?.configuration);
  if (command === undefined || tree.kind(command.configuration) !== "file") return undefined;
  const version = ground.facts.nginx.known ? ground.facts.nginx : imageVersion(container.image.base, "nginx");
  const { configuration, problems } = interpretNginx(tree, command.configuration, version, command.globals);
  const { image } = tree;
  return {
    process: nginxProcess(
      inContainer(configuration, container, image, tree.repositoryPath(command.configuration)),
      limited(environment, program),
      container,
    ),
    problems: atCommandLine(inRepository(problems, container, image), program.words),
  };
}
