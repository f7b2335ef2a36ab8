import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { commitAll, emptyFolder, freshClone, must, run } from "./checkout.ts";

const minutes = 60_000;
const folders: string[] = [];

function scratchFolder(): string {
  const folder = emptyFolder();
  folders.push(folder);
  return folder;
}

let hooks: { readonly folder: string; readonly revision: string };

beforeAll(() => {
  hooks = freshClone();
  folders.push(hooks.folder);
}, minutes);

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}, minutes);

// Where pre-commit is missing these tests fail: passing without it would prove nothing.
describe("pre-commit installs hostlint from git", () => {
  const isInstalled = run(".", "pre-commit", ["--version"]).status === 0;
  const home = scratchFolder();
  const environment = {
    PRE_COMMIT_HOME: home,
    GIT_AUTHOR_NAME: "test",
    GIT_COMMITTER_NAME: "test",
    EMAIL: "test@example.org",
  };
  let repository = "";

  function commit(): { status: number | null; output: string } {
    must(repository, "git", ["add", "--all"]);
    const { status, stdout, stderr } = run(repository, "git", ["commit", "--message", "test"], environment);
    return { status, output: stdout + stderr };
  }

  function write(path: string, text: string): void {
    mkdirSync(join(repository, path, ".."), { recursive: true });
    writeFileSync(join(repository, path), text);
  }

  beforeAll(() => {
    if (!isInstalled) return;
    repository = scratchFolder();
    must(repository, "git", ["init", "--quiet"]);
    const entry = { repo: hooks.folder, rev: hooks.revision, hooks: [{ id: "hostlint" }] };
    write(".pre-commit-config.yaml", JSON.stringify({ repos: [entry] }));
    write("README.md", "# Our server\n");
    must(repository, "pre-commit", ["install", "--install-hooks"], environment);
    commitAll(repository);
  }, 5 * minutes);

  beforeEach(() => {
    if (!isInstalled)
      throw new Error(
        "pre-commit is not on the PATH: apt-get install pre-commit, or pipx install pre-commit",
      );
    must(repository, "git", ["reset", "--quiet", "--hard"]);
    must(repository, "git", ["clean", "--quiet", "-ffd"]);
  });

  test("a commit with a fault between two files fails, with the finding", () => {
    write(
      "host/etc/nginx/nginx.conf",
      "events { worker_connections 4096; }\nhttp { server { listen 80; } }\n",
    );
    write(
      "host/etc/systemd/system/nginx.service",
      "[Service]\nType=forking\nExecStart=/usr/sbin/nginx\nLimitNOFILE=1024\n",
    );
    const { status, output } = commit();
    expect(output).toContain("descriptors/nofile-below-connections");
    expect(output).toContain("host/etc/nginx/nginx.conf");
    expect(status).toBe(1);
  });

  test("a commit of a healthy host passes", () => {
    cpSync("fixtures/hosts/healthy", join(repository, "host"), { recursive: true });
    const { status, output } = commit();
    expect(output).toMatch(/^hostlint\.+Passed$/m);
    expect(status).toBe(0);
  });

  test("a commit of a file that only looks like configuration passes", () => {
    write("redis/Dockerfile", "FROM redis:7\n");
    const { status, output } = commit();
    expect(output).toMatch(/^hostlint\.+Passed$/m);
    expect(status).toBe(0);
  });

  test("a commit that touches no configuration is not held up", () => {
    write("README.md", "# Our server, again\n");
    write("src/app.ts", "export const limits = 1;\n");
    const { status, output } = commit();
    expect(output).toMatch(/^hostlint\.+\(no files to check\)Skipped$/m);
    expect(status).toBe(0);
  });
});

describe("npm installs hostlint from git as pre-commit 4 asks it to", () => {
  test(
    "into a folder of its own, as a global package",
    () => {
      const prefix = scratchFolder();
      const repository = `git+file://${hooks.folder}#${hooks.revision}`;
      const environment = { npm_config_prefix: prefix, NPM_CONFIG_PREFIX: prefix };
      must(
        scratchFolder(),
        "npm",
        ["install", "--allow-git=root", "--install-links", "--global", repository],
        environment,
      );
      const program = join(prefix, "bin/hostlint");
      expect(run(hooks.folder, program, ["fixtures/hosts/django-vm"]).status).toBe(1);
    },
    5 * minutes,
  );
});

describe(".pre-commit-hooks.yaml", () => {
  const manifest = parse(readFileSync(".pre-commit-hooks.yaml", "utf8")) as {
    id: string;
    files: string;
    language: string;
  }[];
  // Python's (?x) ignores white space in a pattern.
  const pattern = new RegExp((manifest[0]?.files ?? "").replace("(?x)", "").replace(/\s+/g, ""));

  test("offers the hook from git and the one on the PATH, for the same files", () => {
    expect(manifest.map(({ id, language }) => `${id} ${language}`)).toEqual([
      "hostlint node",
      "hostlint-system system",
    ]);
    expect(manifest[1]?.files).toBe(manifest[0]?.files);
  });

  test("is documented with every hook", () => {
    const page = readFileSync("docs/pre-commit.md", "utf8");
    const [, example = ""] = /```yaml\n(repos:.*?)```/s.exec(page) ?? [];
    expect(parse(example)).toMatchObject({ repos: [{ hooks: [{ id: "hostlint" }] }] });
    for (const { id } of manifest) expect(page).toContain(`| \`${id}\` |`);
  });

  test.each([
    "nginx.conf",
    "deploy/nginx.conf.j2",
    "nginx/conf.d/default.conf",
    "etc/nginx/sites-available/shop",
    "sites-enabled/shop.example.org",
    "roles/nginx/templates/site.j2",
    "config/nginx-shop",
    "etc/nginx/mime.types",
    "sysctl.conf",
    "etc/sysctl.d/90-net.conf",
    "files/limits.conf",
    "limits.d/www.conf.erb",
    "gunicorn.service",
    "app@.service",
    "app.socket",
    "web.slice",
    "etc/systemd/system/app.service.d/override.conf",
    "gunicorn.conf.py",
    "app/gunicorn_config.py",
    "gunicorn/settings.py",
    "etc/default/shop",
    ".env",
    "deploy/shop.env",
    "Dockerfile",
    "web.Dockerfile",
    "docker-compose.prod.yml",
    "compose.yaml",
    "docker/entrypoint.sh",
    "docker-entrypoint",
    "deploy/start.sh",
    "run-web.sh",
    "Procfile",
    "production.yml",
    "k8s/web/deployment.yaml",
    "requirements.txt",
    "requirements-prod.txt",
    "hostlint.yaml",
  ])("a change of %s is checked", (path) => {
    expect(pattern.test(path)).toBe(true);
  });

  test.each([
    "README.md",
    "docs/nginx.md",
    "src/app.ts",
    "app/rate_limits_test.go",
    "package.json",
    "nginx/html/index.html",
    "app/settings.py",
    "scripts/build.sh",
    "scripts/restart-tests.py",
    "docs/requirements.md",
    "src/start.ts",
    "config/locales/en.yml",
    ".github/workflows/check.yml",
    "environment.yml",
  ])("a change of %s is not", (path) => {
    expect(pattern.test(path)).toBe(false);
  });
});
