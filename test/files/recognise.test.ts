import fc from "fast-check";
import { expect, test } from "vitest";
import { runsInContainer } from "../../src/files/recognise/container.ts";
import { nginxStatements } from "../../src/files/recognise/nginx-statements.ts";
import { mayBeOurs, recognise, recogniseNamed } from "../../src/files/recognise/recognise.ts";
import { roleInWords } from "../../src/files/recognise/recognised.ts";
import { installedName, isBackup, isSample } from "../../src/files/recognise/template-suffix.ts";
import { SourceFile } from "../../src/text/source-file.ts";

const site = "server {\n  listen 80;\n  location / { proxy_pass http://app; }\n}\n";
const unit = "[Unit]\nDescription=App\n[Service]\nExecStart=/srv/app/run\n";

function role(path: string, text: string): string | undefined {
  if (!mayBeOurs(path)) return undefined;
  const verdict = recognise(path, text);
  if (verdict === undefined) return undefined;
  return "not" in verdict ? `not: ${verdict.not}` : roleInWords(verdict);
}

test.each([
  ["/deploy/nginx.conf", "events {}\nhttp { include mime.types; }", "nginx main configuration"],
  ["/nginx/nginx.conf", "worker_processes auto;\ninclude rest.conf;", "nginx main configuration"],
  ["/deploy/nginx.conf", site, "nginx fragment"],
  ["/deploy/app.conf", site, "nginx fragment"],
  ["/etc/nginx/sites-available/app", site, "nginx fragment"],
  ["/deploy/autotrader-nginx", site, "nginx fragment"],
  ["/nginx-conf/pram", "proxy_set_header Host $host;", "nginx snippet"],
  [
    "/templates/site.nginx.j2",
    "{% for s in sites %}\nserver {\n  server_name {{ s.name }};\n}\n{% endfor %}",
    "nginx fragment",
  ],
  [
    "/templates/nginx.conf.erb",
    "<% if @ssl %>\nevents { worker_connections <%= @connections %>; }\n<% end %>\nhttp {}",
    "nginx main configuration",
  ],
  ["/nginx/default.conf.template", "server { listen ${PORT}; root /srv; }", "nginx fragment"],
  [
    "/nginx/lua.conf",
    "init_by_lua_block { local x = {} ; print('}') }\nserver { listen 80; }",
    "nginx fragment",
  ],
  ["/deploy/gunicorn.service", unit, "systemd service"],
  ["/deploy/gunicorn.socket", "[Socket]\nListenStream=/run/g.sock", "systemd socket"],
  [
    "/deploy/gunicorn.service.j2",
    "{# managed #}\n[Service]\nExecStart={{ venv }}/bin/gunicorn",
    "systemd service",
  ],
  ["/roles/app/templates/gunicorn_service.j2", unit, "systemd service"],
  ["/files/nginx.service.d/limits.conf", "[Service]\nLimitNOFILE=65536", "drop-in of nginx.service"],
  ["/etc/systemd/system.conf", "[Manager]\n#DefaultLimitNOFILE=", "systemd manager settings"],
  ["/sysctl.conf", "net.core.somaxconn = 1024\n", "sysctl"],
  ["/etc/sysctl.conf", "# nothing here\n", "sysctl"],
  ["/files/99-tuning.conf", "net.ipv4.tcp_tw_reuse = 1\nvm.swappiness=10\n", "sysctl"],
  ["/etc/sysctl.d/10-x.conf", "-net/ipv4/conf/*/rp_filter = 2\n", "sysctl"],
  ["/templates/sysctl.conf.j2", "{% for k in keys %}\nnet.core.{{ k }} = 1\n{% endfor %}", "sysctl"],
  ["/files/limits.conf", "www-data soft nofile 65536 # web\n", "limits.conf"],
  ["/etc/security/limits.conf", "# only the comments of Debian\n", "limits.conf"],
  ["/files/90-nofile.conf", "*\t-\tnofile\t100000\n", "limits.conf"],
  ["/templates/limits.conf.j2", "{{ user }} {{ type }} {{ item }} {{ value }}\n", "limits.conf"],
  ["/gunicorn.conf.py", "bind = '0.0.0.0:8000'\nworkers = 4\n", "gunicorn settings"],
  ["/gunicorn_config.py", "import os\ndef post_fork(server, worker):\n    pass\n", "gunicorn settings"],
])("%s is %3$s", (path, text, expected) => {
  expect(role(path, text)).toBe(expected);
  expect(role(path, text.replaceAll("\n", "\r\n"))).toBe(expected);
});

