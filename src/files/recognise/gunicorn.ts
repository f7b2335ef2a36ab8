import { nameOf } from "../host-path.ts";
import type { Verdict } from "./recognised.ts";
import { installedName } from "./template-suffix.ts";

const setting =
  /^(?:bind|backlog|workers|worker_class|threads|worker_connections|max_requests|max_requests_jitter|timeout|graceful_timeout|keepalive|preload_app|accesslog|errorlog|loglevel|pidfile|daemon|user|group|chdir|wsgi_app|proc_name|worker_tmp_dir|reload|umask|forwarded_allow_ips|limit_request_line|capture_output|raw_env|logconfig_dict|access_log_format)[ \t]*(?::[^=\n]+)?=(?!=)|^def (?:on_starting|on_reload|when_ready|pre_fork|post_fork|post_worker_init|worker_int|worker_abort|worker_exit|child_exit|pre_exec|pre_request|post_request|on_exit|nworkers_changed)\(/m;

/** Whether the name or a folder makes a look inside worth it. */
export function mayBeGunicorn(path: string): boolean {
  return /gunicorn/i.test(nameOf(path))
    ? /(?:\.py|\.conf|\.cfg|^[^.]+)$/i.test(installedName(nameOf(path)))
    : /(?:^|\/)[^/]*gunicorn[^/]*\/[^/]+\.py$/i.test(path);
}

/** A settings file of gunicorn: Python that assigns settings or defines server hooks. */
export function recogniseGunicorn(path: string, text: string): Verdict {
  if (!mayBeGunicorn(path)) return undefined;
  if (!/^\[[\w:. -]+\]/m.test(text) && setting.test(text)) return { program: "gunicorn" };
  if (/^[dDfLq][+!=]?[ \t]+\//m.test(text) && /\.conf$/.test(installedName(nameOf(path))))
    return { not: "it lists temporary files for systemd-tmpfiles" };
  if (/^\[(?:program|group|supervisord)/m.test(text)) return { not: "it configures supervisor" };
  return undefined;
}
