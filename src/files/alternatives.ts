import { placeOf } from "./grouping.ts";
import { directoryOf, nameOf } from "./host-path.ts";
import { belowNginxFolder } from "./placement.ts";
import { nginxFolder } from "./recognise/nginx.ts";
import { installedName, isSample } from "./recognise/template-suffix.ts";
import { variantOf } from "./variant.ts";
import type { FoundFile } from "./walk.ts";

/** One of several hosts that a folder describes; `mark` is the file that makes it this one. */
export interface Alternative {
  readonly mark: FoundFile | undefined;
  readonly files: readonly FoundFile[];
}

interface Alternatives {
  readonly hosts: readonly Alternative[];
  /** Samples of files that are there as well. */
  readonly samples: readonly FoundFile[];
}

/**
 * Tells apart what cannot stand on one machine at once: several main configurations of nginx, two files for the
 * same path (`nginx.conf` and `nginx.conf.j2`), files of one folder whose names differ by a stage or a transport
 * (`app.service` and `app-dev.service`). Each becomes a host that shares all the rest. Alternatives of several
 * programs go together by their label: `nginx-dev.conf` with `app-dev.service`, the plain one with the plain one.
 */
export function alternatives(files: readonly FoundFile[]): Alternatives {
  const samples = files.filter(
    (file) => isSample(nameOf(file.path)) && files.some((other) => makesSample(other, file)),
  );
  const kept = files.filter((file) => !samples.includes(file));
  const sets = contradictions(kept);
  if (sets.length === 0) return { hosts: [{ mark: undefined, files: kept }], samples };
  const labelled = sets.map(labels);
  const rest = kept.filter((file) => !sets.some((set) => set.includes(file)));
  const hosts: Alternative[] = [];
  const seen = new Set<string>();
  for (const label of new Set(labelled.flatMap((set) => [...set.keys()]))) {
    const chosen = labelled
      .map((set) => set.get(label) ?? plainest(set))
      .filter((file) => file !== undefined);
    const choice = chosen.map((file) => file.path).join("\n");
    if (seen.has(choice)) continue;
    seen.add(choice);
    const mark = labelled.map((set) => set.get(label)).find((file) => file !== undefined);
    hosts.push({ mark, files: [...rest, ...chosen] });
  }
  return { hosts, samples };
}

/** The one without a label, the one in production, or the first. */
function plainest(set: ReadonlyMap<string, FoundFile>): FoundFile | undefined {
  return set.get("") ?? set.get("prod") ?? set.get("production") ?? set.values().next().value;
}

/** Whether a file that is no sample stands for a sample: at the same path, or in the same folder of sites. */
function makesSample(file: FoundFile, sample: FoundFile): boolean {
  if (isSample(nameOf(file.path)) || file.recognised.program !== sample.recognised.program) return false;
  if (directoryOf(file.path) !== directoryOf(sample.path)) return false;
  return (
    nginxFolder.test(nameOf(directoryOf(file.path))) ||
    installedName(nameOf(file.path)) === installedName(nameOf(sample.path))
  );
}

/** Sets of two or more files of which a machine has one. */
function contradictions(files: readonly FoundFile[]): FoundFile[][] {
  const sets = new Map<string, FoundFile[]>();
  for (const file of files) {
    const key = contradictionKey(file);
    if (key === undefined) continue;
    const members = sets.get(key);
    if (members === undefined) sets.set(key, [file]);
    else members.push(file);
  }
  const contradicting = [...sets.values()].filter((members) => members.length > 1);
  // A host is named after its nginx before anything else.
  return contradicting.sort((left, right) => Number(isNginx(right)) - Number(isNginx(left)));
}

function contradictionKey(file: FoundFile): string | undefined {
  const { recognised } = file;
  const place = placeOf(file);
  if (place === undefined) return undefined;
  if (recognised.program === "nginx") {
    if (recognised.shape === "main") return place;
    // Sites of one folder serve different names; only the same path contradicts there.
    if (belowNginxFolder(file.path) !== undefined) return place;
  } else if (recognised.program !== "systemd" || recognised.what !== "unit") return place;
  return `${directoryOf(file.path)} ${recognised.program} ${variantOf(file).stem}`;
}

function isNginx(files: readonly FoundFile[]): boolean {
  return files[0]?.recognised.program === "nginx";
}

/** Labels of one set, each of one file; the plain one is "". */
function labels(files: readonly FoundFile[]): Map<string, FoundFile> {
  const labelled = new Map<string, FoundFile>();
  const stems = new Set(files.map((file) => variantOf(file).stem));
  for (const file of files) {
    const { stem, label } = variantOf(file);
    const spoken = stems.size === 1 || stem === "nginx.conf" ? label : file.path;
    labelled.set(labelled.has(spoken) ? file.path : spoken, file);
  }
  return labelled;
}