test.each([
  ["/templates/chrony.conf.j2", "server {{ x }} iburst\ndriftfile /var/lib/chrony/drift\n", undefined],
  ["/conf/application.conf", "http {\n  port = 80\n  host = localhost\n}\n", undefined],
  [
    "/conf/nginx.config",
    "option_settings:\n  worker_processes: 4\n",
    "not: its content is not an nginx configuration",
  ],
  ["/nginx.conf", "<html>;</html>", "not: its content is not an nginx configuration"],
  [
    "/etc/dovecot/conf.d/10-master.conf",
    "service imap-login {\n  inet_listener imap {\n    port = 143\n  }\n}\n",
    undefined,
  ],
  ["/haproxy.conf", "frontend web\n  bind *:80\n  default_backend app\n", undefined],
  [
    "/etc/bind/named.conf",
    'include "/etc/bind/named.conf.options";\nzone "." { type hint; file "root"; };\n',
    undefined,
  ],
  ["/etc/bind/named.conf.local", 'include "/etc/bind/zones";\n', undefined],
  [
    "/etc/tmpfiles.d/gunicorn.conf",
    "d /run/gunicorn 0755 www-data www-data -\n",
    "not: it lists temporary files for systemd-tmpfiles",
  ],
  [
    "/supervisor/gunicorn.conf",
    "[program:gunicorn]\ncommand=gunicorn app\n",
    "not: it configures supervisor",
  ],
  ["/etc/php-fpm.d/www.conf", "[www]\nuser = www-data\nlisten = 127.0.0.1:9000\n", undefined],
  ["/redis.conf", "port 6379\nmaxmemory 1gb\n", undefined],
  ["/rspamd/local.d/antivirus.conf", 'clamav {\n  servers = "127.0.0.1";\n}\n', undefined],
  [
    "/dhcpd.conf",
    "subnet 10.0.0.0 netmask 255.0.0.0 {\n  range 10.0.0.1 10.0.0.9;\n  option routers 10.0.0.1;\n}\n",
    undefined,
  ],
  [
    "/dbus/org.x.service",
    "[D-BUS Service]\nName=org.x\nExec=/bin/x\n",
    "not: it is a D-Bus service, not a systemd unit",
  ],
  [
    "/avahi/http.service",
    '<?xml version="1.0"?>\n<service-group/>\n',
    "not: it has no section of a systemd unit",
  ],
  [
    "/files/override.conf",
    "[Service]\nLimitNOFILE=1\n",
    "not: it is a drop-in, but its folder does not say of which unit",
  ],
  ["/etc/ufw/sysctl.conf", "net/ipv4/tcp_sack=1\n", "not: ufw reads it, not systemd-sysctl"],
  [
    "/etc/systemd/user.conf",
    "[Manager]\n",
    "not: it sets the managers of logged-in users, which start no system service",
  ],
  ["/app/gunicorn_logging.py", "import logging\n", undefined],
  ["/docs/nginx.md", site, undefined],
  ["/doc/NginxModule.wiki", site, undefined],
])("%s is not taken: %3$s", (path, text, expected) => {
  expect(role(path, text)).toBe(expected);
});

test("a file that the user named needs no telling name", () => {
  expect(recogniseNamed("/tmp/x", site)).toEqual({ program: "nginx", shape: "fragment" });
  expect(recogniseNamed("/tmp/x", "hello\n")).toEqual({
    not: "it is no configuration of nginx, sysctl, pam_limits, systemd or gunicorn",
  });
});

