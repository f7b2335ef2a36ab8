import type { FileTree } from "../../../files/file-tree.ts";
import { nameOf } from "../../../files/host-path.ts";
import type { ContainerImage } from "../../../model/container.ts";
import { byDefault, unknown, type Value } from "../../../model/value.ts";
import type { Instruction } from "../../../syntax/dockerfile/instruction.ts";
import { type Dockerfile, parseDockerfile } from "../../../syntax/dockerfile/parse-dockerfile.ts";
import { keywords } from "../../../syntax/dockerfile/read-instruction.ts";
import type { Problem } from "../../../syntax/problem.ts";
import { SourceFile } from "../../../text/source-file.ts";
import { fileSpan, type Span } from "../../../text/span.ts";
import { BuildContext } from "./copy-files.ts";
import { filterOf } from "./dockerignore.ts";
import { knownImage, usualFolders } from "./known-images.ts";
import { imageNginxDefaults } from "./nginx-defaults.ts";
import { pulledImage, unknownImage } from "./pulled-image.ts";
import { Stage } from "./stage.ts";
import { applyInstruction, type BuildGround, notPassed } from "./stage-builder.ts";
import { substitute } from "./substitution.ts";

/** What `docker build` is given. */
interface ImageBuild {
  readonly tree: FileTree;
  /** Absolute path in the tree, or a Dockerfile that is written inside another file. */
  readonly dockerfile: string | SourceFile;
  /** Absolute path in the tree. */
  readonly context: string;
  /** `--target`; the last stage without it. */
  readonly target?: Value<string>;
  /** `--build-arg`. */
  readonly args: ReadonlyMap<string, Value<string>>;
}

export interface BuiltImage {
  readonly image: ContainerImage;
  readonly problems: readonly Problem[];
}

