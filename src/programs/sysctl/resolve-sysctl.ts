import type { FileTree } from "../../files/file-tree.ts";
import { type Distribution, Version } from "../../model/facts.ts";
import type { SysctlLine, SysctlRefusal, SysctlSettings } from "../../model/sysctl.ts";
import { derive, type FactName, type Known, unknown, type Value } from "../../model/value.ts";
import type { Problem } from "../../syntax/problem.ts";
import { dotted, found, slashed } from "../../syntax/sysctl/key.ts";
import { applyWrites, type Kernel, type RefusedWrite } from "./apply-writes.ts";
import { dependsOn, exemplaryKernels } from "./kernel-keys.ts";
import { keyDoubts } from "./key-doubts.ts";
import { type LoadedFiles, Writes } from "./loaded-files.ts";
import type { MainFileAtBoot } from "./main-file-at-boot.ts";
import { loadProcps } from "./procps.ts";
import { settingLines } from "./setting-lines.ts";
import { SysctlFiles } from "./sysctl-files.ts";
import { loadSystemdSysctl } from "./systemd-sysctl.ts";

export interface SysctlOptions {
  readonly procps?: Value<Version>;
  /** Tells the procps version where that is not given. */
  readonly distribution?: Value<Distribution>;
  readonly systemd?: Value<Version>;
  readonly kernel?: Value<Version>;
  /** Whether a link that is not in the tree makes the boot read /etc/sysctl.conf; it does not by default. */
  readonly mainFileAtBoot?: MainFileAtBoot;
  /** The keys that exist, in slash form, with what they show before. Without it every plausible key exists. */
  readonly existing?: ReadonlyMap<string, string>;
}

/**
 * What the sysctl files of a host leave in the kernel. Where a version is not known and the answer depends on it,
 * the value is unknown with the answers as candidates.
 */
export function resolveSysctl(
  tree: FileTree,
  options: SysctlOptions = {},
): { readonly settings: SysctlSettings; readonly problems: readonly Problem[] } {
  const files = new SysctlFiles(tree);
  const manualInputs = files.ofSystem();
  const kernels = kernelsOf(options);
  const boot = new BootResolver(files, options, kernels);
  const manual = new Resolver(
    procpsVersions(options).map((version) => loadProcps(manualInputs, version)),
    kernels,
  );
  let refused: readonly SysctlRefusal[] | undefined;
  let lines: readonly SysctlLine[] | undefined;
  return {
    settings: {
      boot: (key) => boot.value(key),
      manual: (key) => manual.value(key, undefined),
      keys: [...new Set([...boot.keys, ...manual.keys])],
      present: files.read.length > 0,
      get refused() {
        refused ??= [...boot.refused("boot"), ...manual.refused("manual")];
        return refused;
      },
      get lines() {
        lines ??= settingLines(files.read);
        return lines;
      },
      get doubts() {
        return keyDoubts(this.lines, options.kernel?.known === true ? options.kernel.value : undefined);
      },
      get unread() {
        return files.unread();
      },
    },
    problems: files.read.flatMap(({ problems }) => problems),
  };
}

/** systemd-sysctl at boot, with and without the link to /etc/sysctl.conf where that is not known. */
class BootResolver {
  readonly #resolvers: readonly Resolver[];

  constructor(files: SysctlFiles, options: SysctlOptions, kernels: readonly Kernel[]) {
    const { mainFileAtBoot = "not linked" } = options;
    const linked = mainFileAtBoot === "not known" ? [false, true] : [mainFileAtBoot === "linked"];
    this.#resolvers = linked.map((each) => {
      const inputs = files.atBoot(each);
      return new Resolver(
        systemdVersions(options).map((version) => loadSystemdSysctl(inputs, version)),
        kernels,
      );
    });
  }

  get keys(): Set<string> {
    return new Set(this.#resolvers.flatMap((each) => [...each.keys]));
  }

  /** A key that only /etc/sysctl.conf sets is believed: most distributions link it, and somebody wrote it. */
  value(key: string): Value<string> | undefined {
    const values = this.#resolvers.map((each) => each.value(key, "systemd"));
    const [without, linked] = values;
    if (values.length === 2 && without === undefined && linked !== undefined)
      return derive(
        linked.label,
        "read at boot through the link 99-sysctl.conf that most distributions ship",
        [linked],
        (text) => text,
      );
    return agreed(key, values, "link /etc/sysctl.d/99-sysctl.conf of the distribution", "distribution");
  }

  refused(when: "boot"): SysctlRefusal[] {
    return this.#resolvers.at(-1)?.refused(when) ?? [];
  }
}

