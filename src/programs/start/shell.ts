import type {
  AndOr,
  Assignment,
  Command,
  CommandNode,
  CompoundList,
  Pipeline,
  Redirection,
  Script,
  Statement,
  Word,
} from "unbash";
import type { ProcessEnvironment } from "../../model/command.ts";
import type { Value } from "../../model/value.ts";
import type { Span } from "../../text/span.ts";
import { runArithmetic } from "./shell-arithmetic-command.ts";
import { assign } from "./shell-assignment.ts";
import { runCase, runIf } from "./shell-branches.ts";
import type { ShellBudget } from "./shell-budget.ts";
import { runBuiltin } from "./shell-builtins.ts";
import { callFunction } from "./shell-calls.ts";
import type { ShellContext } from "./shell-context.ts";
import { ShellFrames } from "./shell-flow.ts";
import { runAnyTimes, runFor, runWhile } from "./shell-loops.ts";
import { cpusText } from "./shell-printing.ts";
import { type ShellSource, sourceAt } from "./shell-source.ts";
import {
  isPrinted,
  type ShellField,
  type ShellState,
  type ShellStatus,
  type ShellText,
} from "./shell-state.ts";
import { conditionAnswer } from "./shell-test.ts";
import { concatenated, openText } from "./shell-text.ts";
import { expandWords } from "./shell-words.ts";
import type { Starter } from "./starter.ts";

/**
 * A shell that follows a script without running it: what every variable holds, which commands certainly run.
 * Where a condition is open it goes both ways and joins them.
 */
export class Shell implements ShellContext {
  state: ShellState;
  source: ShellSource;
  readonly zero: Value<string>;
  readonly starter: Starter;
  readonly frames = new ShellFrames();
  /** Names that `local` made, of each function that runs. */
  readonly locals: Set<string>[] = [];
  /** Inside of a condition, where `set -e` does not end the script. */
  #exempt = 0;

  constructor(starter: Starter, source: ShellSource, state: ShellState, zero: Value<string>) {
    this.starter = starter;
    this.source = source;
    this.state = state;
    this.zero = zero;
  }

  get budget(): ShellBudget {
    return this.starter.budget;
  }

  stop(): void {
    this.state.flow = "exit";
  }

  within<T>(source: ShellSource, run: () => T): T {
    const before = this.source;
    this.source = source;
    try {
      return run();
    } finally {
      this.source = before;
    }
  }

  run(script: Script): ShellStatus {
    return this.#statements(script.commands);
  }

  printedBy(script: Script, at: Span): ShellText {
    const source = script.source === undefined ? this.source : sourceAt(at, script.source);
    const text = source.text.slice(script.pos, script.end).trim();
    const label = text.length > 60 ? `${text.slice(0, 59)}…` : text;
    const before = this.state;
    const inside = this.copied(before);
    inside.output = [];
    this.state = inside;
    this.within(source, () => this.frames.inside("subshell", () => this.run(script)));
    const output = this.state.output ?? [];
    this.state = before;
    if (!isPrinted(output)) return openText(label, output.why, at);
    const pieces = [...output];
    for (let last = pieces.at(-1); typeof last === "string"; last = pieces.at(-1)) {
      const kept = last.replace(/\n+$/, "");
      pieces.pop();
      if (kept === "") continue;
      pieces.push(kept);
      break;
    }
    const [only] = pieces;
    const value =
      pieces.length === 1 && only !== undefined && typeof only !== "string"
        ? only
        : concatenated(label, `$(${label})`, pieces, at);
    return { value, unset: [] };
  }

  /** Adds to what a command substitution prints. */
  print(pieces: readonly (string | Value<string>)[]): void {
    const { output } = this.state;
    if (output !== undefined && isPrinted(output)) this.state.output = [...output, ...pieces];
  }

  /** What is printed from here is not known. */
  printsUnknown(why: string): void {
    if (this.state.output !== undefined) this.state.output = { why };
  }

  copied(state: ShellState): ShellState {
    this.budget.step(1 + Math.floor(state.variables.size / 20));
    return state.copy();
  }

