import { isWithin } from "../files/host-path.ts";
import type { Container, ContainerFile } from "../model/container.ts";
import type { Storage } from "../model/environment.ts";
import type { SystemdService } from "../model/systemd.ts";
import { byDefault, derive, relabel, unknown, type Value, written } from "../model/value.ts";

/**
 * What a service keeps a file of this directory on. /dev/shm and /run are in memory (tmpfs, src/shared/mount-setup.c
 * of systemd); whether /tmp is, the distribution decides.
 */
export function serviceStorage(service: SystemdService, directory: string): Value<Storage> {
  const label = storageLabel(directory);
  const writable = service.writable(directory);
  if (!writable.known) return relabel<Storage>(label, writable as Value<never>);
  if (!writable.value) return derive(label, "it is mounted read-only", [writable], () => "read-only");
  return memoryOf(directory, "systemd", ["/dev/shm", "/run"]) ?? machineStorage(directory);
}

/** What a file of the machine is kept on, where nothing mounts the directory read-only. */
export function machineStorage(directory: string): Value<Storage> {
  const memory = memoryOf(directory, "systemd", ["/dev/shm", "/run"]);
  return memory ?? eitherStorage(directory, "the mounts of the machine decide it");
}

/**
 * What a container keeps a file of this directory on: the innermost mount over it, else its writable layer, which is
 * on the disk of the machine. The engine mounts a tmpfs at /dev/shm, also where the root file system is read-only.
 */
export function containerStorage(container: Disks, directory: string): Value<Storage> {
  const label = storageLabel(directory);
  const mount = innermost(mountsOf(container), directory);
  if (mount !== undefined) return ofMount(mount, directory);
  const memory = memoryOf(directory, "container engine", ["/dev/shm"]);
  if (memory !== undefined) return memory;
  return derive(
    label,
    "nothing is mounted there: the root file system of the container",
    [container.readOnlyRoot],
    (readOnly): Storage => (readOnly ? "read-only" : "disk"),
  );
}

/** What decides where a container keeps its files. */
interface Disks extends Pick<Container, "files" | "readOnlyRoot"> {
  readonly image: Pick<Container["image"], "files">;
}

function storageLabel(directory: string): string {
  return `storage of ${directory}`;
}

function memoryOf(directory: string, program: string, places: readonly string[]): Value<Storage> | undefined {
  if (!places.some((place) => isWithin(directory, place))) return undefined;
  return byDefault<Storage>(storageLabel(directory), "memory", {
    program,
    versions: "all",
    source: program === "systemd" ? "src/shared/mount-setup.c" : "OCI runtime specification, config-linux.md",
  });
}

function eitherStorage(directory: string, why: string): Value<Storage> {
  const label = storageLabel(directory);
  const kinds: readonly Storage[] = ["disk", "memory"];
  return unknown<Storage>(label, why, {
    candidates: kinds.map((kind) =>
      byDefault(label, kind, { program: "Linux", versions: kind, source: "mount(8)" }),
    ),
  });
}

/** What COPY and ADD bring lies in the root file system; everything else is mounted. */
function mountsOf({ files, image }: Disks): ContainerFile[] {
  return files.filter((file) => !image.files.includes(file));
}

function innermost(mounts: readonly ContainerFile[], directory: string): ContainerFile | undefined {
  let found: ContainerFile | undefined;
  for (const mount of mounts)
    if (isWithin(directory, mount.path) && mount.path.length >= (found?.path.length ?? 0)) found = mount;
  return found;
}

function ofMount({ source, readOnly, at, path }: ContainerFile, directory: string): Value<Storage> {
  const label = storageLabel(directory);
  if (readOnly) return written<Storage>(label, "read-only", at);
  switch (source.kind) {
    case "memory":
      return written<Storage>(label, "memory", at);
    case "repository":
    case "inline":
    case "folder":
      return written<Storage>(label, "disk", at);
    case "volume":
      return eitherStorage(directory, `what ${source.name} is kept on is not known`);
    case "absent":
    case "unknown":
      return unknown(label, `${path} is another mount: ${source.why}`, { at });
  }
}
