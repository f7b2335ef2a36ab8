import type { ImageReference } from "../../../model/container.ts";
import { hubName } from "./image-reference.ts";

/** What an image that is pulled is known to bring. */
export interface KnownImage {
  /** Who ships it, for evidence: `nginx image`. */
  readonly program: string;
  /** Where it was read. */
  readonly source: string;
  /** undefined: the image sets none. */
  readonly entrypoint: readonly string[] | undefined;
  /** undefined: the image sets none; unknown where it differs between tags. */
  readonly command: readonly string[] | undefined | "differs";
  readonly workingDirectory: string;
  readonly user: string;
  /** Variables that it sets; undefined as a value where the value changes with the release. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folders that exist in it besides those that every Linux image has. */
  readonly folders: readonly string[];
}

type Change = Partial<KnownImage> & Pick<KnownImage, "program" | "source">;

function image(change: Change): KnownImage {
  return {
    entrypoint: undefined,
    command: undefined,
    workingDirectory: "/",
    user: "root",
    folders: [],
    ...change,
    environment: { PATH: undefined, ...change.environment },
  };
}

const nginxEnvironment = {
  NGINX_VERSION: undefined,
  NJS_VERSION: undefined,
  NJS_RELEASE: undefined,
  ACME_VERSION: undefined,
  PKG_RELEASE: undefined,
  DYNPKG_RELEASE: undefined,
};
const nginxFolders = ["/etc/nginx", "/etc/nginx/conf.d", "/docker-entrypoint.d", "/usr/share/nginx/html"];
const distribution = (name: string, command: KnownImage["command"]): KnownImage =>
  image({ program: `${name} image`, source: `Dockerfile of the official ${name} image`, command });

const tiangolo: KnownImage = image({
  program: "tiangolo image",
  source: "docker-images/ of github.com/tiangolo/uvicorn-gunicorn-docker",
  // Older tags have an entrypoint that only runs the command.
  command: ["/start.sh"],
  workingDirectory: "/app",
  environment: {
    PYTHONPATH: "/app",
    LANG: "C.UTF-8",
    GPG_KEY: undefined,
    PYTHON_VERSION: undefined,
    PYTHON_SHA256: undefined,
    PYTHON_PIP_VERSION: undefined,
    PYTHON_SETUPTOOLS_VERSION: undefined,
    PYTHON_GET_PIP_URL: undefined,
    PYTHON_GET_PIP_SHA256: undefined,
  },
  folders: ["/app"],
});

/** The images of uv that stand on another one; the others hold nothing but its binaries. */
const derivedUv = "ghcr.io/astral-sh/uv";
const derivedUvTag = /^(?:\d[\d.]*-)?(?:alpine|debian|trixie|bookworm|bullseye|python)/;

