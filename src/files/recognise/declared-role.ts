import type { ContainerFiles } from "../discovered-host.ts";
import { nginxShape } from "./nginx.ts";
import type { Recognised } from "./recognised.ts";
import { recogniseSystemd } from "./systemd.ts";

/** What a configuration may say that a file is, where its name and content do not tell. */
export const fileRoles = [
  "nginx",
  "sysctl",
  "limits",
  "systemd",
  "gunicorn",
  "compose",
  "dockerfile",
  "kubernetes",
] as const;
export type FileRole = (typeof fileRoles)[number];

/** The list of container files that a role means; undefined for the programs of a machine. */
export function containerList(role: FileRole): keyof ContainerFiles | undefined {
  if (role === "compose") return "compose";
  if (role === "dockerfile") return "images";
  return role === "kubernetes" ? "manifests" : undefined;
}

/** A file as what it was declared to be; a unit still needs the name of one. */
export function recogniseAs(
  role: FileRole,
  path: string,
  text: string,
): Recognised | { readonly not: string } {
  switch (role) {
    case "nginx":
      return { program: "nginx", shape: nginxShape(text) };
    case "sysctl":
    case "limits":
    case "gunicorn":
      return { program: role };
    default: {
      const verdict = recogniseSystemd(path, text);
      return verdict ?? { not: "its name is not that of a unit or drop-in" };
    }
  }
}
