import { expect, test } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { composeProjects } from "../../../src/programs/container/compose-projects.ts";
import { ContainerTree } from "../../../src/programs/container/container-tree.ts";
import { filledFiles } from "../../../src/programs/container/filled-files.ts";
import { SourceFile } from "../../../src/text/source-file.ts";
import { fileSpan } from "../../../src/text/span.ts";

const repository = memoryTree({
  "compose.yaml":
    "services:\n  nginx:\n    image: nginx:1.27\n    environment: {HOST: app, PORT: '8000', TEMPLATES: /t}\n    volumes: ['./t:/t']\n",
  "t/site.conf": "server $HOST:${PORT}; set $host $OTHER;\n",
});

async function filled(text: string) {
  const [project] = await composeProjects(repository, ["/compose.yaml"]);
  const container = project?.containers[0];
  if (container === undefined) throw new Error("no container");
  const at = fileSpan(new SourceFile("start.sh", text));
  return filledFiles(container, new ContainerTree(repository, container), [{ text, at }]).map(
    ({ file: { path, source } }) => [
      path,
      source.kind === "inline" ? source.file.text.trim() : source.kind === "unknown" ? source.why : source,
    ],
  );
}

const whole = "server app:8000; set $host $OTHER;";

test.each([
  ["envsubst < /t/site.conf > /out.conf", whole],
  ["envsubst '$PORT' < /t/site.conf > /out.conf", "server $HOST:8000; set $host $OTHER;"],
  ['envsubst "\\$HOST" </t/site.conf >/out.conf', "server app:${PORT}; set $host $OTHER;"],
  ["envsubst '${HOST},${PORT}' \\\n  < /t/site.conf \\\n  > /out.conf", whole],
  ["cat /t/site.conf | envsubst '$HOST $PORT' > /out.conf", whole],
  ["envsubst < ${TEMPLATES}/site.conf | tee /out.conf", whole],
  ["envsubst > /out.conf < /t/site.conf", whole],
  ["envsubst '$HOST' < /elsewhere > /out.conf", "envsubst makes it of /elsewhere, which is not here"],
])("%s", async (text, expected) => {
  expect(await filled(text)).toEqual([["/out.conf", expected]]);
});

test("a file that two commands make of different templates is not known", async () => {
  const text = "envsubst < /t/site.conf > /out.conf\nenvsubst < /t/other.conf > /out.conf\n";
  expect(await filled(text)).toEqual([["/out.conf", "a condition decides of what envsubst makes /out.conf"]]);
});

test.each(["envsubst --version", "echo envsubst", "envsubst < /t/site.conf", "envsubst < a > $(mktemp)"])(
  "nothing: %s",
  async (text) => {
    expect(await filled(text)).toEqual([]);
  },
);

test("ends soon on a long line of words", async () => {
  expect(await filled(`cat ${"a ".repeat(50_000)}| envsubst ${"'$A ".repeat(20_000)}`)).toEqual([]);
});
