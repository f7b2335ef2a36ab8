import type { FileTree } from "../../../files/file-tree.ts";
import { absolutePath, directoryOf, isWithin } from "../../../files/host-path.ts";
import type { Argument } from "../../../model/command.ts";
import type { ContainerFile, ContainerFileSource } from "../../../model/container.ts";
import { byDefault, derive, unknown, type Value, written } from "../../../model/value.ts";
import { heredocName } from "../../../syntax/dockerfile/heredocs.ts";
import type { DockerfileWord, Heredoc, Instruction } from "../../../syntax/dockerfile/instruction.ts";
import type { Problem } from "../../../syntax/problem.ts";
import type { Span } from "../../../text/span.ts";
import { templateHole } from "../../../text/template-hole.ts";
import { type BuildContext, copyFromStage, type Destination, destinationOf } from "./copy-files.ts";
import { contextFilter } from "./dockerignore.ts";
import { sourceAt } from "./image-path.ts";
import { imageNginxDefaults } from "./nginx-defaults.ts";
import { runEffects } from "./run-effects.ts";
import type { Stage } from "./stage.ts";
import { substitute } from "./substitution.ts";

/** What the instructions of a stage are read with. */
export interface BuildGround {
  readonly tree: FileTree;
  readonly context: BuildContext;
  readonly escapeToken: string;
  /** `--build-arg`. */
  readonly args: ReadonlyMap<string, Value<string>>;
  /** ARGs before the first FROM, and those that BuildKit sets itself. */
  readonly globals: ReadonlyMap<string, Value<string | undefined>>;
  readonly problems: Problem[];
  /** The stage that COPY --from names; undefined where it is an image. */
  stageNamed(name: string): Stage | undefined;
}

/** Applies one instruction to a stage (dispatch in frontend/dockerfile/dockerfile2llb/convert.go of BuildKit). */
export function applyInstruction(stage: Stage, instruction: Instruction, ground: BuildGround): void {
  const given = instruction.arguments;
  switch (instruction.keyword) {
    case "ENV":
      applyEnv(stage, instruction, ground);
      return;
    case "ARG":
      applyArg(stage, instruction, ground);
      return;
    case "WORKDIR":
      if (given.kind === "text")
        applyWorkdir(stage, put("WORKDIR", given.word, stage, ground), given.word.at);
      return;
    case "USER":
      if (given.kind === "text") stage.user = put("USER", given.word, stage, ground);
      return;
    case "SHELL":
      if (given.kind === "exec") stage.shell = given.words.map((word) => execArgument("SHELL", word));
      return;
    case "CMD":
      stage.commandIsOwn = true;
      stage.command = commandLine("CMD", instruction, stage);
      return;
    case "ENTRYPOINT":
      stage.entrypoint = commandLine("ENTRYPOINT", instruction, stage);
      // dispatchEntrypoint of convert.go: without a CMD in the same stage the inherited one is dropped.
      if (!stage.commandIsOwn)
        stage.command = written<undefined>("CMD", undefined, instruction.keywordAt, [stage.command]);
      return;
    case "COPY":
    case "ADD":
      applyCopy(stage, instruction, ground);
      return;
    case "RUN":
      applyRun(stage, instruction);
      return;
    case "ONBUILD":
      if (instruction.inner !== undefined) stage.triggers.push(instruction.inner);
      return;
  }
}

/** A relative path counts from the WORKDIR before (system.NormalizeWorkdir of BuildKit). */
function applyWorkdir(stage: Stage, path: Value<string>, at: Span): void {
  const before = stage.workingDirectory;
  if (path.known && path.value.startsWith("/"))
    stage.workingDirectory =
      path.origin.kind === "written"
        ? written("WORKDIR", absolutePath(path.value), at, before.origin.kind === "written" ? [before] : [])
        : { ...path, value: absolutePath(path.value) };
  else
    stage.workingDirectory = derive(
      "WORKDIR",
      "the path below the WORKDIR before",
      [before, path],
      (folder, relative) => absolutePath(relative, folder),
      at,
    );
  if (stage.workingDirectory.known) stage.folders.add(stage.workingDirectory.value);
}

