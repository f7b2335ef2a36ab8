import { nameOf } from "../../files/host-path.ts";
import { installedName } from "../../files/recognise/template-suffix.ts";

/**
 * How a program tells comments from the rest:
 * `nginx` `#` where a word could start; `python` `#` outside of strings; `limits` `#` anywhere (pam_limits);
 * `sysctl` lines whose first character is `#` or `;`; `unit` the same, with lines that a backslash continues
 * (systemd.syntax(7); EnvironmentFile= too), which suits a Dockerfile as well; `words` `#` at the start of a word, as
 * YAML, the shell and .env files have it.
 */
export type CommentStyle = "nginx" | "python" | "limits" | "sysctl" | "unit" | "words";

/**
 * The style of a file by its path on the machine. What has no telling name, such as an EnvironmentFile=, is read
 * as a unit file, whose comments are the plainest.
 */
export function commentStyle(hostPath: string): CommentStyle {
  const name = installedName(nameOf(hostPath));
  if (name.endsWith(".py")) return "python";
  if (/\.(?:ya?ml|sh|bash|env)$|^\.env/.test(name) || /entrypoint|^Procfile/i.test(name)) return "words";
  if (/\/security\/limits\.(?:conf$|d\/)/.test(hostPath)) return "limits";
  if (/\/sysctl\.(?:conf$|d\/)/.test(hostPath)) return "sysctl";
  if (/\/systemd\//.test(hostPath)) return "unit";
  if (/\/(?:nginx|openresty)\//.test(hostPath)) return "nginx";
  if (name.startsWith("gunicorn")) return "python";
  return name.endsWith(".conf") ? "nginx" : "unit";
}