  #statements(statements: readonly Statement[]): ShellStatus {
    let status: ShellStatus = "yes";
    for (const statement of statements) {
      if (this.state.flow !== "run") break;
      status = this.#statement(statement);
    }
    return status;
  }

  list(list: CompoundList): ShellStatus {
    return this.budget.deeper(() => this.#statements(list.commands));
  }

  #statement(statement: Statement): ShellStatus {
    this.budget.step();
    if (statement.background) {
      this.#apart(() => this.#joint(statement.command));
      return "yes";
    }
    return this.#joint(statement.command);
  }

  /** Runs something that changes nothing here: a subshell, a part of a pipe, a command in the background. */
  #apart(run: () => ShellStatus): ShellStatus {
    const before = this.state;
    this.state = this.copied(before);
    let status: ShellStatus = "likely";
    this.frames.inside("subshell", () => {
      status = run();
    });
    if (this.state.flow !== "run") status = this.state.status;
    before.output = this.state.output;
    this.state = before;
    return status;
  }

  #joint(node: Statement["command"]): ShellStatus {
    if (node.type === "AndOr") return this.#andOr(node);
    const status = this.#pipeline(node);
    this.#checkErrexit(status);
    return status;
  }

  #checkErrexit(status: ShellStatus): void {
    if (status === "no" && this.state.options.e && this.#exempt === 0 && this.state.flow === "run") {
      this.state.flow = "exit";
      this.state.status = "no";
    }
  }

  exempted(run: () => ShellStatus): ShellStatus {
    this.#exempt++;
    try {
      return run();
    } finally {
      this.#exempt--;
    }
  }

  #andOr({ commands, operators }: AndOr): ShellStatus {
    const [first, ...others] = commands;
    if (first === undefined) return "yes";
    let status = this.exempted(() => this.#pipeline(first));
    others.forEach((command, index) => {
      if (this.state.flow !== "run") return;
      const isLast = index === others.length - 1;
      const right = () => (isLast ? this.#pipeline(command) : this.exempted(() => this.#pipeline(command)));
      const runsOn = operators[index] === "&&" ? "yes" : "no";
      if (status === runsOn || (status === "likely" && runsOn === "yes")) {
        status = right();
        if (isLast) this.#checkErrexit(status);
      } else if (status === "likely") this.branch(0, right);
      else if (status === "unknown") this.branch(0.5, right);
    });
    return status;
  }

  /** Runs something that perhaps runs, with a part of the share. */
  branch(part: number, run: () => void): void {
    const taken = this.copied(this.state);
    const passed = this.state;
    taken.share = passed.share * part;
    passed.share -= taken.share;
    this.state = taken;
    run();
    this.state = this.frames.settled(this.state, passed);
  }

  #pipeline(node: CommandNode | Pipeline): ShellStatus {
    if (node.type !== "Pipeline") return this.#command(node);
    const negations = node.prefixes.filter((each) => each.type === "Negation").length;
    const [first] = node.commands;
    const run = (): ShellStatus => {
      if (node.commands.length === 1 && first !== undefined) return this.#command(first);
      let status: ShellStatus = "likely";
      for (const command of node.commands) status = this.#apart(() => this.#command(command));
      this.#printedByPipe(node);
      return status === "no" ? "unknown" : status;
    };
    if (negations % 2 === 0) return run();
    const status = this.exempted(run);
    if (status === "yes") return "no";
    return status === "no" ? "yes" : "unknown";
  }

  /** Counting the processors of /proc/cpuinfo is the one pipe whose output is known. */
  #printedByPipe(node: Pipeline): void {
    const text = this.source.text.slice(node.pos, node.end);
    if (
      /^cat \/proc\/cpuinfo\s*\|\s*grep\s+(-c\s+\S*processor\S*|\S*processor\S*\s*\|\s*wc\s+-l)$/.test(text)
    ) {
      if (this.state.output !== undefined) this.state.output = [];
      this.print([cpusText(this.starter.cpus)]);
    } else this.printsUnknown(`what ${text.slice(0, 60)} prints is not known`);
  }

  /** What a function or a coprocess runs. */
  body(node: CompoundList | CommandNode): ShellStatus {
    return node.type === "CompoundList" ? this.list(node) : this.#command(node);
  }

  #command(node: CommandNode): ShellStatus {
    this.budget.step();
    switch (node.type) {
      case "Command":
        return this.#simple(node);
      case "Redirected": {
        return this.#redirected(node.redirects, () => this.#command(node.command));
      }
      case "Function":
        this.state.functions.set(node.name.value, { node, source: this.source });
        return "yes";
      case "Coproc":
        this.#apart(() => this.body(node.body));
        return "yes";
      case "BraceGroup":
        return this.list(node.body);
      case "Subshell":
        return this.#apart(() => this.list(node.body));
      case "If":
        return runIf(this, node, 0);
      case "Case":
        return runCase(this, node);
      case "While":
        return runWhile(this, node);
      case "For":
        return runFor(this, node);
      case "ArithmeticFor":
      case "Select":
        return runAnyTimes(this, node.body);
      case "TestCommand":
        return conditionAnswer(this, this.starter.files, node.expression);
      case "ArithmeticCommand":
        return runArithmetic(this, node);
    }
  }

  place(node: { readonly pos: number; readonly end: number }): Span {
    return this.source.place(node.pos, node.end);
  }

  #redirected(redirects: readonly Redirection[], run: () => ShellStatus): ShellStatus {
    const { output } = this.state;
    const status = run();
    const away = redirects.some(
      (each) =>
        each.type === "Redirect" &&
        /^(>|>>|>\||>&|&>|&>>)$/.test(each.operator) &&
        (each.descriptor === undefined ||
          (each.descriptor.type === "FileDescriptor" && each.descriptor.value === 1)),
    );
    if (away) this.state.output = output;
    return status;
  }

  #simple(node: Command): ShellStatus {
    return this.#redirected(node.redirects, () => this.#simpleCommand(node));
  }

  #simpleCommand(node: Command): ShellStatus {
    const assignments = node.prefix.filter((each) => each.type === "Assignment");
    const words = node.suffix.filter((each): each is Word => each.type === "Word");
    const fields = expandWords(this, node.name === undefined ? words : [node.name, ...words]);
    if (this.state.flow !== "run") return "no";
    const [first] = fields;
    if (first === undefined) {
      for (const assignment of assignments) assign(this, assignment);
      return assignments.some(({ text }) => /\$\(|`/.test(text)) ? "likely" : "yes";
    }
    const name = first.text.known ? first.text.value : undefined;
    const defined = name === undefined || name === "exec" ? undefined : this.state.functions.get(name);
    if (defined !== undefined)
      return callFunction(this, defined, fields.slice(1), () => {
        for (const assignment of assignments) {
          this.local(assignment.name);
          assign(this, assignment, true);
        }
      });
    const environment = () => this.#environmentWith(assignments);
    const start = (started: readonly ShellField[]) => this.#start(started, environment(), this.place(node));
    if (name !== undefined) {
      const status = runBuiltin(this, name, fields, node, start);
      if (status !== undefined) return status;
    }
    start(fields);
    this.printsUnknown(`what ${(name ?? "the command").slice(0, 60)} prints is not known`);
    return "likely";
  }

  /** `A=1 B=$A program`: the assignments are made one after the other, for the program alone. */
  #environmentWith(assignments: readonly Assignment[]): ProcessEnvironment {
    if (assignments.length === 0) return this.state.environment();
    const before = new Map(this.state.variables);
    for (const assignment of assignments) assign(this, assignment, true);
    const environment = this.state.environment();
    this.state.variables = before;
    return environment;
  }

  #start(words: readonly ShellField[], environment: ProcessEnvironment, at: Span): void {
    if (this.state.output !== undefined) return;
    const { directory, nofile, share } = this.state;
    const stays = this.budget.deeper(() =>
      this.starter.start({
        words,
        environment,
        workingDirectory: directory,
        nofile,
        copies: undefined,
        share,
        at,
      }),
    );
    if (stays) this.state.share = 0;
  }

  /** `local NAME` of the function that runs. */
  local(name: string): void {
    this.locals.at(-1)?.add(name);
  }
}