/** By the name on Docker Hub. */
const images: Readonly<Record<string, KnownImage>> = {
  nginx: image({
    program: "nginx image",
    source: "github.com/nginx/docker-nginx",
    entrypoint: ["/docker-entrypoint.sh"],
    command: ["nginx", "-g", "daemon off;"],
    environment: nginxEnvironment,
    folders: nginxFolders,
  }),
  "nginxinc/nginx-unprivileged": image({
    program: "nginx-unprivileged image",
    source: "github.com/nginx/docker-nginx-unprivileged",
    entrypoint: ["/docker-entrypoint.sh"],
    command: ["nginx", "-g", "daemon off;"],
    user: "101",
    environment: nginxEnvironment,
    folders: nginxFolders,
  }),
  "openresty/openresty": image({
    program: "openresty image",
    source: "github.com/openresty/docker-openresty",
    command: ["/usr/local/openresty/bin/openresty", "-g", "daemon off;"],
    environment: {
      RESTY_LUAJIT_OPTIONS: undefined,
      LUA_PATH: undefined,
      LUA_CPATH: undefined,
    },
    folders: [
      "/usr/local/openresty",
      "/usr/local/openresty/nginx",
      "/usr/local/openresty/nginx/conf",
      "/etc/nginx",
      "/etc/nginx/conf.d",
    ],
  }),
  python: image({
    program: "python image",
    source: "github.com/docker-library/python",
    command: ["python3"],
    environment: {
      LANG: "C.UTF-8",
      GPG_KEY: undefined,
      PYTHON_VERSION: undefined,
      PYTHON_SHA256: undefined,
      PYTHON_PIP_VERSION: undefined,
      PYTHON_SETUPTOOLS_VERSION: undefined,
      PYTHON_GET_PIP_URL: undefined,
      PYTHON_GET_PIP_SHA256: undefined,
    },
  }),
  "tiangolo/uvicorn-gunicorn": tiangolo,
  "tiangolo/uvicorn-gunicorn-fastapi": tiangolo,
  "tiangolo/uvicorn-gunicorn-starlette": tiangolo,
  "tiangolo/meinheld-gunicorn": {
    ...tiangolo,
    source: "docker-images/ of github.com/tiangolo/meinheld-gunicorn-docker",
    entrypoint: ["/entrypoint.sh"],
  },
  "tiangolo/meinheld-gunicorn-flask": {
    ...tiangolo,
    source: "docker-images/ of github.com/tiangolo/meinheld-gunicorn-docker",
    entrypoint: ["/entrypoint.sh"],
  },
  "ghcr.io/benoitc/gunicorn": image({
    program: "gunicorn image",
    source: "docker/Dockerfile of github.com/benoitc/gunicorn",
    entrypoint: ["docker-entrypoint.sh"],
    command: ["--help"],
    workingDirectory: "/app",
    user: "gunicorn",
    environment: { LANG: "C.UTF-8", GPG_KEY: undefined, PYTHON_VERSION: undefined, PYTHON_SHA256: undefined },
    folders: ["/app"],
  }),
  [derivedUv]: image({
    program: "uv image",
    source: ".github/workflows/build-docker.yml of github.com/astral-sh/uv",
    command: ["/usr/local/bin/uv"],
    environment: {
      UV_TOOL_BIN_DIR: undefined,
      LANG: undefined,
      GPG_KEY: undefined,
      PYTHON_VERSION: undefined,
      PYTHON_SHA256: undefined,
    },
  }),
  debian: distribution("debian", "differs"),
  ubuntu: distribution("ubuntu", "differs"),
  alpine: distribution("alpine", ["/bin/sh"]),
  busybox: distribution("busybox", ["sh"]),
  fedora: distribution("fedora", ["/bin/bash"]),
  centos: distribution("centos", ["/bin/bash"]),
  rockylinux: distribution("rockylinux", ["/bin/bash"]),
  almalinux: distribution("almalinux", ["/bin/bash"]),
  amazonlinux: distribution("amazonlinux", ["/bin/bash"]),
};

/** Why nothing is said of an image that is often met. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:jwilder\/nginx-proxy|nginxproxy\/nginx-proxy|steveltn\/https-portal)$/,
    "writes its nginx configuration when it starts, from the other containers",
  ],
  [/^(?:jonasal|staticfloat)\/nginx-certbot$/, "writes its nginx configuration when it starts"],
  [/(?:^|\/)linuxserver\//, "writes its configuration into /config when it starts"],
  [/(?:^|\/)bitnami(?:legacy)?\//, "keeps its configuration below /opt/bitnami and writes it when it starts"],
];

/** What a pulled image brings; undefined where it is not known here. */
export function knownImage(reference: ImageReference): KnownImage | undefined {
  const name = hubName(reference);
  if (name === derivedUv && !derivedUvTag.test(reference.tag ?? "")) return undefined;
  return Object.hasOwn(images, name) ? images[name] : undefined;
}

/** Why a pulled image is not known here, in words for the user. */
export function unknownImageReason(reference: ImageReference): string {
  const written = `${reference.repository}${reference.tag === undefined ? "" : `:${reference.tag}`}`;
  const why = reasons.find(([pattern]) => pattern.test(reference.repository))?.[1];
  return why === undefined ? `the image ${written} is not known here` : `the image ${written} ${why}`;
}

/** Folders that every Linux image has, as the Filesystem Hierarchy Standard and Debian's base-files name them. */
export const usualFolders: readonly string[] = [
  "/",
  "/bin",
  "/dev",
  "/etc",
  "/home",
  "/lib",
  "/media",
  "/mnt",
  "/opt",
  "/proc",
  "/root",
  "/run",
  "/sbin",
  "/srv",
  "/sys",
  "/tmp",
  "/usr",
  "/usr/bin",
  "/usr/lib",
  "/usr/local",
  "/usr/local/bin",
  "/usr/local/etc",
  "/usr/local/lib",
  "/usr/local/sbin",
  "/usr/local/share",
  "/usr/sbin",
  "/usr/share",
  "/usr/src",
  "/var",
  "/var/cache",
  "/var/lib",
  "/var/log",
  "/var/run",
  "/var/tmp",
  "/etc/init.d",
  "/etc/cron.d",
  "/etc/profile.d",
];
