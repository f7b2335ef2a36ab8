import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryTree } from "../../src/files/memory-tree.ts";
import { Version } from "../../src/model/facts.ts";
import { checkNginx, nginxWarnings } from "../../src/programs/nginx/check-nginx.ts";
import type { NginxMessage } from "../../src/programs/nginx/complaint.ts";
import { placeNginx } from "../../src/programs/nginx/place-nginx.ts";
import { inFolder, versionOf } from "./installed.ts";

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** The first message with file and line, or undefined where the configuration is accepted. */
export type Answer = string | undefined;

/** The files stand in this directory, so that both sides name them alike. */
const prefix = "/prefix";

export const nginxVersion = versionOf("nginx", ["-v"], /nginx\/([\d.]+)/);

/**
 * What only the machine decides: names, accounts, files that stand elsewhere, the rights of who runs the test.
 * nginx looks at what it opens and binds after everything that the files decide, and names no line then.
 */
const ofTheMachine =
  /^(?:host not found|could not be resolved|getpwnam|getgrnam|cannot load (?:certificate|CRL)|X509_LOOKUP|SSL_|BIO_|PEM_|dlopen|inet6 sockets are not supported)|^(?:bind|mkdir|open|chown|socket|mmap|setsockopt|epoll_create)\(\).*(?<!:\d+)$|\[emerg\] .*(?:certificate|engine)|OpenSSL|^open\(\) "\/(?:etc|var|run|usr)/;

/** What nginx -t prints of interest. */
export interface Printed {
  readonly first: Answer;
  /** Its `[warn]` lines, but for those that the account and its limits decide. */
  readonly warnings: readonly string[];
}

const warningOfTheMachine = /super-user privileges|open file resource limit|^"ssl_stapling" ignored/;

/** The first message and the warnings of nginx -t on these files; "machine" where it says what no file decides. */
export async function askAll(files: Files, globals: string): Promise<Printed | "machine"> {
  return inFolder(files, async (folder) => {
    const main = join(folder, "nginx.conf");
    const words = ["-t", "-p", `${folder}/`, "-c", main, "-e", "/dev/null"];
    if (globals !== "") words.push("-g", globals);
    const { status, errors } = await run("nginx", words);
    // Byte for byte: nginx prints what it reads, also what is no UTF-8.
    const stderr = errors.toString("latin1");
    const first = stderr.split("\n").find((line) => /\[(?:emerg|crit|alert|error)\]/.test(line));
    const warnings = stderr
      .split("\n")
      .filter((line) => line.includes("[warn]"))
      .map((line) => line.replace(/^.*?\[warn\] (?:\d+#\d+: )?/, "").replaceAll(folder, prefix))
      .filter((line) => !warningOfTheMachine.test(line));
    if (status === 0) return { first: undefined, warnings };
    // A message can hold a line end: the rest of it looks like another line.
    const message = (first ?? "nothing").replace(/^.*?\[\w+\] /, "").replaceAll(folder, prefix);
    return ofTheMachine.test(message) ? "machine" : { first: message, warnings };
  });
}

export function predictNginx(files: Files, globals: string): Answer {
  const { placement, options } = placed(files, globals);
  const said = checkNginx(placement, options).find((complaint) => complaint.said !== undefined)?.said;
  return said === undefined ? undefined : asPrinted(said);
}

export function predictWarnings(files: Files, globals: string): string[] {
  const { placement, options } = placed(files, globals);
  return nginxWarnings(placement, options).map(asPrinted);
}

function placed(files: Files, globals: string) {
  const tree = memoryTree(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`${prefix}/${path}`, content])),
  );
  const options = { version: new Version(nginxVersion), top: "M", complete: true } as const;
  const main = `${prefix}/nginx.conf`;
  return {
    placement: placeNginx(tree, main, globals === "" ? undefined : globals, options.version),
    options,
  };
}

function asPrinted({ message: text, line }: NginxMessage): string {
  const message = line?.file.encoding === "latin-1" ? text : Buffer.from(text).toString("latin1");
  const place =
    line === undefined
      ? ""
      : line.file.path === "nginx -g"
        ? " in command line"
        : ` in /${line.file.path}:${line.line}`;
  return `${message}${place}`.split("\n")[0] ?? "";
}

export async function run(
  command: string,
  words: readonly string[],
): Promise<{ status: number; stdout: string; stderr: string; errors: Buffer }> {
  const child = spawn(command, words, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    timeout: 60_000,
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const status = await new Promise<number>((done) => child.on("close", (code) => done(code ?? -1)));
  const errors = Buffer.concat(err);
  return { status, stdout: Buffer.concat(out).toString(), stderr: errors.toString(), errors };
}

export function isModuleHere(name: string): boolean {
  try {
    return readFileSync(`/usr/lib/nginx/modules/${name}.so`).length > 0;
  } catch {
    return false;
  }
}