function put(label: string, word: DockerfileWord, stage: Stage, ground: BuildGround): Value<string> {
  const { value, error } = substitute(label, word, ground.escapeToken, {
    get: (name) => stage.variable(name),
  });
  if (error !== undefined)
    ground.problems.push({
      rule: "container/syntax",
      message: `The build stops at this ${label}: ${error}`,
      at: word.at,
    });
  return value;
}

function applyEnv(stage: Stage, { arguments: given }: Instruction, ground: BuildGround): void {
  if (given.kind !== "named") return;
  // All values of one ENV see the variables as they were before it.
  const values = given.values.map(({ name, value }) => ({
    name,
    key: put("ENV", name, stage, ground),
    value: value === undefined ? undefined : put(name.text, value, stage, ground),
  }));
  for (const { name, key, value } of values)
    if (key.known && value !== undefined) stage.setEnvironment(key.value, value, name.at);
}

function applyArg(stage: Stage, { arguments: given }: Instruction, ground: BuildGround): void {
  if (given.kind !== "named") return;
  for (const { name, value } of given.values) {
    const passed = ground.args.get(name.text);
    if (passed !== undefined) stage.setVariable(name.text, passed);
    else if (value !== undefined) stage.setVariable(name.text, put(name.text, value, stage, ground));
    else stage.setVariable(name.text, ground.globals.get(name.text) ?? notPassed(name.text, name.at));
  }
}

/** An ARG without a default for which the files pass nothing: whoever builds may. */
export function notPassed(name: string, at: Span): Value<string | undefined> {
  return byDefault(name, undefined, {
    program: "docker build",
    versions: "all",
    source: "docker build --build-arg",
    at,
    assuming: `the build passes no ${name}`,
  });
}

function execArgument(label: string, { text, at }: { text: string; at: Span }): Argument {
  // `${X}` is no hole here: a shell or the program reads it.
  const hole = templateHole(text.replaceAll("${", "$("));
  return { at, text: hole === undefined ? written(label, text, at) : unknown(label, hole, { at }) };
}

/** The words of CMD or ENTRYPOINT; undefined for an empty array. */
function commandLine(
  label: "CMD" | "ENTRYPOINT",
  { arguments: given, keywordAt, at }: Instruction,
  stage: Stage,
): Value<readonly Argument[] | undefined> {
  const before = label === "CMD" ? stage.command : stage.entrypoint;
  if (given.kind === "exec")
    return written(
      label,
      given.words.length === 0 ? undefined : given.words.map((word) => execArgument(label, word)),
      at,
      [before],
    );
  const text =
    given.kind === "text"
      ? execArgument(label, given.word)
      : { at: keywordAt, text: written(label, "", keywordAt) };
  return written(label, [...stage.shell, text], at, [before]);
}

function applyCopy(stage: Stage, instruction: Instruction, ground: BuildGround): void {
  const { keyword, arguments: given, flags, at } = instruction;
  if (given.kind !== "exec" && given.kind !== "words") return;
  const target = given.words.at(-1);
  if (target === undefined || given.words.length < 2) return;
  const sources = given.words.slice(0, -1);
  const destination = destinationOf(
    put(keyword, target, stage, ground),
    stage.workingDirectory,
    sources.length > 1,
  );
  if (destination === undefined) return;
  const from = flags.find((flag) => flag.name === "from")?.value;
  const parents = flags.some((flag) => flag.name === "parents" && flag.value !== "false");
  const excluded = contextFilter(
    flags.flatMap((flag) => (flag.name === "exclude" && flag.value !== undefined ? [flag.value] : [])),
  );
  const isFolder = (path: string): boolean => isKnownFolder(stage, path, ground.tree);
  const add = (files: readonly ContainerFile[]): void => {
    for (const file of files) stage.files.push(file);
  };
  for (const source of sources) {
    const name = heredocName(source.text);
    const heredoc = name === undefined ? undefined : instruction.heredocs.find((each) => each.name === name);
    if (heredoc !== undefined) {
      add([inlineFile(heredoc, source.at, destination, stage, isFolder)]);
      continue;
    }
    const written = put(keyword, source, stage, ground);
    const opaque = opaqueReason(keyword, written, from, parents);
    if (opaque !== undefined || !written.known)
      add([{ path: destination.path, source: { kind: "unknown", why: opaque ?? "" }, at, readOnly: false }]);
    else if (from === undefined)
      add(ground.context.copy(written.value, destination, source.at, excluded, isFolder));
    else {
      const other = ground.stageNamed(from);
      if (other === undefined) {
        const why = `${written.value} comes from the image ${from}`;
        add([{ path: destination.path, source: { kind: "unknown", why }, at, readOnly: false }]);
      } else add(copyFromStage(other.files, ground.tree, written.value, destination, source.at, isFolder));
    }
  }
}