/** One program, in each version that it may have. */
class Resolver {
  readonly #variants: readonly { readonly loaded: LoadedFiles; readonly writes: Writes }[];
  readonly #kernels: readonly Kernel[];
  readonly #known = new Map<string, Value<string> | undefined>();

  constructor(loaded: readonly LoadedFiles[], kernels: readonly Kernel[]) {
    this.#variants = loaded.map((each) => ({ loaded: each, writes: new Writes(each) }));
    this.#kernels = kernels;
  }

  get keys(): Set<string> {
    return new Set(this.#variants.flatMap(({ writes }) => [...writes.keys]));
  }

  value(name: string, program: "systemd" | undefined): Value<string> | undefined {
    const key = found(slashed(name)) ?? name;
    if (this.#known.has(key)) return this.#known.get(key);
    const keys = [key, ...dependsOn(key)];
    const byProgram = this.#variants.map(({ loaded, writes }) => {
      const ordered = writes.to(keys);
      const byKernel = this.#kernels.map((kernel) => applyWrites(ordered, keys, loaded, kernel).value(key));
      return agreed(key, byKernel, "kernel release", "kernel");
    });
    const value = agreed(key, byProgram, `version of ${program ?? "procps"}`, program);
    this.#known.set(key, value);
    return value;
  }

  /** What is refused whatever the versions are. */
  refused(when: "boot" | "manual"): SysctlRefusal[] {
    const runs = this.#variants.flatMap(({ loaded, writes }) => {
      const all = writes.all([]);
      return this.#kernels.map((kernel) => applyWrites(all, [], loaded, kernel).refused);
    });
    const [first = [], ...others] = runs.map((run) => new Map(run.map((each) => [placeOf(each), each])));
    return [...first.values()]
      .filter((each) => others.every((other) => other.get(placeOf(each))?.errno === each.errno))
      .map(({ write: { assignment, key, path }, errno }) => ({
        key: key ?? path,
        text: assignment.text ?? "",
        at: assignment.at,
        reason: errno,
        when,
      }));
  }
}

function placeOf({ write }: RefusedWrite): string {
  const { file, start } = write.assignment.at;
  return `${start} ${file.path}`;
}

/** The value that all versions give; otherwise unknown, with what they give where each gives something. */
function agreed(
  key: string,
  values: readonly (Value<string> | undefined)[],
  what: string,
  fact: FactName | undefined,
): Value<string> | undefined {
  const [first, ...others] = values;
  if (others.every((other) => sameAs(first, other))) return first;
  const known = values.filter((value): value is Known<string> => value?.known === true);
  const distinct = [...new Map(known.map((value) => [value.value, value])).values()];
  return unknown<string>(dotted(key), `it depends on the ${what}, which is not known`, {
    ...(fact === undefined ? {} : { fact }),
    ...(known.length === values.length ? { candidates: distinct } : {}),
    from: distinct,
  });
}

function sameAs(a: Value<string> | undefined, b: Value<string> | undefined): boolean {
  if (a === undefined || b === undefined || !a.known || !b.known) return a?.known === b?.known;
  return a.value === b.value;
}

function kernelsOf({ kernel, existing }: SysctlOptions): Kernel[] {
  const versions =
    kernel?.known === true ? [kernel.value] : exemplaryKernels.map((text) => new Version(text));
  return versions.map((version) => ({ version, existing }));
}

/** 252 refuses `..` in a key, 247 does not, and the versions between were not looked at; 262 knows no `;`. */
function systemdVersions({ systemd }: SysctlOptions): Version[] {
  if (systemd?.known !== true) return ["247", "252", "262"].map((text) => new Version(text));
  const between = systemd.value.atLeast("248") && !systemd.value.atLeast("252");
  return between ? [new Version("247"), new Version("252")] : [systemd.value];
}

/** What the releases ship. */
const shippedProcps: ReadonlyMap<string, string> = new Map([
  ["debian 11", "3.3.17"],
  ["debian 12", "4.0.2"],
  ["debian 13", "4.0.4"],
  ["ubuntu 20.04", "3.3.16"],
  ["ubuntu 22.04", "3.3.17"],
  ["ubuntu 24.04", "4.0.4"],
]);

/** Without a version one of each kind that writes differently. */
function procpsVersions({ procps, distribution }: SysctlOptions): Version[] {
  if (procps?.known === true) return [procps.value];
  const [name, release] =
    distribution?.known === true ? [distribution.value.name, distribution.value.release] : [];
  const shipped = shippedProcps.get(`${name} ${name === "debian" ? release?.split(".")[0] : release}`);
  return (shipped === undefined ? ["4.0.4", "4.0.7", "3.3.17"] : [shipped]).map((text) => new Version(text));
}
