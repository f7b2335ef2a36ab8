import { describe, expect, it } from "vitest";
import { compose, gunicornOfWeb, mainFile, python, type Shape, service, site, web } from "./pieces.ts";
import { tiesOf } from "./ties.ts";

const proxy = service("proxy", "image: nginx:1.27", "volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro']");
const published = service(
  "web",
  "image: python:3.12",
  "command: gunicorn -w 3 -b 0.0.0.0:8000 app:app",
  "ports: ['127.0.0.1:8001:8000']",
);
const unit = (command: string): string => `[Service]\nWorkingDirectory=/srv/app\nExecStart=${command}\n`;
const ofUnit = "gunicorn (app.service) has no file, 2 x 1, 30 s, 127.0.0.1:8000";
const containerOfProxy = [
  "nginx (proxy) reads nginx.conf",
  gunicornOfWeb,
  "nginx (proxy) / -> gunicorn (web)",
];

const shapes: readonly Shape[] = [
  {
    title: "an nginx of the machine before a published port",
    files: { "compose.yaml": compose(published), "deploy/nginx/app.conf": site("http://127.0.0.1:8001") },
    hosts: { ".": ["nginx reads deploy/nginx/app.conf", gunicornOfWeb, "nginx / -> gunicorn (web)"] },
  },
  {
    title: "an nginx that names a port which nobody publishes is another one",
    files: { "compose.yaml": compose(published), "deploy/nginx/app.conf": site("http://127.0.0.1:9000") },
    hosts: { "deploy/nginx": ["nginx reads deploy/nginx/app.conf"], ".": [gunicornOfWeb] },
  },
  {
    title: "an nginx that names a service, and that no container here reads, is tied to nothing",
    files: { "compose.yaml": compose(web), "nginx/app.conf": site("http://web:8000") },
    hosts: { nginx: ["nginx reads nginx/app.conf"], ".": [gunicornOfWeb] },
  },
  {
    title: "an alternative main file beside the one that is mounted",
    files: {
      "compose.yaml": compose(web, proxy),
      "nginx.conf": mainFile(site("http://web:8000")),
      "nginx.old/nginx.conf": mainFile(site("http://127.0.0.1:8000")),
    },
    hosts: { "nginx.old": ["nginx reads nginx.old/nginx.conf"], ".": containerOfProxy },
  },
  {
    title: "a site that stands in the container where its nginx does not read it",
    files: {
      "compose.yaml": compose(
        web,
        service(
          "proxy",
          "image: nginx:1.27",
          "volumes: ['./nginx.conf:/etc/nginx/nginx.conf', './site.conf:/etc/nginx/sites-enabled/site.conf']",
        ),
      ),
      "nginx.conf": mainFile(site("http://web:8000")),
      "site.conf": site("http://127.0.0.1:1"),
    },
    hosts: { ".": containerOfProxy },
    aside: ["site.conf: it is /etc/nginx/sites-enabled/site.conf of proxy, where nginx does not read it"],
  },
  {
    title: "samples beside a site that a container reads",
    files: {
      "compose.yaml": compose(
        web,
        service("proxy", "image: nginx:1.27", "volumes: ['./nginx/sites:/etc/nginx/conf.d']"),
      ),
      "nginx/sites/app.conf": site("http://web:8000"),
      "nginx/sites/tls.conf.example": site("http://web:8000"),
    },
    hosts: {
      ".": ["nginx (proxy) reads nginx/sites/app.conf", gunicornOfWeb, "nginx (proxy) / -> gunicorn (web)"],
    },
    aside: ["nginx/sites/tls.conf.example: it is a sample, to be copied under its real name"],
  },
  {
    title: "kernel settings belong to the machine below the project",
    files: {
      "compose.yaml": compose(web, proxy),
      "nginx.conf": mainFile(site("http://web:8000")),
      "deploy/sysctl.d/60-net.conf": "net.core.somaxconn = 16384\n",
    },
    hosts: { ".": containerOfProxy },
    findings: ["container/host-sysctl-not-inherited"],
  },
  {
    title: "kernel settings of a role or of an example are those of another machine",
    files: {
      "compose.yaml": compose(web, proxy),
      "nginx.conf": mainFile(site("http://web:8000")),
      "roles/kernel/files/sysctl.conf": "net.core.somaxconn = 16384\n",
    },
    hosts: { "roles/kernel/files": [], ".": containerOfProxy },
  },
  {
    title: "a project in docs is not on the machine of the repository",
    files: {
      "docs/install/compose.yaml": compose(web),
      "deploy/app.service": unit("/usr/bin/nginx-exporter"),
      "deploy/sysctl.conf": "net.core.somaxconn = 16384\n",
    },
    hosts: { deploy: [], "docs/install": [gunicornOfWeb] },
  },
  {
    title: "units and containers that start the same application are two ways to run it",
    files: {
      "compose.yaml": compose(web, proxy),
      "nginx.conf": mainFile(site("http://web:8000")),
      "deploy/app.service": unit("/usr/bin/gunicorn -w 2 -b 127.0.0.1:8000 app:app"),
      "deploy/site.conf": site("http://127.0.0.1:8000"),
    },
    hosts: {
      deploy: ["nginx reads deploy/site.conf", ofUnit, "nginx / -> gunicorn (app.service)"],
      ".": containerOfProxy,
    },
  },
  {
    title: "an nginx container before the gunicorn of the machine",
    files: {
      "compose.yaml": compose(
        service(
          "proxy",
          "image: nginx:1.27",
          "network_mode: host",
          "volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro']",
        ),
      ),
      "nginx.conf": mainFile(site("http://127.0.0.1:8000")),
      "deploy/app.service": unit("/usr/bin/gunicorn -w 2 -b 127.0.0.1:8000 app:app"),
    },
    hosts: {
      ".": ["nginx (proxy) reads nginx.conf", ofUnit, "nginx (proxy) / -> gunicorn (app.service)"],
    },
  },
  {
    title: "a Dockerfile alone is no part of the machine",
    files: {
      Dockerfile: `${python}CMD ["gunicorn", "-w", "3", "-b", "0.0.0.0:8000", "app:app"]\n`,
      "deploy/nginx.conf": mainFile(site("http://127.0.0.1:8000")),
      "deploy/sysctl.conf": "net.core.somaxconn = 16384\n",
    },
    hosts: {
      deploy: ["nginx reads deploy/nginx.conf"],
      Dockerfile: ["gunicorn (Dockerfile) has no file, 3 x 1, 30 s, *:8000"],
    },
  },
  {
    title: "two images for two stages never meet",
    files: {
      "Dockerfile.dev": `${python}CMD ["gunicorn", "-w", "1", "-b", "0.0.0.0:8000", "app:app"]\n`,
      "Dockerfile.prod": `${python}CMD ["gunicorn", "-w", "4", "-b", "0.0.0.0:8000", "app:app"]\n`,
      "nginx.Dockerfile": "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n",
      "nginx.conf": mainFile(site("http://127.0.0.1:8000")),
    },
    hosts: {
      "Dockerfile.dev": ["gunicorn (Dockerfile.dev) has no file, 1 x 1, 30 s, *:8000"],
      "Dockerfile.prod": ["gunicorn (Dockerfile.prod) has no file, 4 x 1, 30 s, *:8000"],
      "nginx.Dockerfile": ["nginx (nginx.Dockerfile) reads nginx.conf"],
    },
  },
  {
    title: "a Dockerfile in a folder of its own that is built from the top",
    files: {
      "docker/app/Dockerfile":
        'FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt docker/app/start.sh ./\nCMD ["/app/start.sh"]\n',
      "docker/app/start.sh": "#!/bin/sh\nexec gunicorn -w 6 -b 0.0.0.0:8000 app:app\n",
      "requirements.txt": "gunicorn==23.0.0\n",
    },
    hosts: {
      "docker/app/Dockerfile": ["gunicorn (docker/app/Dockerfile) has no file, 6 x 1, 30 s, *:8000"],
    },
  },
  {
    title: "who runs an image passes what its command cannot do without",
    files: {
      Dockerfile: `${python}CMD exec gunicorn -w "$WORKERS" -t "\${TIMEOUT:-60}" -b "0.0.0.0:$PORT" app:app\n`,
    },
    hosts: { Dockerfile: ["gunicorn (Dockerfile) has no file, ? x 1, 60 s, ?"] },
  },
  {
    title: "a Dockerfile that is a template is not built as it stands",
    files: {
      "Dockerfile.j2": "FROM python:{{ version }}\n{% if prod %}\nCMD gunicorn app:app\n{% endif %}\n",
    },
    hosts: {},
    aside: ["Dockerfile.j2: as far as its files say, no nginx, gunicorn or uvicorn runs in its containers"],
  },
  {
    title: "a compose file that is a template",
    files: {
      "roles/app/templates/docker-compose.yml.j2":
        "services:\n  web:\n    image: {{ image }}\n    command: gunicorn -w {{ workers }} -b 0.0.0.0:8000 app:app\n{% if tls %}\n  proxy:\n    image: nginx:1.27\n{% endif %}\n",
    },
    hosts: {
      "roles/app/templates": [
        "nginx (proxy) reads what its image brings",
        "gunicorn (web) has no file, ? x 1, 30 s, *:8000",
      ],
    },
  },
  {
    title: "containers of one pod share an address, pods meet through a Service",
    files: {
      "k8s/app.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example.org/app:1
          command: [gunicorn, -w, "2", -b, "127.0.0.1:8000", "app:app"]
        - name: proxy
          image: nginx:1.27
          volumeMounts: [{name: site, mountPath: /etc/nginx/conf.d}]
      volumes: [{name: site, configMap: {name: site}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: site}
data:
  default.conf: |
    server {
      listen 80;
      location / { proxy_pass http://127.0.0.1:8000; }
      location /api/ { proxy_pass http://api:80; }
      location /lost/ { proxy_pass http://api:8000; }
    }
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: api
          image: registry.example.org/api:1
          command: [gunicorn, -b, "0.0.0.0:8000", "api:app"]
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  selector: {app: api}
  ports: [{port: 80, targetPort: 8000}]
`,
      "deploy/sysctl.conf": "net.core.somaxconn = 16384\n",
    },
    hosts: {
      deploy: [],
      k8s: [
        "nginx (proxy of Deployment app) reads what its image brings",
        "gunicorn (web of Deployment app) has no file, 2 x 1, 30 s, 127.0.0.1:8000",
        "gunicorn (api of Deployment api) has no file, ? x 1, 30 s, *:8000",
        "nginx (proxy of Deployment app) / -> gunicorn (web of Deployment app)",
        "nginx (proxy of Deployment app) /api/ -> gunicorn (api of Deployment api)",
      ],
    },
  },
  {
    title: "a main file in the .env of several stages",
    files: {
      "compose.yaml": compose(
        web,
        service(
          "proxy",
          "image: nginx:1.27",
          "volumes: ['./nginx/${STAGE:-prod}.conf:/etc/nginx/conf.d/default.conf']",
        ),
      ),
      ".env": "STAGE=dev\n",
      "nginx/dev.conf": site("http://web:8000"),
      "nginx/prod.conf": site("http://web:8000"),
    },
    hosts: {
      nginx: ["nginx reads nginx/prod.conf"],
      ".": ["nginx (proxy) reads nginx/dev.conf", gunicornOfWeb, "nginx (proxy) / -> gunicorn (web)"],
    },
  },
  {
    title: "a start script and an environment file that are templates",
    files: {
      "docker-compose.yml": compose(service("web", "build: .", "env_file: .env.web")),
      Dockerfile: `${python}CMD ["/app/start.sh"]\n`,
      "start.sh": "#!/bin/sh\nexec gunicorn {{ project_name }}.wsgi -w 2 -b 0.0.0.0:8000\n",
      ".env.web": "{%- if tls %}\nTLS=1\n{%- endif %}\nGUNICORN_CMD_ARGS=\nWEB_CONCURRENCY=1\n",
    },
    hosts: { ".": ["gunicorn (web) has ?, 2 x ?, ? s, *:8000"] },
  },
  {
    title: "servers that are not understood are named where nothing else runs",
    files: {
      "docker-compose.yml": compose(
        service("web", "build: ."),
        service("admin", "build: .", "command: daphne -b 0.0.0.0 shop.asgi:application"),
      ),
      Dockerfile: `${python}CMD ["python", "main.py"]\n`,
    },
    hosts: {},
    aside: [
      "docker-compose.yml: as far as its files say, no nginx, gunicorn or uvicorn runs in its containers; what it starts is not checked: python main.py, daphne",
      "Dockerfile: as far as its files say, no nginx, gunicorn or uvicorn runs in its containers; what it starts is not checked: python main.py, daphne",
    ],
  },
  {
    title: "a Python script that starts uvicorn itself, behind an nginx",
    files: {
      "compose.yaml": compose(proxy, service("web", "build: .", "environment: {PORT: 8000}")),
      "nginx.conf": mainFile(site("http://web:8000")),
      "main.py":
        'import os\nimport uvicorn\nfrom fastapi import FastAPI\n\napp = FastAPI()\n\nif __name__ == "__main__":\n    uvicorn.run("main:app", host="0.0.0.0", port=int(os.environ["PORT"]), workers=4)\n',
      Dockerfile: `${python}CMD ["python", "main.py"]\n`,
    },
    hosts: {
      ".": [
        "nginx (proxy) reads nginx.conf",
        "uvicorn (web) has no file, 4 x 1, Infinity s, *:8000",
        "nginx (proxy) / -> uvicorn (web)",
      ],
    },
  },
  {
    title: "a compose file with branches of a template between its keys",
    files: {
      "docker-compose.yml":
        "services:\n  web: &web\n    image: python:3.12\n    {%- if async %}\n    command: /start-async\n    {%- else %}\n    command: /start\n    {%- endif %}\n  worker:\n    <<: *web\n    {%- if async %}\n    ports: []\n    {%- endif %}\n    command: celery\n",
    },
    hosts: {},
    aside: [
      "docker-compose.yml: as far as its files say, no nginx, gunicorn or uvicorn runs in its containers",
    ],
  },
  {
    title: "a script before the start writes the configuration of nginx",
    files: {
      "compose.yaml": compose(
        web,
        service(
          "nginx",
          "image: nginx:1.27",
          "volumes: ['./init.sh:/docker-entrypoint.d/30-init.sh', './conf:/conf']",
        ),
      ),
      "init.sh": "#!/bin/sh\ncp /conf/*.conf /etc/nginx/conf.d/\n",
      "conf/site.conf": site("http://web:8000"),
    },
    hosts: { conf: ["nginx reads conf/site.conf"], ".": [gunicornOfWeb] },
  },
  {
    title: "a headless Service gives the addresses of the pods, and so every port of theirs",
    files: {
      "app.yaml": `apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  clusterIP: None
  selector: {app: api}
  ports: [{port: 80, targetPort: 8000}]
---
apiVersion: v1
kind: Pod
metadata: {name: api, labels: {app: api}}
spec:
  containers:
    - {name: api, image: "registry.example.org/api:1", command: [gunicorn, -w, "2", -b, "0.0.0.0:8000", "api:app"]}
---
apiVersion: v1
kind: Pod
metadata: {name: proxy}
spec:
  containers:
    - name: proxy
      image: nginx:1.27
      volumeMounts: [{name: site, mountPath: /etc/nginx/conf.d}]
  volumes: [{name: site, configMap: {name: site}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: site}
data:
  default.conf: |
    server { listen 80; location / { proxy_pass http://api:8000; } }
`,
    },
    hosts: {
      ".": [
        "nginx (proxy of Pod proxy) reads what its image brings",
        "gunicorn (api of Pod api) has no file, 2 x 1, 30 s, *:8000",
        "nginx (proxy of Pod proxy) / -> gunicorn (api of Pod api)",
      ],
    },
  },
];

describe("containers, the machine around them and images by themselves", () => {
  it.each(shapes.map((shape) => [shape.title, shape] as const))("%s", async (_, shape) => {
    expect(await tiesOf(shape.files)).toEqual({
      hosts: shape.hosts,
      aside: shape.aside ?? [],
      findings: shape.findings ?? [],
    });
  });
});

it("a snippet that a container reads stands for a loose site too, where its include asks for it", async () => {
  const { hosts, findings } = await tiesOf({
    "docker-compose.yml":
      "services:\n  web:\n    image: nginx:1.27.3\n    volumes:\n      - ./nginx/site.conf:/etc/nginx/conf.d/site.conf:ro\n      - ./nginx/headers:/etc/nginx/headers:ro\n",
    "nginx/site.conf": "server {\n  listen 80;\n  include /etc/nginx/headers;\n}\n",
    "nginx/headers": "proxy_set_header Host $host;\nproxy_set_header X-Real-IP $remote_addr;\n",
    "nginx/other.conf": "server {\n  listen 81;\n  include /etc/nginx/snippets/headers;\n}\n",
  });
  expect(Object.values(hosts).flat()).toHaveLength(2);
  expect(findings).toEqual([]);
});

it("a tree of which a container reads everything is no host by itself", async () => {
  const { hosts } = await tiesOf({
    "docker-compose.yml":
      "services:\n  web:\n    image: nginx:1.27.3\n    volumes:\n      - ./web/etc/nginx/conf.d:/etc/nginx/conf.d:ro\n",
    "web/etc/nginx/conf.d/site.conf": "server {\n  listen 80;\n}\n",
    "web/etc/nginx/conf.d/old.conf.bak": "server {\n  listen 80;\n}\n",
  });
  expect(Object.keys(hosts)).toEqual(["docker-compose.yml"].map(() => expect.any(String)));
});