/** Why it cannot be said what a source brings; undefined where it can. */
function opaqueReason(
  keyword: string,
  written: Value<string>,
  from: string | undefined,
  parents: boolean,
): string | undefined {
  if (!written.known) return written.origin.why;
  if (parents) return `${keyword} --parents is not followed here`;
  if (keyword !== "ADD" || from !== undefined) return undefined;
  if (/^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/|github\.com\/)|\.git(?:#|$)/.test(written.value))
    return `${written.value} is fetched by the build`;
  if (/\.(?:tar|tar\.\w+|tgz|tbz2?|txz|tzst)$/.test(written.value))
    return `${written.value} is unpacked by the build`;
  return undefined;
}

function inlineFile(
  heredoc: Heredoc,
  at: Span,
  destination: Destination,
  stage: Stage,
  isFolder: (path: string) => boolean,
): ContainerFile {
  const path =
    destination.isFolder || isFolder(destination.path)
      ? absolutePath(heredoc.name, destination.path)
      : destination.path;
  const whole = { text: heredoc.text, at: heredoc.body };
  const text = heredoc.expand
    ? substitute("heredoc", whole, "\\", { get: (name) => stage.variable(name) }, "keep").value
    : written("heredoc", heredoc.text, heredoc.body);
  if (!text.known) return { path, source: { kind: "unknown", why: text.origin.why }, at, readOnly: false };
  const same = text.value.split("\n").length === heredoc.text.split("\n").length;
  const file = { text: text.value, at: heredoc.body, lineStarts: same ? heredoc.lineStarts : undefined };
  return { path, source: { kind: "inline", file }, at, readOnly: false };
}

/** Whether a folder stands at a path: the image has it, something was put below it, a folder was copied there. */
function isKnownFolder(stage: Stage, path: string, tree: FileTree): boolean {
  if (stage.folders.has(path)) return true;
  for (let index = stage.files.length - 1; index >= 0; index--) {
    const file = stage.files[index];
    if (file === undefined) continue;
    if (file.path !== path && isWithin(file.path, path) && file.source.kind !== "absent") return true;
  }
  const source = sourceAt(stage.files, path);
  return (
    source?.kind === "folder" || (source?.kind === "repository" && tree.kind(source.path) === "directory")
  );
}

function applyRun(stage: Stage, instruction: Instruction): void {
  const { arguments: given, heredocs, at } = instruction;
  const texts: { text: string; place: (start: number, end: number) => Span }[] = [];
  if (given.kind === "text") {
    const { word, joined } = given;
    const begin = joined.text.length - word.text.length - trailing(joined.text);
    texts.push({ text: word.text, place: (start, end) => joined.span(begin + start, begin + end) });
  } else if (given.kind === "exec")
    texts.push({ text: given.words.map((word) => word.text).join(" "), place: () => at });
  for (const heredoc of heredocs) texts.push({ text: heredoc.text, place: () => heredoc.at });
  for (const { text, place } of texts) {
    stage.runs.push({ at, text });
    const shipped = Object.keys(imageNginxDefaults(stage.base, [...stage.packages])?.files ?? {});
    const brought: ContainerFileSource = { kind: "unknown", why: "brought by the base image" };
    const effects = runEffects(text, {
      workingDirectory: stage.workingDirectory,
      at: (path) => sourceAt(stage.files, path) ?? (shipped.includes(path) ? brought : undefined),
      inFolder: (folder) =>
        [...shipped, ...stage.files.map((file) => file.path)].filter((path) => directoryOf(path) === folder),
      isFolder: (path) => stage.folders.has(path),
    });
    for (const { path, source } of effects.files) stage.files.push({ path, source, at, readOnly: false });
    for (const folder of effects.folders) stage.folders.add(folder);
    for (const name of effects.packages) stage.packages.add(name);
    for (const pin of effects.pins)
      stage.pins.push({ name: pin.name, version: pin.version, at: place(pin.start, pin.end) });
  }
}

function trailing(text: string): number {
  return text.length - text.trimEnd().length;
}
