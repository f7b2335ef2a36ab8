import type { ProcessEnvironment } from "../../model/command.ts";
import type { Cpus, Descriptors } from "../../model/units.ts";
import type { Value } from "../../model/value.ts";
import type { ShellParser } from "../../syntax/shell/parse-shell.ts";
import type { SourceFile } from "../../text/source-file.ts";
import type { Span } from "../../text/span.ts";
import type { ShellBudget } from "./shell-budget.ts";
import type { ShellField } from "./shell-state.ts";

/** A command line, and what it starts with. */
export interface StartRequest {
  readonly words: readonly ShellField[];
  readonly environment: ProcessEnvironment;
  readonly workingDirectory: Value<string>;
  readonly nofile: Value<Descriptors> | undefined;
  readonly copies: Value<number> | undefined;
  /** 1 where it certainly runs. */
  readonly share: number;
  readonly at: Span;
}

/** Follows command lines; shells give it the commands that they run. */
export interface Starter {
  readonly budget: ShellBudget;
  readonly cpus: Value<Cpus>;
  readonly files: { read(path: string): SourceFile | undefined | "unknown" };
  readonly parse: ShellParser;
  /** Whether what was started stays in the foreground, so that what stands behind it waits for its end. */
  start(request: StartRequest): boolean;
}
