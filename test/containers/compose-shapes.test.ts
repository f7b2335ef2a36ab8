import { describe, expect, it } from "vitest";
import { compose, gunicornOfWeb, mainFile, python, type Shape, service, site, web } from "./pieces.ts";
import { tiesOf } from "./ties.ts";

const shapes: readonly Shape[] = [
  {
    title: "a main file that is mounted over that of the image",
    files: {
      "compose.yaml": compose(
        web,
        service("proxy", "image: nginx:1.27", "volumes: ['./deploy/nginx.conf:/etc/nginx/nginx.conf:ro']"),
      ),
      "deploy/nginx.conf": mainFile(site("http://web:8000")),
    },
    hosts: {
      ".": ["nginx (proxy) reads deploy/nginx.conf", gunicornOfWeb, "nginx (proxy) / -> gunicorn (web)"],
    },
  },
  {
    title: "a site in conf.d, in place of the default site of the image",
    files: {
      "docker-compose.yml": compose(
        web,
        service(
          "nginx",
          "image: nginx:alpine",
          "volumes: ['./nginx/app.conf:/etc/nginx/conf.d/default.conf']",
        ),
      ),
      "nginx/app.conf": site("http://web:8000"),
    },
    hosts: {
      ".": ["nginx (nginx) reads nginx/app.conf", gunicornOfWeb, "nginx (nginx) / -> gunicorn (web)"],
    },
  },
  {
    title: "a folder of the repository mounted as conf.d, with a site that is turned off",
    files: {
      "docker-compose.yml": compose(
        web,
        service("nginx", "image: nginx:1.27", "volumes: ['./nginx/conf.d:/etc/nginx/conf.d:ro']"),
      ),
      "nginx/conf.d/app.conf": site("http://web:8000"),
      "nginx/conf.d/old.conf.disabled": site("http://web:9000"),
    },
    hosts: {
      ".": ["nginx (nginx) reads nginx/conf.d/app.conf", gunicornOfWeb, "nginx (nginx) / -> gunicorn (web)"],
    },
    aside: ["nginx/conf.d/old.conf.disabled: it is named as a backup copy"],
  },
  {
    title: "COPY into a folder of the image, without a slash behind it",
    files: {
      "docker-compose.yml": compose(web, service("nginx", "build: ./services/nginx")),
      "services/nginx/Dockerfile":
        "FROM nginx:1.19-alpine\nRUN rm /etc/nginx/conf.d/default.conf\nCOPY nginx.conf /etc/nginx/conf.d\n",
      "services/nginx/nginx.conf": site("http://web:8000"),
    },
    hosts: {
      ".": [
        "nginx (nginx) reads services/nginx/nginx.conf",
        gunicornOfWeb,
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "COPY of a folder over /etc/nginx leaves what the image has beside it",
    files: {
      "docker-compose.yml": compose(
        web,
        service("nginx", "build: {context: ., dockerfile: nginx.Dockerfile}"),
      ),
      "nginx.Dockerfile": "FROM nginx:1.27\nCOPY nginx/ /etc/nginx/\n",
      "nginx/nginx.conf": mainFile(`include /etc/nginx/mime.types;\ninclude /etc/nginx/conf.d/*.conf;\n`),
      "nginx/conf.d/app.conf": site("http://web:8000"),
    },
    hosts: {
      ".": [
        "nginx (nginx) reads nginx/nginx.conf + nginx/conf.d/app.conf",
        gunicornOfWeb,
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "a main file that the build takes from somewhere else says nothing",
    files: {
      "docker-compose.yml": compose(web, service("nginx", "build: ./nginx")),
      "nginx/Dockerfile": "FROM nginx:1.27\nCOPY made/nginx.conf /etc/nginx/nginx.conf\n",
    },
    hosts: { ".": [gunicornOfWeb] },
  },
  {
    title: "templates that the entry point of the image fills in",
    files: {
      "docker-compose.yml": compose(
        web,
        service(
          "nginx",
          "image: nginx:1.27",
          "environment: {UPSTREAM: 'web:8000'}",
          "volumes: ['./templates:/etc/nginx/templates']",
        ),
      ),
      "templates/default.conf.template": site("http://${UPSTREAM}"),
    },
    hosts: {
      ".": [
        "nginx (nginx) reads templates/default.conf.template",
        gunicornOfWeb,
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "a template that the command fills in with envsubst",
    files: {
      "docker-compose.yml": compose(
        web,
        service(
          "nginx",
          "image: nginx:1.27",
          "environment: [APP_HOST=web]",
          "volumes: ['./app.template:/etc/nginx/app.template']",
          `command: /bin/sh -c "envsubst '$$APP_HOST' < /etc/nginx/app.template > /etc/nginx/conf.d/default.conf && exec nginx -g 'daemon off;'"`,
        ),
      ),
      "app.template": site("http://$APP_HOST:8000"),
    },
    hosts: {
      ".": ["nginx (nginx) reads app.template", gunicornOfWeb, "nginx (nginx) / -> gunicorn (web)"],
    },
  },
  {
    title: "a template that an own entry point fills in with envsubst",
    files: {
      "docker-compose.yml": compose(web, service("nginx", "build: nginx", "environment: [PORT=8000]")),
      "nginx/Dockerfile":
        'FROM nginx:1.27\nRUN rm /etc/nginx/conf.d/default.conf\nCOPY site.conf.template /etc/nginx/conf.d/\nCOPY docker-entrypoint.sh /\nENTRYPOINT ["/docker-entrypoint.sh"]\nCMD ["nginx", "-g", "daemon off;"]\n',
      "nginx/docker-entrypoint.sh":
        "#!/bin/sh\nset -e\nenvsubst '${PORT}' < /etc/nginx/conf.d/site.conf.template > /etc/nginx/conf.d/site.conf\nexec \"$@\"\n",
      "nginx/site.conf.template": site("http://web:${PORT}"),
    },
    hosts: {
      ".": [
        "nginx (nginx) reads nginx/site.conf.template",
        gunicornOfWeb,
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "two templates for one file: a condition that is not known decides",
    files: {
      "docker-compose.yml": compose(web, service("nginx", "build: nginx", "env_file: .env")),
      "nginx/Dockerfile":
        'FROM nginx:1.27\nCOPY *.conf /templates/\nCOPY start.sh /\nCMD ["/start.sh"]\nENTRYPOINT []\n',
      "nginx/start.sh":
        '#!/bin/sh\nif [ "$TLS" = 1 ]; then\n  envsubst < /templates/tls.conf > /etc/nginx/conf.d/default.conf\nelse\n  envsubst < /templates/plain.conf > /etc/nginx/conf.d/default.conf\nfi\nexec nginx -g "daemon off;"\n',
      "nginx/plain.conf": site("http://web:8000"),
      "nginx/tls.conf": site("http://web:8001"),
    },
    hosts: {
      nginx: [
        "nginx reads nginx/plain.conf + nginx/tls.conf",
        "nginx reads nginx/plain.conf + nginx/tls.conf",
      ],
      ".": ["nginx (nginx) reads what its image brings", gunicornOfWeb],
    },
  },
  {
    title: "a variant that stands by itself is an alternative and not a second half",
    files: {
      "docker-compose.yml": compose(
        service("web", "build: .", "command: gunicorn -w 1 -b 0.0.0.0:8000 app:app"),
        service("nginx", "image: nginx:1.27", "volumes: ['./dev.conf:/etc/nginx/conf.d/default.conf']"),
      ),
      "docker-compose.prod.yml": compose(
        service("web", "build: .", "command: gunicorn -w 4 -b 0.0.0.0:8000 app:app"),
        service("nginx", "image: nginx:1.27", "volumes: ['./prod.conf:/etc/nginx/conf.d/default.conf']"),
      ),
      Dockerfile: python,
      "dev.conf": site("http://web:8000"),
      "prod.conf": site("http://web:8000"),
    },
    hosts: {
      "docker-compose.yml": [
        "nginx (nginx) reads dev.conf",
        "gunicorn (web) has no file, 1 x 1, 30 s, *:8000",
        "nginx (nginx) / -> gunicorn (web)",
      ],
      "docker-compose.prod.yml": [
        "nginx (nginx) reads prod.conf",
        "gunicorn (web) has no file, 4 x 1, 30 s, *:8000",
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "a variant that only changes a service stands over the base",
    files: {
      "docker-compose.yml": compose(
        web,
        service("nginx", "image: nginx:1.27", "volumes: ['./app.conf:/etc/nginx/conf.d/default.conf']"),
      ),
      "docker-compose.prod.yml": compose(service("web", "command: gunicorn -w 8 -b 0.0.0.0:8000 app:app")),
      "app.conf": site("http://web:8000"),
    },
    hosts: {
      "docker-compose.yml": [
        "nginx (nginx) reads app.conf",
        gunicornOfWeb,
        "nginx (nginx) / -> gunicorn (web)",
      ],
      "docker-compose.prod.yml": [
        "nginx (nginx) reads app.conf",
        "gunicorn (web) has no file, 8 x 1, 30 s, *:8000",
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "two services of one image with commands of their own",
    files: {
      "compose.yaml": compose(
        service("api", "build: .", "command: gunicorn -w 4 -b 0.0.0.0:8000 api:app"),
        service("admin", "build: .", "command: gunicorn -w 1 -b 0.0.0.0:8000 admin:app"),
        service("worker", "build: .", "command: celery -A app worker"),
        service("nginx", "image: nginx:1.27", "volumes: ['./app.conf:/etc/nginx/conf.d/default.conf']"),
      ),
      Dockerfile: `${python}CMD ["gunicorn", "app:app"]\n`,
      "gunicorn.conf.py": "timeout = 90\n",
      "app.conf": site("http://api:8000"),
    },
    hosts: {
      ".": [
        "nginx (nginx) reads app.conf",
        "gunicorn (api) has /app/gunicorn.conf.py, 4 x 1, 90 s, *:8000",
        "gunicorn (admin) has /app/gunicorn.conf.py, 1 x 1, 90 s, *:8000",
        "nginx (nginx) / -> gunicorn (api)",
      ],
    },
    findings: ["timeouts/proxy-read-below-gunicorn"],
  },
  {
    title: "settings that stand outside of the working directory are not read",
    files: {
      "compose.yaml": compose(service("web", "build: .")),
      Dockerfile: 'FROM python:3.12\nWORKDIR /srv\nCOPY . .\nCMD ["gunicorn", "-b", ":8000", "app:app"]\n',
      "deploy/gunicorn.conf.py": "workers = 9\n",
    },
    hosts: { ".": ["gunicorn (web) has no file, 1 x 1, 30 s, *:8000"] },
    aside: ["deploy/gunicorn.conf.py: settings of gunicorn that no unit here starts"],
  },
  {
    title: "settings of gunicorn from .env, the compose file and a start script",
    files: {
      "docker-compose.yml": compose(
        service("web", "build: .", "environment:", "  GUNICORN_WORKERS: ${WORKERS:-2}", "  THREADS: 4"),
      ),
      ".env": "WORKERS=5\n",
      Dockerfile: `${python}ENTRYPOINT ["/app/start.sh"]\n`,
      "start.sh":
        '#!/bin/sh\npython manage.py migrate\nexec gunicorn --workers="${GUNICORN_WORKERS:-1}" --threads "${THREADS}" --timeout "${TIMEOUT:-45}" -b 0.0.0.0:8000 app:app\n',
    },
    hosts: { ".": ["gunicorn (web) has no file, 5 x 4, 45 s, *:8000"] },
  },
  {
    title: "names: an alias, the name of the container, and a service on another network",
    files: {
      "compose.yaml": `${compose(
        service(
          "web",
          "image: python:3.12",
          "command: gunicorn -b :8000 a:a",
          "networks: {front: {aliases: [app]}}",
        ),
        service(
          "api",
          "image: python:3.12",
          "container_name: api-1",
          "command: gunicorn -b :8001 a:a",
          "networks: [front]",
        ),
        service("inner", "image: python:3.12", "command: gunicorn -b :8002 a:a", "networks: [back]"),
        service(
          "nginx",
          "image: nginx:1.27",
          "networks: [front]",
          "volumes: ['./app.conf:/etc/nginx/conf.d/default.conf']",
        ),
      )}networks: {front: {}, back: {}}\n`,
      "app.conf":
        "server {\n  listen 80;\n  location / { proxy_pass http://app:8000; }\n  location /api/ { proxy_pass http://api-1:8001; }\n  location /inner/ { proxy_pass http://inner:8002; }\n}\n",
    },
    hosts: {
      ".": [
        "nginx (nginx) reads app.conf",
        "gunicorn (web) has no file, 1 x 1, 30 s, *:8000",
        "gunicorn (api) has no file, 1 x 1, 30 s, *:8001",
        "gunicorn (inner) has no file, 1 x 1, 30 s, *:8002",
        "nginx (nginx) / -> gunicorn (web)",
        "nginx (nginx) /api/ -> gunicorn (api)",
      ],
    },
    findings: ["upstream/no-listener"],
  },
  {
    title: "one network namespace: service:NAME",
    files: {
      "compose.yaml": compose(
        service("web", "image: python:3.12", "command: gunicorn -b 127.0.0.1:8000 a:a"),
        service(
          "nginx",
          "image: nginx:1.27",
          "network_mode: service:web",
          "volumes: ['./app.conf:/etc/nginx/conf.d/default.conf']",
        ),
      ),
      "app.conf": site("http://127.0.0.1:8000"),
    },
    hosts: {
      ".": [
        "nginx (nginx) reads app.conf",
        "gunicorn (web) has no file, 1 x 1, 30 s, 127.0.0.1:8000",
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "the network of the machine: a published port is reached over loopback, a name is not known there",
    files: {
      "compose.yaml": compose(
        service(
          "web",
          "image: python:3.12",
          "command: gunicorn -b 0.0.0.0:8000 a:a",
          "ports: ['127.0.0.1:8080:8000']",
        ),
        service(
          "nginx",
          "image: nginx:1.27",
          "network_mode: host",
          "volumes: ['./app.conf:/etc/nginx/conf.d/default.conf']",
        ),
      ),
      "app.conf": site("http://127.0.0.1:8080"),
    },
    hosts: {
      ".": [
        "nginx (nginx) reads app.conf",
        "gunicorn (web) has no file, 1 x 1, 30 s, *:8000",
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "a unix socket on a volume that both mount, at two paths",
    files: {
      "compose.yaml": `${compose(
        service(
          "web",
          "image: python:3.12",
          "command: gunicorn -b unix:/run/app/web.sock a:a",
          "volumes: ['sock:/run/app']",
        ),
        service(
          "nginx",
          "image: nginx:1.27",
          "volumes: ['sock:/sockets', './app.conf:/etc/nginx/conf.d/default.conf']",
        ),
      )}volumes: {sock: {}}\n`,
      "app.conf": site("http://unix:/sockets/web.sock"),
    },
    hosts: {
      ".": [
        "nginx (nginx) reads app.conf",
        "gunicorn (web) has no file, 1 x 1, 30 s, unix:/run/app/web.sock",
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "a unix socket that only one of them mounts",
    files: {
      "compose.yaml": `${compose(
        service("web", "image: python:3.12", "command: gunicorn -b unix:/run/web.sock a:a"),
        service("nginx", "image: nginx:1.27", "volumes: ['./app.conf:/etc/nginx/conf.d/default.conf']"),
      )}`,
      "app.conf": site("http://unix:/run/web.sock"),
    },
    hosts: {
      ".": ["nginx (nginx) reads app.conf", "gunicorn (web) has no file, 1 x 1, 30 s, unix:/run/web.sock"],
    },
    findings: ["upstream/no-listener"],
  },
  {
    title: "gunicorn behind supervisor, with its nginx in the same container",
    files: {
      "compose.yaml": compose(service("app", "build: .")),
      Dockerfile:
        'FROM python:3.12\nRUN apt-get update && apt-get install -y nginx supervisor\nCOPY nginx.conf /etc/nginx/nginx.conf\nCOPY supervisord.conf /etc/supervisord.conf\nWORKDIR /app\nCMD ["supervisord", "-n", "-c", "/etc/supervisord.conf"]\n',
      "supervisord.conf":
        '[supervisord]\nnodaemon=true\n[program:app]\ncommand=gunicorn -w 2 -b 127.0.0.1:8000 app:app\n[program:nginx]\ncommand=nginx -g "daemon off;"\n',
      "nginx.conf": mainFile(site("http://127.0.0.1:8000")),
    },
    hosts: {
      ".": [
        "nginx (app) reads nginx.conf",
        "gunicorn (app) has no file, 2 x 1, 30 s, 127.0.0.1:8000",
        "nginx (app) / -> gunicorn (app)",
      ],
    },
  },
  {
    title: "an nginx before node gives nothing to compare",
    files: {
      "compose.yaml": compose(
        service("front", "image: node:22", "command: node server.js"),
        service("nginx", "image: nginx:1.27", "volumes: ['./app.conf:/etc/nginx/conf.d/default.conf']"),
      ),
      "app.conf": site("http://front:3000"),
    },
    hosts: { ".": ["nginx (nginx) reads app.conf"] },
  },
  {
    title: "projects in folders of examples never meet, nor the one at the top",
    files: {
      "compose.yaml": compose(web),
      "examples/a/compose.yaml": compose(
        web,
        service("nginx", "image: nginx:1.27", "volumes: ['./a.conf:/etc/nginx/conf.d/default.conf']"),
      ),
      "examples/a/a.conf": site("http://web:8000"),
      "examples/b/compose.yaml": compose(
        service("nginx", "image: nginx:1.27", "volumes: ['./b.conf:/etc/nginx/conf.d/default.conf']"),
      ),
      "examples/b/b.conf": site("http://web:8000"),
    },
    hosts: {
      ".": [gunicornOfWeb],
      "examples/a": [
        "nginx (nginx) reads examples/a/a.conf",
        gunicornOfWeb,
        "nginx (nginx) / -> gunicorn (web)",
      ],
      "examples/b": ["nginx (nginx) reads examples/b/b.conf"],
    },
  },
  {
    title: "replicas and profiles are containers like others",
    files: {
      "compose.yaml": compose(
        service("web", "image: python:3.12", "deploy: {replicas: 3}", "command: gunicorn -b :8000 a:a"),
        service(
          "nginx",
          "image: nginx:1.27",
          "profiles: [full]",
          "volumes: ['./app.conf:/etc/nginx/conf.d/default.conf']",
        ),
      ),
      "app.conf": site("http://web:8000"),
    },
    hosts: {
      ".": [
        "nginx (nginx) reads app.conf",
        "gunicorn (web) has no file, 1 x 1, 30 s, *:8000",
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title: "a build whose Dockerfile is not here",
    files: {
      "compose.yaml": compose(
        service("web", "build: ./app", "command: gunicorn -w 2 -b 0.0.0.0:8000 app:app"),
        service("nginx", "build: ./nginx"),
      ),
      "nginx/nginx.conf": mainFile(site("http://web:8000")),
    },
    hosts: {
      nginx: ["nginx reads nginx/nginx.conf"],
      ".": ["gunicorn (web) has no file, 2 x 1, 30 s, *:8000"],
    },
  },
  {
    title: "a project in a folder of its own that builds the folder above",
    files: {
      "docker/compose.yaml": compose(
        service("web", "build: {context: .., dockerfile: docker/web.Dockerfile}", "env_file: ../app.env"),
        service("nginx", "image: nginx:1.27", "volumes: ['../deploy/app.conf:/etc/nginx/conf.d/app.conf']"),
      ),
      "docker/web.Dockerfile": `${python}CMD gunicorn -b 0.0.0.0:8000 app:app\n`,
      "app.env": "WEB_CONCURRENCY=4\nGUNICORN_CMD_ARGS=--timeout 50\n",
      "gunicorn.conf.py": "threads = 2\ntimeout = 20\n",
      "deploy/app.conf": site("http://web:8000"),
    },
    hosts: {
      docker: [
        "nginx (nginx) reads deploy/app.conf",
        "gunicorn (web) has /app/gunicorn.conf.py, 4 x 2, 50 s, *:8000",
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
  {
    title:
      "a base image of the repository, an entry point that ends in the command, and the stage that is built",
    files: {
      "compose.yaml": compose(
        service(
          "web",
          "build: {context: ., target: prod}",
          "command: [gunicorn, -w, '2', -b, ':8000', 'app:app']",
        ),
      ),
      Dockerfile:
        'FROM python:3.12 AS base\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["./entry.sh"]\nFROM base AS prod\nENV GUNICORN_CMD_ARGS="--timeout 75"\nFROM base AS dev\nCMD ["gunicorn", "--reload", "app:app"]\n',
      "entry.sh":
        '#!/bin/sh\nset -e\nif [ "$1" = gunicorn ]; then\n  python manage.py migrate\nfi\nexec "$@"\n',
    },
    hosts: { ".": ["gunicorn (web) has no file, 2 x 1, 75 s, *:8000"] },
  },
  {
    title: "a site beside the default site of the image: both are in force",
    files: {
      "compose.yaml": compose(
        web,
        service("nginx", "image: nginx:1.27", "volumes: ['./app.conf:/etc/nginx/conf.d/app.conf']"),
      ),
      "app.conf": site("http://web:8000").replace("80;", "8080;"),
    },
    hosts: { ".": ["nginx (nginx) reads app.conf", gunicornOfWeb, "nginx (nginx) / -> gunicorn (web)"] },
  },
  {
    title: "an image that is not known, over whose main file one is mounted",
    files: {
      "compose.yaml": compose(
        web,
        service(
          "edge",
          "image: registry.example.org/edge:4",
          "volumes: ['./edge.conf:/etc/nginx/nginx.conf']",
        ),
      ),
      "edge.conf": mainFile(site("http://web:8000")),
    },
    hosts: { ".": ["nginx (edge) reads edge.conf", gunicornOfWeb, "nginx (edge) / -> gunicorn (web)"] },
  },
  {
    title: "another server in the same project",
    files: {
      "compose.yaml": compose(
        service("php", "image: php:8-fpm"),
        service("nginx", "image: nginx:1.27", "volumes: ['./app.conf:/etc/nginx/conf.d/default.conf']"),
        web,
      ),
      "app.conf": "server {\n  listen 80;\n  location ~ \\.php$ {\n    fastcgi_pass php:9000;\n  }\n}\n",
    },
    hosts: { ".": ["nginx (nginx) reads app.conf", gunicornOfWeb] },
  },
  {
    title: "a compose file that is named after its stage, and a file of another program with services",
    files: {
      "production.yml": compose(
        web,
        service("nginx", "build: {context: ., dockerfile: compose/nginx/Dockerfile}"),
      ),
      "compose/nginx/Dockerfile":
        "FROM nginx:1.27\nCOPY ./compose/nginx/default.conf /etc/nginx/conf.d/default.conf\n",
      "compose/nginx/default.conf": site("http://web:8000"),
      "test.yml": "services:\n  - image: postgres:16\nscript: gunicorn app:app\n",
    },
    hosts: {
      ".": [
        "nginx (nginx) reads compose/nginx/default.conf",
        gunicornOfWeb,
        "nginx (nginx) / -> gunicorn (web)",
      ],
    },
  },
];

describe("compose projects", () => {
  it.each(shapes.map((shape) => [shape.title, shape] as const))("%s", async (_, shape) => {
    expect(await tiesOf(shape.files)).toEqual({
      hosts: shape.hosts,
      aside: shape.aside ?? [],
      findings: shape.findings ?? [],
    });
  });
});
