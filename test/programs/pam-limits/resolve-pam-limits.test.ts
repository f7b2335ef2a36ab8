import { describe, expect, it } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { facts, Version } from "../../../src/model/facts.ts";
import type { Account } from "../../../src/model/limits.ts";
import { fact, type Value } from "../../../src/model/value.ts";
import { type PamOptions, resolvePamLimits } from "../../../src/programs/pam-limits/resolve-pam-limits.ts";
import { spanText } from "../../../src/text/span.ts";

const debian12 = facts({
  distribution: fact("distribution", { name: "debian", release: "12" }, "declared"),
  systemd: fact("systemd version", new Version("252"), "declared"),
});

function resolve(files: Record<string, string>, known = debian12, options?: PamOptions) {
  return resolvePamLimits(memoryTree(files), known, options).limits;
}

function main(text: string, known = debian12, options?: PamOptions) {
  return resolve({ "/etc/security/limits.conf": text }, known, options);
}

function number(value: Value<number> | undefined): number | string | undefined {
  return value?.known === true ? value.value : value === undefined ? undefined : value.origin.why;
}

const app: Account = { name: "app", uid: 1000, gid: 1000, groups: [{ name: "app", gid: 1000 }] };

describe("a PAM session", () => {
  it("has the best ranked lines, with those that lost", () => {
    const limits = main("* - nofile 10\napp soft nofile 20\napp - nofile 30\n@app - nofile 40\n");
    const { soft, hard, refused } = limits.session(app, "nofile");
    expect([number(soft), number(hard), refused.known && refused.value]).toEqual([30, 30, false]);
    expect(soft?.label).toBe("soft nofile");
    expect(
      soft?.known === true &&
        soft.origin.kind === "written" &&
        soft.origin.overrode.map((lost) => lost.known && lost.value),
    ).toEqual([40, 20, 10]);
    expect(soft?.origin.at && spanText(soft.origin.at)).toBe("30");
  });

  it("does not take the hard value of a line with - whose soft value loses", () => {
    const { soft, hard } = main("app soft nofile 5\n* - nofile 7\n").session(app, "nproc");
    expect([soft, hard]).toEqual([undefined, undefined]);
    const { soft: low, hard: high } = main("app soft nofile 5\n* - nofile 7\n").session(app, "nofile");
    expect([number(low), number(high)]).toEqual([5, 1048576]);
  });

  it("begins with the limits of process 1 on Debian 12, and stays as it is on Debian 13", () => {
    const { soft, hard } = main("# nothing\n").session(app, "nofile");
    expect([number(soft), number(hard)]).toEqual([1024, 1048576]);
    const debian13 = facts({
      distribution: fact("distribution", { name: "debian", release: "13" }, "declared"),
    });
    expect(main("# nothing\n", debian13).session(app, "nofile")).toMatchObject({
      soft: undefined,
      hard: undefined,
    });
  });

  it("is refused above fs.nr_open without Debian's patch", () => {
    const fedora = facts({
      distribution: fact("distribution", { name: "fedora", release: "41" }, "declared"),
    });
    const nrOpen = fact("fs.nr_open", 1048576, "declared");
    expect(main("app - nofile 2000000\n", fedora, { nrOpen }).session(app, "nofile").refused).toMatchObject({
      value: true,
    });
    expect(main("app - nofile 2000000\n", debian12, { nrOpen }).session(app, "nofile").refused).toMatchObject(
      { value: false },
    );
    expect(main("app - nofile 2000000\n", fedora).session(app, "nofile").refused.known).toBe(false);
  });

  it("depends on the distribution where that is not known", () => {
    const limits = main("* - nofile 5000\n", facts());
    expect(number(limits.session(app, "nofile").soft)).toBe(5000);
    expect(limits.session({ name: "root" }, "nofile").soft).toMatchObject({
      known: false,
      origin: { fact: "distribution" },
    });
  });

  it("depends on groups and ids that are not known", () => {
    const limits = main("* - nofile 5000\n@web - nofile 6000\n");
    expect(limits.session({ name: "app" }, "nofile").soft).toMatchObject({
      known: false,
      candidates: [{ value: 5000 }, { value: 6000 }],
    });
    expect(number(limits.session(app, "nofile").soft)).toBe(5000);
    expect(number(main("1000: - nofile 5\napp - nofile 6\n").session({ name: "app" }, "nofile").soft)).toBe(
      6,
    );
    expect(
      main(
        "@a - nofile 1\n@b - nofile 2\n@c - nofile 3\n@d - nofile 4\n@e - nofile 5\n@f - nofile 6\n",
      ).session({ name: "app" }, "nofile").soft?.known,
    ).toBe(false);
  });

  it("does not know a template", () => {
    const limits = main(
      "app - nofile {{ nofile }}\n{{ user }} - nproc 5\n{% if x %}\napp - core 0\n{% endif %}\n",
    );
    expect(number(limits.session(app, "nofile").soft)).toBe("it is a template: {{ nofile }}");
    expect(limits.session(app, "nproc").soft?.known).toBe(false);
    expect(limits.session(app, "core").soft?.known).toBe(false);
    expect(limits.entries.map(({ item, value }) => [item, value.known])).toEqual([
      ["nofile", false],
      ["nproc", true],
      ["core", true],
    ]);
  });

  it("reads limits.d after limits.conf, and an exemption cancels everything", () => {
    const files = {
      "/etc/security/limits.conf": "app - nofile 5\n",
      "/etc/security/limits.d/9.conf": "app - nofile 9\n",
      "/etc/security/limits.d/10.conf": "app - nofile 10\n",
    };
    expect(number(resolve(files).session(app, "nofile").soft)).toBe(9);
    expect(
      resolve({ ...files, "/etc/security/limits.d/z.conf": "app -\n" }).session(app, "nofile").soft,
    ).toBeUndefined();
  });

  it("is refused without limits.conf on a whole machine with an old Linux-PAM only", () => {
    const files = { "/etc/security/limits.d/a.conf": "app - nofile 5\n" };
    expect(resolve(files).session(app, "nofile").refused).toMatchObject({ value: false });
    expect(resolve(files, debian12, { complete: true }).session(app, "nofile").refused).toMatchObject({
      value: true,
    });
  });
});

describe("the lines of a host", () => {
  it("are listed with their values in the units of the kernel", () => {
    const limits = main(
      "www-data soft nofile 256000\n@users hard memlock 64\n* - core unlimited # c\nx both nofile 5\nx - maxlogins 5\n",
    );
    expect(limits.present).toBe(true);
    expect(
      limits.entries.map(({ at, domain, type, item, value }) => [
        spanText(at),
        domain,
        type,
        item,
        value.known && value.value,
      ]),
    ).toEqual([
      ["www-data soft nofile 256000", "www-data", "soft", "nofile", 256000],
      ["@users hard memlock 64", "@users", "hard", "memlock", 65536],
      ["* - core unlimited", "*", "both", "core", Number.POSITIVE_INFINITY],
    ]);
  });

  it("are none where there is no file", () => {
    expect(resolve({})).toMatchObject({ present: false, entries: [] });
  });
});