/** The image that a Dockerfile makes of a context, as BuildKit would; no RUN is executed. */
export function buildImage(build: ImageBuild): BuiltImage {
  const { tree, dockerfile } = build;
  const file = typeof dockerfile === "string" ? tree.read(dockerfile) : dockerfile;
  if (file === undefined) {
    const path = String(dockerfile).replace(/^\//, "");
    const nowhere = fileSpan(new SourceFile(path, ""));
    return withoutStage(unknownImage(nameOf(path), `${path} is not in the repository`, nowhere), []);
  }
  const parsed = parseDockerfile(file);
  const problems = [...parsed.problems];
  const globals = predefinedArguments();
  const texts = stageTexts(parsed, build.args, globals, problems);
  const target = targetOf(texts, build.target);
  if ("why" in target)
    return withoutStage(unknownImage(nameOf(file.path), target.why, target.at ?? fileSpan(file)), problems);

  const path = typeof dockerfile === "string" ? dockerfile : undefined;
  const context = new BuildContext(tree, build.context, filterOf(tree, build.context, path));
  const needed = neededStages(texts, target.index);
  if (needed.size > mostStages)
    return withoutStage(
      unknownImage(nameOf(file.path), `more than ${mostStages} stages stand on each other`, fileSpan(file)),
      problems,
    );
  const stages = new Map<number, Stage>();
  const ground: Omit<BuildGround, "stageNamed"> = {
    tree,
    context,
    escapeToken: parsed.escapeToken,
    args: build.args,
    globals,
    problems,
  };
  for (const [index, text] of texts.entries()) {
    if (!needed.has(index)) continue;
    const stage = beginStage(text, stages);
    stages.set(index, stage);
    const stageNamed = (name: string): Stage | undefined => {
      const found = stageIndex(texts, name, texts.length);
      return found === undefined ? undefined : stages.get(found);
    };
    const from = text.from === undefined ? undefined : stages.get(text.from);
    for (const instruction of [...(from?.triggers ?? []), ...text.instructions])
      applyInstruction(stage, instruction, { ...ground, stageNamed });
  }
  const stage = stages.get(target.index);
  if (stage === undefined)
    return withoutStage(unknownImage(nameOf(file.path), "no stage", fileSpan(file)), problems);
  return {
    image: {
      name: nameOf(file.path),
      at: stage.at,
      base: stage.base,
      entrypoint: stage.entrypoint,
      command: stage.command,
      environment: stage.environment(),
      workingDirectory: stage.workingDirectory,
      user: stage.user,
      files: stage.files,
      nginx: imageNginxDefaults(stage.base, [...stage.packages]),
      pins: stage.pins,
      runs: stage.runs,
    },
    problems,
  };
}

/** A build with more is nothing that a person wrote. */
const mostStages = 200;

function withoutStage(image: ContainerImage, problems: readonly Problem[]): BuiltImage {
  return { image, problems };
}

/** A FROM with the instructions behind it. */
interface StageText {
  readonly at: Span;
  /** The image or stage that it stands on, with variables put in. */
  readonly image: Value<string>;
  readonly imageAt: Span;
  /** Index of the stage that it stands on. */
  readonly from: number | undefined;
  /** In lower case. */
  readonly name: string | undefined;
  readonly instructions: Instruction[];
}

/** ARGs that BuildKit sets itself from where it builds (defaultArgs of dockerfile2llb/platform.go). */
function predefinedArguments(): Map<string, Value<string | undefined>> {
  const names = ["PLATFORM", "OS", "OSVERSION", "ARCH", "VARIANT"].flatMap((name) => [
    `BUILD${name}`,
    `TARGET${name}`,
  ]);
  return new Map(
    [...names, "TARGETSTAGE"].map((name) => [
      name,
      unknown(name, `${name} depends on the platform that is built for`),
    ]),
  );
}

/** The stages in order; fills in the global ARGs on the way. */
function stageTexts(
  { instructions, escapeToken }: Dockerfile,
  args: ImageBuild["args"],
  globals: Map<string, Value<string | undefined>>,
  problems: Problem[],
): StageText[] {
  const texts: StageText[] = [];
  const byName = new Map<string, number>();
  const variables = { get: (name: string) => globals.get(name) ?? unset(name) };
  for (const instruction of instructions) {
    const { keyword, arguments: given, keywordAt } = instruction;
    if (keyword === "FROM") {
      const [image, , name] = given.kind === "words" ? given.words : [];
      if (image === undefined) continue;
      const put = substitute("FROM", image, escapeToken, variables);
      if (put.error !== undefined)
        problems.push({
          rule: "container/syntax",
          message: `The build stops at this FROM: ${put.error}`,
          at: image.at,
        });
      // Without the argument the build stops; somebody passes it.
      const blank = put.value.known && put.value.value === "";
      const value = blank
        ? unknown<string>("FROM", `${image.text} names no image`, { at: image.at })
        : put.value;
      texts.push({
        at: instruction.at,
        image: value,
        imageAt: image.at,
        from: value.known ? byName.get(value.value) : undefined,
        name: name?.text.toLowerCase(),
        instructions: [],
      });
      if (name !== undefined) byName.set(name.text.toLowerCase(), texts.length - 1);
      continue;
    }
    const stage = texts.at(-1);
    if (stage !== undefined) stage.instructions.push(instruction);
    else if (keyword !== "ARG" && keywords.includes(keyword))
      problems.push({
        rule: "container/syntax",
        message: `${keyword} stands before the first FROM; only ARG may`,
        at: keywordAt,
      });
    else if (given.kind === "named")
      for (const { name, value } of given.values) {
        const passed = args.get(name.text);
        if (passed !== undefined) globals.set(name.text, passed);
        else if (value !== undefined)
          globals.set(name.text, substitute(name.text, value, escapeToken, variables).value);
        else globals.set(name.text, notPassed(name.text, name.at));
      }
  }
  return texts;
}

function unset(name: string): Value<string | undefined> {
  return byDefault(name, undefined, {
    program: "docker build",
    versions: "all",
    source: "buildMetaArgs in dockerfile2llb/convert.go of BuildKit",
  });
}

/** The stage of a name, or of a number counted from 0, among the first ones. */
function stageIndex(texts: readonly StageText[], name: string, before: number): number | undefined {
  if (/^\d+$/.test(name)) return Number(name) < before ? Number(name) : undefined;
  const lower = name.toLowerCase();
  const found = texts.findLastIndex((text, index) => index < before && text.name === lower);
  return found === -1 ? undefined : found;
}

function targetOf(
  texts: readonly StageText[],
  target: Value<string> | undefined,
): { index: number } | { why: string; at?: Span } {
  if (texts.length === 0) return { why: "the Dockerfile has no FROM" };
  if (target === undefined) return { index: texts.length - 1 };
  const at = target.origin.at;
  if (!target.known) return { why: target.origin.why, ...(at === undefined ? {} : { at }) };
  if (target.value === "") return { index: texts.length - 1 };
  const index = stageIndex(texts, target.value, texts.length);
  if (index === undefined)
    return { why: `the Dockerfile has no stage ${target.value}`, ...(at === undefined ? {} : { at }) };
  return { index };
}

/** The stages that one stands on or copies from, itself among them. */
function neededStages(texts: readonly StageText[], target: number): Set<number> {
  const needed = new Set([target]);
  for (let index = target; index >= 0; index--) {
    const text = texts[index];
    if (text === undefined || !needed.has(index)) continue;
    if (text.from !== undefined) needed.add(text.from);
    for (const { inner, flags } of text.instructions)
      for (const flag of [...flags, ...(inner?.flags ?? [])]) {
        if (flag.name !== "from" || flag.value === undefined) continue;
        const other = stageIndex(texts, flag.value, index);
        if (other !== undefined) needed.add(other);
      }
  }
  return needed;
}

function beginStage(text: StageText, stages: ReadonlyMap<number, Stage>): Stage {
  const below = text.from === undefined ? undefined : stages.get(text.from);
  if (below !== undefined) return new Stage(text.at, below.base, { stage: below });
  const pulled = pulledImage(text.image, text.imageAt);
  const known = pulled.base.known ? knownImage(pulled.base.value) : undefined;
  const scratch = pulled.base.known && pulled.base.value.repository === "scratch";
  return new Stage(text.at, pulled.base, {
    pulled: pulled.environment,
    entrypoint: pulled.entrypoint,
    command: pulled.command,
    workingDirectory: pulled.workingDirectory,
    user: pulled.user,
    folders: scratch ? [] : [...usualFolders, ...(known?.folders ?? [])],
  });
}
