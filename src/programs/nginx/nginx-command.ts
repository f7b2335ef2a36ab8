import type { Argument } from "../../model/command.ts";
import type { SystemdService } from "../../model/systemd.ts";

/** How nginx is started. */
export interface NginxCommand {
  /** Host path of the configuration file. */
  readonly configuration: string;
  /** Whether `-c` names it; otherwise it is the one that the program is built with. */
  readonly named: boolean;
  /** The directives of `-g`. */
  readonly globals: string | undefined;
}

/** The packages of Debian, Fedora and nginx.org are all built with this --conf-path. */
const packaged = "/etc/nginx/nginx.conf";
/** That of openresty's packages and images, which put nginx below a prefix of their own. */
const ofOpenresty = "/usr/local/openresty/nginx/conf/nginx.conf";
/** That of a build without options (nginx auto/options). */
const ofSource = "/usr/local/nginx/conf/nginx.conf";
const nginxBinary = /(^|\/)(nginx|nginx-debug|openresty)$/;

/**
 * The nginx command of a service. A service named nginx.service of which only drop-ins are here is that of the
 * package, which starts nginx without -c.
 */
export function nginxServiceCommand(service: SystemdService): NginxCommand | undefined {
  for (const { words } of service.commands) {
    const command = nginxCommand(words);
    if (command !== undefined) return command;
  }
  if (service.name === "nginx.service" && service.file === undefined)
    return { configuration: packaged, named: false, globals: undefined };
  return undefined;
}

/**
 * What a command line says when its program is nginx.
 *
 * @param onPath the configuration that the nginx on PATH is built with; undefined where that is not known
 */
export function nginxCommand(line: readonly Argument[], onPath?: string): NginxCommand | undefined {
  const [program, ...rest] = line.map((word) => (word.text.known ? word.text.value : undefined));
  if (program === undefined || !nginxBinary.test(program)) return undefined;
  const configuration = option(rest, "-c");
  return {
    configuration: configuration ?? (program.includes("/") ? undefined : onPath) ?? builtIn(program),
    named: configuration !== undefined,
    globals: option(rest, "-g"),
  };
}

function builtIn(program: string): string {
  if (/(?:^|\/)openresty(?:\/|$)/.test(program)) return ofOpenresty;
  return program === "/usr/local/nginx/sbin/nginx" ? ofSource : packaged;
}

function option(words: readonly (string | undefined)[], name: string): string | undefined {
  for (const [index, word] of words.entries()) {
    if (word === name) return words[index + 1];
    if (word?.startsWith(name)) return word.slice(name.length);
  }
  return undefined;
}
