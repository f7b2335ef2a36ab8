import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { directoryTree } from "../files/directory-tree.ts";
import type { FileTree } from "../files/file-tree.ts";
import { memoryTree } from "../files/memory-tree.ts";
import { Version } from "../model/facts.ts";
import { checkNginx } from "../programs/nginx/check-nginx.ts";
import { type Context, foreignDirectives } from "../programs/nginx/directives.ts";
import { placeNginx } from "../programs/nginx/place-nginx.ts";
import type { Problem } from "../syntax/problem.ts";
import { type Row, readTable, Tally } from "./corpus-tables.ts";

/** The nginx of the verdicts. */
const version = new Version("1.22.1");

/** The block that a snippet was put into. */
const contexts: Readonly<Record<string, Context>> = {
  main: "M",
  "main+events": "M",
  http: "H",
  server: "S",
  location: "L",
  stream: "T",
};

/** Classes that files alone decide, unless it is what a snippet lacks (sub-class snippet-context). */
const decided = new Set(["ok", "semantic", "unknown-directive", "syntax"]);

/** Compares the first message of each file with nginx-verdicts.tsv. */
export async function nginxAgreement(folder: string): Promise<Tally[]> {
  const whole = new Tally("nginx configurations", "nginx 1.22.1");
  const snippets = new Tally("nginx snippets", "nginx 1.22.1");
  for (const row of readTable(folder, "nginx-verdicts.tsv")) {
    const tally = row.shape === "main" ? whole : snippets;
    const { local = "" } = row;
    if (!existsSync(join(folder, local))) continue;
    await tally.on(local, () => {
      const ours = firstMessage(folder, row);
      const [theirClass = "", message = ""] = row.class_with_debian_modules
        ? [row.class_with_debian_modules, row.message_with_modules]
        : [row.class, row.message];
      const byItself = row.sub !== "snippet-context";
      if (row.template !== "none") tally.templates += 1;
      else if (byItself && decided.has(theirClass))
        tally.compare(local, theirClass === "ok" ? "ok" : said(message), ours);
    });
  }
  return [whole, snippets];
}

function firstMessage(folder: string, row: Row): string {
  const { local = "", context = "" } = row;
  const { tree, path } = placeOf(folder, local);
  const placement = placeNginx(tree, path);
  const top = contexts[context] ?? "M";
  const complete = top === "M" && placement.missingIncludes.length === 0;
  const complaints = checkNginx(placement, { version, top, complete });
  const first = complaints.find(
    ({ said: message, problem }) =>
      message !== undefined &&
      problem.rule !== "nginx/include-missing" &&
      // The modules that Debian packages were loaded for the second try.
      !(row.class_with_debian_modules !== "" && foreignDirectives(problemWord(problem)).length > 0),
  );
  if (first?.said === undefined) return "ok";
  const { message, line } = first.said;
  return line === undefined ? message : `${message}:${line.line}`;
}

function problemWord({ at }: Problem): string {
  return at.file.text.slice(at.start, at.end);
}

/** A file under an etc/nginx keeps its place; others stand alone in /etc/nginx. */
function placeOf(folder: string, local: string): { tree: FileTree; path: string } {
  const [, root, etc] = /^(.*?\/)((?:usr\/local\/)?etc\/nginx\/.*)$/.exec(local) ?? [];
  if (root !== undefined && etc !== undefined)
    return { tree: directoryTree(join(folder, root), ""), path: `/${etc}` };
  const path = `/etc/nginx/${local.slice(local.lastIndexOf("/") + 1)}`;
  return { tree: memoryTree({ [path]: readFileSync(join(folder, local)) }), path };
}

/** The message with the line, without the path. */
function said(message: string): string {
  return message.replace(/ in \S+:(\d+)$/, ":$1");
}
