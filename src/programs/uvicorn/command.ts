import type { Argument } from "../../model/command.ts";
import { byDefault, type Known } from "../../model/value.ts";
import { isFastapi, programName } from "../start/command-reader.ts";
import { fastapiCommand } from "../start/fastapi-command.ts";
import { fastapiDevOptions, fastapiRunOptions, type UvicornOption, uvicornOptions } from "./options.ts";

/** A command line that serves with uvicorn. */
export interface UvicornCommand {
  /** As messages name it: `uvicorn`, `fastapi run`. */
  readonly name: string;
  /** The words behind the name. */
  readonly arguments: readonly Argument[];
  /** By flag. */
  readonly options: ReadonlyMap<string, UvicornOption>;
  /** Options that print something, after which it ends. */
  readonly printing: readonly string[];
  /** Whether it looks for an application where none is named. */
  readonly findsApplication: boolean;
  /** Defaults that are not those of uvicorn, by parameter. */
  readonly defaults: ReadonlyMap<string, Known<string | number | boolean>>;
}

/** @param words from `uvicorn` or `fastapi` on */
export function uvicornCommand(words: readonly Argument[]): UvicornCommand {
  const [program] = words;
  const fastapi =
    program !== undefined && isFastapi(programName(program)) ? fastapiCommand(words) : undefined;
  const verb = fastapi && words[fastapi.index];
  if (fastapi === undefined || verb === undefined)
    return {
      name: "uvicorn",
      arguments: words.slice(1),
      options: uvicornOptions,
      printing: ["--help", "--version"],
      findsApplication: false,
      defaults: new Map(),
    };
  const isRun = fastapi.name === "run";
  const ownDefault = <T extends string | number | boolean>(name: string, value: T): [string, Known<T>] => {
    const source = `fastapi_cli/cli.py, fastapi ${fastapi.name}`;
    return [name, byDefault(name, value, { program: "fastapi-cli", versions: "all", source, at: verb.at })];
  };
  return {
    name: `fastapi ${fastapi.name}`,
    arguments: words.slice(fastapi.index + 1),
    options: isRun ? fastapiRunOptions : fastapiDevOptions,
    printing: ["--help", "-h"],
    findsApplication: true,
    defaults: new Map<string, Known<string | number | boolean>>([
      ownDefault("host", isRun ? "0.0.0.0" : "127.0.0.1"),
      ownDefault("port", 8000),
      ownDefault("reload", !isRun),
    ]),
  };
}
