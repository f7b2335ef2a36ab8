import { defineRule } from "../../src/lint/rule.ts";
import type { Argument } from "../../src/model/command.ts";
import type { Host, NginxProcess } from "../../src/model/host.ts";
import type { Value } from "../../src/model/value.ts";
import type { Span } from "../../src/text/span.ts";

export default defineRule({
  meta: {
    severity: "error",
    title: "nginx goes into the background where its first process has to stay",
    since: "0.1.0",
    sources: [
      "nginx src/core/nginx.c main and src/os/unix/ngx_daemon.c: the process that was started ends",
      "systemd.service(5) Type=",
      "docker-nginx Dockerfile: CMD nginx -g 'daemon off;'",
    ],
  },
  docs: () => ({
    what: "Reports an nginx without `daemon off` that is the first process of a container, or that a systemd service starts which does not expect a fork (`Type=simple`, the default, `exec`, `notify`).",
    why: "nginx forks and the process that was started ends at once. A container ends with its first process, and systemd takes the service for finished and kills the nginx that was left.",
    fix: "Start it with `-g 'daemon off;'`, or write `daemon off;` into nginx.conf, not both. For systemd `Type=forking` with `PIDFile=` works too.",
    exceptions:
      "Quiet where a script starts nginx, as something else may stay in the foreground behind it, where the service has a `PIDFile=`, which systemd may read in time, and where a part of the configuration is not here.",
  }),
  examples: () => [
    {
      title: "A container that ends at once",
      files: {
        Dockerfile: 'FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\nCMD [«"nginx"»]\n',
        "nginx.conf": "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ["nginx (Dockerfile) goes into the background, and its container ends at once"],
    },
    {
      title: "A service of Type=simple",
      files: {
        "etc/systemd/system/nginx.service": "[Service]\nExecStart=«/usr/sbin/nginx»\n",
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
      findings: ["nginx goes into the background, and nginx.service is stopped at once"],
    },
    {
      title: "Quiet: the command line keeps it in the foreground",
      files: {
        Dockerfile:
          'FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\nCMD ["nginx", "-g", "daemon off;"]\n',
        "nginx.conf": "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
    {
      title: "Quiet: the service expects a fork",
      files: {
        "etc/systemd/system/nginx.service":
          "[Service]\nType=forking\nPIDFile=/run/nginx.pid\nExecStart=/usr/sbin/nginx\n",
        "etc/nginx/nginx.conf":
          "events {\n  worker_connections 1024;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
      },
    },
  ],
  *check(host, ask) {
    for (const nginx of host.nginx) {
      const started = startOf(nginx, host);
      if (started === undefined) continue;
      const { daemon } = nginx.configuration;
      if (!ask.certain([daemon], (on) => on)) continue;
      if (started.ends !== undefined && !ask.certain([started.ends], (ends) => ends)) continue;
      yield {
        at: started.at,
        message: `${nginx.name} goes into the background, and ${started.fate} at once`,
        why: "nginx forks and the process that was started ends.",
        because: [daemon, ...(started.ends === undefined ? [] : [started.ends])],
        help: "start it with -g 'daemon off;', or write daemon off; into nginx.conf",
      };
    }
  },
});

interface Start {
  /** The word that names nginx. */
  readonly at: Span;
  /** What ends when the process that was started ends. */
  readonly fate: string;
  /** Whether it ends with it; undefined for a container, which always does. */
  readonly ends: Value<boolean> | undefined;
}

function startOf({ container, environment }: NginxProcess, host: Host): Start | undefined {
  if (container !== undefined) {
    const at = firstProcess(container.arguments);
    return at && { at, fate: "its container ends", ends: undefined };
  }
  const service = host.systemd.services.find(({ name }) => name === environment.name);
  if (environment.kind !== "service" || service === undefined || service.commands.length !== 1)
    return undefined;
  const at = service.commands[0] && nginxIn(service.commands[0].words);
  return at && { at, fate: `${service.name} is stopped`, ends: service.endsWithFirst };
}

/** The entry point of the image, which becomes its command, and reapers, which end with it. */
const handsOver = /^(?:\/docker-entrypoint\.sh|(?:\/\S*\/)?(?:tini|dumb-init|catatonit)|--)$/;

function firstProcess(words: Value<readonly Argument[]>): Span | undefined {
  if (!words.known) return undefined;
  const first = words.value.findIndex(({ text }) => !text.known || !handsOver.test(text.value));
  return nginxIn(words.value.slice(first));
}

/** The name of the program where it is nginx, started to serve: not to test a file or to signal another one. */
function nginxIn(words: readonly Argument[]): Span | undefined {
  const texts = words.map(({ text }) => (text.known ? text.value : undefined));
  if (texts.includes(undefined) || !/(?:^|\/)(?:nginx|openresty)$/.test(texts[0] ?? "")) return undefined;
  return texts.some((text) => /^-[tTvVhs?]/.test(text ?? "")) ? undefined : words[0]?.at;
}
