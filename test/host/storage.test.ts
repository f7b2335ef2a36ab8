import { describe, expect, it } from "vitest";
import { containerStorage, machineStorage } from "../../src/host/storage.ts";
import type { ContainerFile, ContainerFileSource } from "../../src/model/container.ts";
import type { Storage } from "../../src/model/environment.ts";
import { unknown, type Value, written } from "../../src/model/value.ts";
import { SourceFile } from "../../src/text/source-file.ts";
import { span } from "../../src/text/span.ts";

const source = new SourceFile("compose.yaml", "services:\n  web:\n    read_only: true\n");
const at = span(source, 10, 13);

const file = (path: string, from: ContainerFileSource, readOnly = false): ContainerFile => ({
  path,
  source: from,
  at,
  readOnly,
});
const volume = (path: string, readOnly = false) => file(path, { kind: "volume", name: "data" }, readOnly);
const tmpfs = (path: string) => file(path, { kind: "memory" });

interface Shape {
  readonly mounts?: readonly ContainerFile[];
  readonly copied?: readonly ContainerFile[];
  readonly readOnly?: boolean;
}

function storage(
  { mounts = [], copied = [], readOnly = false }: Shape,
  directory: string,
): Storage | string[] {
  const readOnlyRoot = written("read_only", readOnly, at);
  return read(
    containerStorage({ files: [...copied, ...mounts], image: { files: copied }, readOnlyRoot }, directory),
  );
}

function read(value: Value<Storage>): Storage | string[] {
  return value.known ? value.value : (value.candidates ?? []).map((each) => each.value);
}

describe("what a container keeps its files on", () => {
  it.each<[string, Shape, string, Storage | string[]]>([
    ["its writable layer", {}, "/tmp", "disk"],
    ["a read-only root file system", { readOnly: true }, "/tmp", "read-only"],
    ["/dev/shm also under a read-only root", { readOnly: true }, "/dev/shm", "memory"],
    ["a tmpfs", { readOnly: true, mounts: [tmpfs("/tmp")] }, "/tmp/gunicorn", "memory"],
    ["a tmpfs beside it", { readOnly: true, mounts: [tmpfs("/tmpfs")] }, "/tmp", "read-only"],
    ["a volume", { readOnly: true, mounts: [volume("/tmp")] }, "/tmp", ["disk", "memory"]],
    ["a volume mounted read-only", { mounts: [volume("/app", true)] }, "/app/tmp", "read-only"],
    [
      "a folder of the repository",
      { mounts: [file("/app", { kind: "repository", path: "/" })] },
      "/app",
      "disk",
    ],
    ["the innermost mount", { mounts: [tmpfs("/app/tmp"), volume("/app", true)] }, "/app/tmp", "memory"],
    [
      "what COPY brought, in the root file system",
      { readOnly: true, copied: [file("/app", { kind: "repository", path: "/" })] },
      "/app",
      "read-only",
    ],
    ["files of another stage", { mounts: [file("/x", { kind: "unknown", why: "another stage" })] }, "/x", []],
  ])("%s", (_, shape, directory, expected) => {
    expect(storage(shape, directory)).toEqual(expected);
  });

  it("is not known where read_only is not", () => {
    const value = containerStorage(
      { files: [], image: { files: [] }, readOnlyRoot: unknown("read_only", "a template", { at }) },
      "/tmp",
    );
    expect(value).toMatchObject({ known: false, origin: { why: "a template" } });
  });
});

describe("what the machine keeps files on", () => {
  it("/dev/shm and /run are memory, /tmp is as the distribution has it", () => {
    expect(read(machineStorage("/dev/shm/app"))).toBe("memory");
    expect(read(machineStorage("/run/app"))).toBe("memory");
    expect(read(machineStorage("/tmp"))).toEqual(["disk", "memory"]);
  });
});
