import { expect, test } from "vitest";
import { isComposeOfStage } from "../../src/files/recognise/container.ts";
import { isTemplateText } from "../../src/files/recognise/template-suffix.ts";

const project = "version: '3'\nservices:\n  web:\n    build: .\n";

test.each([
  ["production.yml", project, true],
  ["deploy/prod.server.yaml", project.replaceAll("\n", "\r\n"), true],
  ["local.yml", "services:\n\n  # the app\n  web: &web\n    image: app\n", true],
  ["values.yml", project, false],
  ["test.yml", "services:\n  - image: postgres:16\n", false],
  [".github/workflows/test.yml", "jobs:\n  a:\n    services:\n      db:\n        image: postgres\n", false],
  ["config/prod.yaml", "services:\n  App\\Mailer:\n    arguments: ['%from%']\n", false],
  ["production.yml", "", false],
])("%s %j is a compose file of a stage: %s", (path, text, expected) => {
  expect(isComposeOfStage(path, text)).toBe(expected);
});

test.each([
  ["{%- if tls %}", true],
  ["exec gunicorn {{ project_name }}.wsgi", true],
  ["<%= workers %>", true],
  ["docker inspect -f '{{.State.Pid}}' web", false],
  ["log_format a '$host {$uri}';", false],
])("%j is a template: %s", (text, expected) => {
  expect(isTemplateText(text)).toBe(expected);
});
