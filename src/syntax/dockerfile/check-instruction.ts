import { didYouMean } from "../../text/did-you-mean.ts";
import { type Span, spanText } from "../../text/span.ts";
import { templateHole } from "../../text/template-hole.ts";
import type { Instruction } from "./instruction.ts";
import { keywords } from "./read-instruction.ts";

type Complain = (complaint: { message: string; at: Span }) => void;

/** Flags that an instruction takes in any version of BuildKit (frontend/dockerfile/instructions/parse.go). */
const flags: Readonly<Record<string, readonly string[]>> = {
  ADD: ["chown", "chmod", "link", "keep-git-dir", "checksum", "exclude", "unpack"],
  COPY: ["from", "chown", "chmod", "link", "parents", "exclude"],
  FROM: ["platform"],
  HEALTHCHECK: ["interval", "timeout", "start-period", "start-interval", "retries"],
  RUN: ["mount", "network", "security", "device"],
};

/** What BuildKit refuses in one instruction. */
export function checkInstruction(instruction: Instruction, complain: Complain): void {
  const { keyword, keywordAt } = instruction;
  if (!keywords.includes(keyword)) {
    const written = spanText(keywordAt);
    const shown = written.length > 40 ? `${written.slice(0, 37)}...` : written;
    complain({ message: `${shown} is no instruction${didYouMean(keyword, keywords)}`, at: keywordAt });
    return;
  }
  checkFlags(instruction, complain);
  checkArguments(instruction, complain);
  const { inner } = instruction;
  if (keyword !== "ONBUILD" || inner === undefined) return;
  if (inner.keyword === "ONBUILD" || inner.keyword === "FROM" || inner.keyword === "MAINTAINER")
    complain({ message: `ONBUILD cannot hold ${inner.keyword}`, at: inner.keywordAt });
  else checkInstruction(inner, complain);
}

function checkFlags({ keyword, flags: written }: Instruction, complain: Complain): void {
  const known = flags[keyword] ?? [];
  for (const flag of written)
    if (!known.includes(flag.name))
      complain({
        message: `${keyword} has no flag --${flag.name}${didYouMean(flag.name, known)}`,
        at: flag.at,
      });
}

function checkArguments(instruction: Instruction, complain: Complain): void {
  const { keyword, keywordAt, at, inner } = instruction;
  const { arguments: given } = instruction;
  const count =
    given.kind === "exec" || given.kind === "words" ? given.words.length : given.kind === "none" ? 0 : 1;
  switch (keyword) {
    case "FROM":
      if (given.kind === "words") checkStage(given.words, complain);
      else complain({ message: "FROM names no image", at: keywordAt });
      return;
    case "COPY":
    case "ADD":
      if (count < 2)
        complain({
          message: `${keyword} needs a source and a destination${count === 1 ? "; only one path is written" : ""}`,
          at: count === 0 ? keywordAt : at,
        });
      return;
    case "SHELL":
      if (given.kind !== "exec" || count === 0)
        complain({ message: 'SHELL takes the JSON form only: SHELL ["/bin/sh", "-c"]', at });
      return;
    case "ARG":
    case "ENV":
    case "LABEL":
    case "EXPOSE":
    case "VOLUME":
    case "USER":
    case "WORKDIR":
    case "STOPSIGNAL":
    case "MAINTAINER":
      if (count === 0) complain({ message: `${keyword} needs an argument`, at: keywordAt });
      return;
    case "ONBUILD":
    case "HEALTHCHECK":
      if (inner === undefined) complain({ message: `${keyword} needs an argument`, at: keywordAt });
      else if (keyword === "HEALTHCHECK" && inner.keyword !== "CMD" && inner.keyword !== "NONE")
        complain({
          message: `HEALTHCHECK takes CMD or NONE, not ${inner.keyword}`,
          at: inner.keywordAt,
        });
      return;
  }
}

/** `FROM image` or `FROM image AS name` (parseBuildStageName of BuildKit's instructions/parse.go). */
function checkStage(words: readonly { text: string; at: Span }[], complain: Complain): void {
  const [image, as, name, more] = words;
  if (image === undefined || as === undefined) return;
  if (name === undefined || more !== undefined || as.text.toLowerCase() !== "as") {
    complain({
      message: `FROM takes an image, or an image AS a name; ${as.text} is neither`,
      at: as.at,
    });
    return;
  }
  const lower = name.text.toLowerCase();
  if (!/^[a-z][a-z0-9-_.]*$/.test(lower) && templateHole(name.text) === undefined)
    complain({
      message: `${name.text} is no name for a stage: it begins with a letter and holds letters, digits, - _ .`,
      at: name.at,
    });
  else if (lower === "scratch" || lower === "context")
    complain({ message: `${name.text} cannot be the name of a stage`, at: name.at });
}
