import { directoryOf, nameOf } from "./host-path.ts";
import { nginxFolder } from "./recognise/nginx.ts";
import { installedName } from "./recognise/template-suffix.ts";
import type { FoundFile } from "./walk.ts";

const nginxRoots =
  /^\/(?:etc\/nginx|etc\/openresty|usr\/local\/nginx\/conf|usr\/local\/etc\/nginx|opt\/nginx\/conf|usr\/local\/openresty\/nginx\/conf|opt\/homebrew\/etc\/nginx)\//;

const readInPlace: Record<Exclude<FoundFile["recognised"]["program"], "nginx">, RegExp> = {
  systemd:
    /^\/(?:etc|run|usr\/lib|usr\/local\/lib|lib)\/systemd\/(?:system(?:\.control|\.attached)?\/|system\.conf(?:$|\.d\/))/,
  sysctl: /^\/(?:etc\/sysctl\.conf$|(?:etc|run|usr\/lib|usr\/local\/lib|lib)\/sysctl\.d\/[^/]+\.conf$)/,
  limits: /^\/(?:etc|usr\/etc)\/security\/limits\.(?:conf$|d\/[^/]+\.conf$)/,
  gunicorn: /^/,
};

/** The folder from which an nginx takes relative includes: that of its main file. */
export function nginxHome(path: string): string {
  return nginxRoots.exec(path)?.[0].slice(0, -1) ?? directoryOf(path);
}

/** Whether its program reads a file at this path of a machine. */
export function isReadInPlace(file: FoundFile, hostPath: string): boolean {
  if (file.recognised.program === "nginx") return nginxRoots.test(hostPath);
  return readInPlace[file.recognised.program].test(hostPath);
}

/**
 * Where the machine would have a loose file that is no file of nginx; undefined for settings of gunicorn, which
 * stay in the repository.
 */
export function installedPath(file: FoundFile): string | undefined {
  const name = installedName(nameOf(file.path));
  const folder = nameOf(directoryOf(file.path));
  const { recognised } = file;
  switch (recognised.program) {
    case "systemd":
      if (recognised.what === "drop-in") return `/etc/systemd/system/${recognised.unit}.d/${recognised.name}`;
      if (recognised.what === "manager")
        return folder === "system.conf.d" ? `/etc/systemd/system.conf.d/${name}` : "/etc/systemd/system.conf";
      return /\.(?:wants|requires|upholds)$/.test(folder)
        ? `/etc/systemd/system/${folder}/${recognised.unit}`
        : `/etc/systemd/system/${recognised.unit}`;
    case "sysctl":
      if (name === "sysctl.conf" && folder !== "sysctl.d") return "/etc/sysctl.conf";
      return `/etc/sysctl.d/${name.endsWith(".conf") ? name : `${name}.conf`}`;
    case "limits":
      if (name === "limits.conf" && folder !== "limits.d") return "/etc/security/limits.conf";
      return `/etc/security/limits.d/${name.endsWith(".conf") ? name : `${name}.conf`}`;
    default:
      return undefined;
  }
}

/**
 * The part of a path from a folder that the http block includes (`sites-available/app`), its template suffix
 * removed. The official image fills `templates/x.conf.template` in as `conf.d/x.conf`.
 */
export function belowNginxFolder(path: string): string | undefined {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  for (let at = parts.length - 2; at > 0; at -= 1) {
    const folder = parts[at] ?? "";
    const image = folder === "templates" && name.endsWith(".template") && /nginx/i.test(parts[at - 1] ?? "");
    if (image || nginxFolder.test(folder))
      return [image ? "conf.d" : folder, ...parts.slice(at + 1, -1), installedName(name)].join("/");
  }
  return undefined;
}
