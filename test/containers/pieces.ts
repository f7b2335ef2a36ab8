/** A small repository, and what must be tied in it and nothing else. */
export interface Shape {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  readonly aside?: readonly string[];
  readonly findings?: readonly string[];
}

export const mainFile = (http: string): string =>
  `events {\n  worker_connections 1024;\n}\nhttp {\n${http}}\n`;

export const site = (to: string): string =>
  `server {\n  listen 80;\n  location / {\n    proxy_pass ${to};\n  }\n}\n`;

export const service = (name: string, ...lines: string[]): string =>
  `  ${name}:\n${lines.map((line) => `    ${line}\n`).join("")}`;

export const compose = (...services: string[]): string => `services:\n${services.join("")}`;

export const web = service("web", "image: python:3.12", "command: gunicorn -w 3 -b 0.0.0.0:8000 app:app");

export const gunicornOfWeb = "gunicorn (web) has no file, 3 x 1, 30 s, *:8000";

export const python = "FROM python:3.12\nWORKDIR /app\nCOPY . .\n";
