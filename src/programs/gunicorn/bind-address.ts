import type { Address } from "../../model/address.ts";
import { pythonInteger, pythonString } from "./setting-value.ts";

/** What gunicorn.util.parse_address returns: (host, port), a socket path, a descriptor, or its RuntimeError. */
export type BindAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "descriptor"; readonly number: number }
  | { readonly kind: "error"; readonly message: string };

/** gunicorn.util.parse_address, unchanged from 20.0 to 26.1. */
export function parseBind(text: string, defaultPort = "8000"): BindAddress {
  if (text.startsWith("unix:")) return { kind: "unix", path: text.split(/unix:(?:\/\/)?/).at(-1) ?? "" };
  if (text.startsWith("fd://")) {
    const number = pythonInteger(text.slice(5));
    return number === undefined
      ? { kind: "error", message: `${pythonString(text.slice(5))} is not a valid file descriptor.` }
      : { kind: "descriptor", number: Number(number) };
  }
  const netloc = text.startsWith("tcp://") ? (text.split("tcp://")[1] ?? "") : text;
  let [host, port] = [netloc, defaultPort];
  if (netloc.includes("[") && netloc.includes("]")) {
    host = (netloc.split("]")[0] ?? "").slice(1);
    port = netloc.split("]:")[1] ?? defaultPort;
  } else if (netloc.includes(":")) [host = "", port = defaultPort] = netloc.split(":");
  else if (netloc === "") host = "0.0.0.0";
  const number = pythonInteger(port);
  if (number === undefined)
    return { kind: "error", message: `${pythonString(port)} is not a valid port number.` };
  return { kind: "tcp", host: host.toLowerCase(), port: Number(number) };
}

/**
 * The address in the model's terms; relative socket paths are resolved against `directory`. Undefined where a
 * relative path meets an unknown directory.
 */
export function toAddress(
  bind: Exclude<BindAddress, { kind: "error" }>,
  directory: string | undefined,
): Address | undefined {
  if (bind.kind === "descriptor") return { kind: "other", text: `fd://${bind.number}` };
  if (bind.kind === "tcp") return { kind: "tcp", host: modelHost(bind.host), port: bind.port };
  if (bind.path.startsWith("/")) return { kind: "unix", path: normalPath(bind.path) };
  return directory === undefined
    ? undefined
    : { kind: "unix", path: normalPath(`${directory}/${bind.path}`) };
}

function modelHost(host: string): string {
  if (host === "" || host === "0.0.0.0") return "*";
  return host.includes(":") ? `[${host}]` : host;
}

/** os.path.normpath of an absolute path. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/"))
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  return `/${parts.join("/")}`;
}