test.each([
  ["nginx.conf.j2", "nginx.conf"],
  ["default.conf.template", "default.conf"],
  ["nginx.template.conf", "nginx.conf"],
  ["app.service.in", "app.service"],
  ["nginx.conf.example.erb", "nginx.conf"],
  ["site.j2", "site"],
  [".j2", ".j2"],
])("%s is installed as %s", (name, installed) => {
  expect(installedName(name)).toBe(installed);
});

test("tells samples and backup copies", () => {
  expect(["nginx.conf.default", "app.conf.example", "x.sample.j2"].every(isSample)).toBe(true);
  expect(
    ["nginx.conf.bak", "nginx.conf~", "sysctl.conf.org", "sysctl.conf-10-21-EDIT", "x.orig"].every(isBackup),
  ).toBe(true);
  expect(["example.org", "site-2024", "app.conf", "default"].some(isBackup)).toBe(false);
});

test.each([
  ["compose.yaml", "services:\n  web:\n    image: nginx:1.27\n", "image: nginx:1.27"],
  ["docker-compose.prod.yml", "services:\n  web:\n    command: >\n      gunicorn app\n", undefined],
  ["docker-compose.yml", "services:\n  web:\n    command: gunicorn app:app\n", "command: gunicorn app:app"],
  ["docker-compose.yml", "services:\n  nginx:\n    build: ./web\n", "nginx:"],
  ["docker-compose.yml", "services:\n  db:\n    image: postgres\n    volumes: [./nginx:/x]\n", undefined],
  ["Dockerfile", "FROM python:3\nRUN pip install gunicorn\n", undefined],
  [
    "Dockerfile",
    "FROM debian\nRUN apt-get install -y \\\n  curl nginx\n",
    "RUN apt-get install -y \\\n  curl nginx",
  ],
  ["Dockerfile", "FROM debian\nCOPY nginx.conf /etc/nginx/\n", "COPY nginx.conf /etc/nginx/"],
  ["Dockerfile", 'FROM python:3\nCMD ["gunicorn", "app"]\n', 'CMD ["gunicorn", "app"]'],
  ["web.dockerfile", "FROM python:3\nCMD exec \\\n  gunicorn app\n", "CMD exec \\\n  gunicorn app"],
])("%s shows what runs in containers: %3$s", (path, text, expected) => {
  const found = runsInContainer(new SourceFile(path, text));
  expect(found === undefined ? undefined : text.slice(found.start, found.end)).toBe(expected);
});

test("looks at any text without failing", () => {
  const word = fc.constantFrom(
    "{",
    "}",
    ";",
    "{{",
    "}}",
    "{%",
    "<%",
    "${",
    "#",
    '"',
    "'",
    "\n",
    " ",
    "\\",
    "server",
    "x",
    "[Service]",
    "\0",
    "map",
    "init_by_lua_block",
  );
  const paths = fc.constantFrom(
    "/nginx/nginx.conf",
    "/x.service",
    "/sysctl.conf",
    "/limits.conf",
    "/gunicorn.conf",
    "/a.service.d/x.conf",
  );
  fc.assert(
    fc.property(
      paths,
      fc.oneof(
        fc.string(),
        fc.array(word, { maxLength: 60 }).map((words) => words.join("")),
      ),
      (path, text) => {
        recognise(path, text);
        recogniseNamed(path, text);
        runsInContainer(new SourceFile("compose.yml", text));
        runsInContainer(new SourceFile("Dockerfile", text));
      },
    ),
  );
});

test.each([
  ["braces", "a {\n".repeat(16_000)],
  ["closing braces", "}".repeat(64_000)],
  ["holes", "{{\n".repeat(20_000)],
  ["quotes", "\"'".repeat(32_000)],
  ["hashes", "# ".repeat(32_000)],
  ["blanks", `x${" ".repeat(64_000)}`],
  ["dots", `net${".a".repeat(32_000)}`],
  ["one line of words", "soft nofile ".repeat(5_000)],
])("a file of nothing but %s is looked at to its end", (_, text) => {
  for (const path of ["/nginx/nginx.conf", "/a.service.d/limits.conf", "/gunicorn.conf"])
    recognise(path, text);
  runsInContainer(new SourceFile("Dockerfile", `FROM ${text}`));
  expect(nginxStatements(text).length).toBeGreaterThanOrEqual(0);
});
