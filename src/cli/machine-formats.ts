import type { LintResult } from "../lint/lint-result.ts";
import { checkstyle } from "../report/checkstyle.ts";
import { compact } from "../report/compact.ts";
import { github } from "../report/github.ts";
import { gitlab } from "../report/gitlab.ts";
import { json } from "../report/json.ts";
import { jsonl } from "../report/jsonl.ts";
import { junit } from "../report/junit.ts";
import { markdown } from "../report/markdown.ts";
import { rdjson } from "../report/rdjson.ts";
import { sarif } from "../report/sarif.ts";
import type { Tool } from "../report/tool.ts";
import type { FormatName } from "./arguments.ts";

/** The forms that are the same on every terminal. They are small: one file to load costs less than ten. */
export const machineFormats: Readonly<
  Record<Exclude<FormatName, "stylish">, (result: LintResult, tool: Tool) => string>
> = { checkstyle, compact, github, gitlab, json, jsonl, junit, markdown, rdjson, sarif };
