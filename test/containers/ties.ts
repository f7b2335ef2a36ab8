import { facts, lint } from "../../src/index.ts";
import { addressText } from "../../src/model/address.ts";
import type { GunicornProcess, Host, NginxProcess } from "../../src/model/host.ts";
import type { Value } from "../../src/model/value.ts";
import { onDisk } from "../files/on-disk.ts";

/** What was tied to what in a small repository: a list of sentences for every host, and the findings. */
export interface Ties {
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  readonly aside: readonly string[];
  readonly findings: readonly string[];
}

export async function tiesOf(files: Readonly<Record<string, string>>): Promise<Ties> {
  const root = onDisk(files);
  const { hosts, result, faults } = await lint({
    requests: [{ paths: [root], facts: facts({}) }],
    workingDirectory: root,
  });
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  const read = new Map(result.hosts.map((host) => [host.name, host.files]));
  return {
    hosts: Object.fromEntries(hosts.map((host) => [host.name, sentences(host, read.get(host.name) ?? [])])),
    aside: result.aside.map(({ path, why }) => `${path}: ${why}`),
    findings: result.diagnostics.filter(({ severity }) => severity !== "info").map(({ rule }) => rule),
  };
}

function sentences(host: Host, files: readonly { path: string; role: string }[]): string[] {
  return [
    ...host.nginx.map((process) => `${process.name} reads ${configurationOf(process, files)}`),
    ...host.gunicorn.map((process) => `${process.name} has ${settings(process)}`),
    ...new Set(
      host.links.map(({ nginx, gunicorn, proxy }) => `${nginx.name} ${proxy.location} -> ${gunicorn.name}`),
    ),
  ];
}

/** The files of the repository; `image` where its container takes all from the image. */
function configurationOf(process: NginxProcess, files: readonly { path: string; role: string }[]): string {
  const role =
    process.container === undefined
      ? /^nginx /
      : new RegExp(`^nginx configuration in ${process.container.name}$`);
  const own = files.filter((file) => role.test(file.role)).map(({ path }) => path);
  return own.length === 0 ? "what its image brings" : own.join(" + ");
}

function settings({ configuration }: GunicornProcess): string {
  const { configFile, workers, threads, timeout, binds } = configuration;
  const addresses = binds.known ? binds.value.map(addressText).join(" ") : "?";
  const file = configFile?.known === true && configFile.value === undefined ? "no file" : shown(configFile);
  return `${file}, ${shown(workers)} x ${shown(threads)}, ${shown(timeout)} s, ${addresses}`;
}

function shown(value: Value<unknown> | undefined): string {
  return value?.known === true ? String(value.value) : "?";
}
