import { defineRule } from "../../src/lint/rule.ts";
import type { Container, ContainerFile } from "../../src/model/container.ts";

/** Folders that the nginx images bring themselves. */
const ofImage = ["/usr/share/nginx", "/etc/nginx", "/var/log/nginx", "/var/cache/nginx", "/tmp"];

export default defineRule({
  meta: {
    severity: "warning",
    title: "nginx serves files from a folder that its container does not have",
    since: "0.1.0",
    sources: [
      "nginx ngx_http_core_module, alias and root",
      "Compose Specification, services, volumes",
      "github.com/nginx/docker-nginx: the folders of the image",
    ],
  },
  docs: () => ({
    what: "Reports an `alias`, or a `root` of a location that nothing else answers, where nginx runs in the official image and neither a volume nor a file of the compose file stands at, above or below that path.",
    why: "The folder does not exist in the container: every request for these files is answered with 404, and only pages that need no static files look right.",
    fix: "Mount the volume of the application's static files at that path, or write the path at which it is mounted.",
    exceptions:
      "Only the pulled official images are judged, as a Dockerfile may make any folder. The folders of the image itself are not reported.",
  }),
  examples: () => [
    {
      title: "The volume is mounted at another path",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n      - ⟦static_data:/srv/static⟧\nvolumes:\n  static_data:\n",
        "nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    location /static/ {\n      «⟦alias /app/staticfiles/;⟧»\n    }\n  }\n}\n",
      },
      findings: ["nginx (proxy) serves /static/ from /app/staticfiles/, which its container does not have"],
    },
    {
      title: "Quiet: the volume is there",
      files: {
        "docker-compose.yml":
          "services:\n  proxy:\n    image: nginx:1.27\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n      - static_data:/srv/static:ro\nvolumes:\n  static_data:\n",
        "nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    location /static/ {\n      alias /srv/static/;\n    }\n  }\n}\n",
      },
    },
    {
      title: "Quiet: a Dockerfile may make the folder",
      files: {
        "docker-compose.yml": "services:\n  proxy:\n    build: .\n",
        Dockerfile: "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\nRUN mkdir -p /srv/static\n",
        "nginx.conf":
          "events {}\nhttp {\n  server {\n    listen 80;\n    location /static/ {\n      alias /srv/static/;\n    }\n  }\n}\n",
      },
    },
  ],
  *check(host, ask) {
    for (const { name, container, configuration } of host.nginx) {
      if (container === undefined || container.image.at !== undefined) continue;
      const base = ask.value(container.image.base);
      if (base === undefined || !/(?:^|\/)nginx(?:-unprivileged)?$/.test(base.repository)) continue;
      for (const { path, location } of configuration.staticPaths) {
        const folder = path.value.replace(/\/+$/, "");
        if (isThere(container, folder)) continue;
        yield {
          at: path.origin.at ?? configuration.main,
          message: `${name} serves ${location} from ${path.value}, which its container does not have`,
          why: "Every request for these files is answered with 404.",
          because: [
            path,
            ...mounted(container).map((file) => ({ message: `mounted at ${file.path}`, at: file.at })),
          ],
          help: "mount the files at that path, or write the path at which they are mounted",
        };
      }
    }
  },
});

/** Whether something stands at, above or below a path. */
function isThere({ files }: Container, folder: string): boolean {
  return (
    ofImage.some((each) => isWithin(folder, each)) ||
    files.some(({ path }) => isWithin(folder, path) || isWithin(path, folder))
  );
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Folders that are mounted, but for the configuration. */
function mounted({ files }: Container): ContainerFile[] {
  return files.filter(({ path }) => !isWithin(path, "/etc"));
}
