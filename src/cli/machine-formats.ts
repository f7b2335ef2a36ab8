import type { LintResult } from "../lint/lint-result.ts";
import type { Tool } from "../report/tool.ts";
import type { FormatName } from "./arguments.ts";

type WriteReport = (result: LintResult, tool: Tool) => string;

/** The forms that are the same on every terminal, each loaded only when it is asked for. */
export const machineFormats: Readonly<Record<Exclude<FormatName, "stylish">, () => Promise<WriteReport>>> = {
  compact: async () => (await import("../report/compact.ts")).compact,
  json: async () => (await import("../report/json.ts")).json,
  jsonl: async () => (await import("../report/jsonl.ts")).jsonl,
  github: async () => (await import("../report/github.ts")).github,
  sarif: async () => (await import("../report/sarif.ts")).sarif,
  gitlab: async () => (await import("../report/gitlab.ts")).gitlab,
  checkstyle: async () => (await import("../report/checkstyle.ts")).checkstyle,
  junit: async () => (await import("../report/junit.ts")).junit,
  rdjson: async () => (await import("../report/rdjson.ts")).rdjson,
  markdown: async () => (await import("../report/markdown.ts")).markdown,
};
