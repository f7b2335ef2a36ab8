import { written } from "../../model/value.ts";
import { parseProcfile } from "../../syntax/procfile/parse-procfile.ts";
import type { ReadCommand } from "./command-reader.ts";
import { resolvedPath } from "./directory.ts";
import type { Starter, StartRequest } from "./starter.ts";

/** The commands of the Procfile that `honcho start`, `foreman start` and the like run, each by a shell. */
export function procfileCommands(
  command: ReadCommand,
  request: StartRequest,
  files: Starter["files"],
): StartRequest[] {
  const texts = command.words.map(({ text }) => (text.known ? text.value : undefined));
  const valued = [
    "-f",
    "--procfile",
    "-e",
    "--env",
    "-d",
    "--app-root",
    "-p",
    "--port",
    "-c",
    "--concurrency",
  ];
  let path = "Procfile";
  let verb: string | undefined;
  const names: string[] = [];
  for (let index = 1; index < texts.length; index++) {
    const text = texts[index];
    const attached = /^--procfile=(.*)$/.exec(text ?? "")?.[1];
    if (attached !== undefined) path = attached;
    else if (text !== undefined && valued.includes(text)) {
      const value = texts[++index];
      if (text === "-f" || text === "--procfile") path = value ?? path;
    } else if (text === undefined || text.startsWith("-")) continue;
    else if (verb === undefined) verb = text;
    else names.push(...text.split(","));
  }
  if (verb !== "start" && verb !== undefined) return [];
  const { workingDirectory, environment } = command;
  if (!workingDirectory.known) return [];
  const file = files.read(resolvedPath(workingDirectory.value, path));
  if (file === undefined || file === "unknown") return [];
  return parseProcfile(file)
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map((entry) => ({
      ...request,
      words: ["sh", "-c", entry.command].map((text) => ({
        at: entry.commandAt,
        text: written("argument", text, entry.commandAt),
      })),
      environment,
      workingDirectory,
      at: entry.at,
    }));
}
