import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memoryTree } from "../../../src/files/memory-tree.ts";
import { facts, Version } from "../../../src/model/facts.ts";
import { fact, type Value } from "../../../src/model/value.ts";
import { resolvePamLimits } from "../../../src/programs/pam-limits/resolve-pam-limits.ts";
import type { LimitPair } from "../../../src/programs/pam-limits/session.ts";
import type { PamVariant } from "../../../src/programs/pam-limits/variant.ts";

type Pair = readonly [soft: string, hard: string];

interface Case {
  readonly point: string;
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly string[];
  readonly caller: readonly [number, number];
  readonly pid1: readonly [number, number];
  readonly nrOpen: number;
  readonly arguments?: string;
  readonly files: Record<string, string>;
  readonly links?: Record<string, string>;
  readonly expected: readonly {
    readonly variants: readonly string[];
    readonly result: {
      readonly session: string;
      readonly nofile: Pair | null;
      readonly nproc: Pair | null;
      readonly memlock: Pair | null;
    };
  }[];
}

const cases = JSON.parse(readFileSync("fixtures/programs/pam-limits/sessions.json", "utf8")) as Record<
  string,
  Case
>;

/** What the session shows of an item that no line touches. */
const untouched = { nproc: ["7876", "7876"], memlock: ["8388608", "8388608"] } as const;

function variantOf(name: string): PamVariant {
  return {
    debian: !name.startsWith("upstream"),
    version: new Version(name.replace(/^.*(?:pam|upstream-)/, "")),
  };
}

function pair([soft, hard]: readonly [number, number]): LimitPair {
  return { soft: fact("soft", soft, "recorded"), hard: fact("hard", hard, "recorded") };
}

function shown(value: Value<number> | undefined, otherwise: string | number | undefined): string {
  if (value === undefined) return String(otherwise);
  if (!value.known) return `unknown: ${value.origin.why}`;
  return value.value === Number.POSITIVE_INFINITY ? "unlimited" : String(value.value);
}

function run(each: Case, name: string): { refused: boolean | undefined; limits: Record<string, Pair> } {
  const { limits } = resolvePamLimits(memoryTree(each.files, each.links), facts(), {
    variants: [variantOf(name)],
    nrOpen: fact("fs.nr_open", each.nrOpen, "recorded"),
    init: pair(each.pid1),
    caller: pair(each.caller),
    moduleArguments: each.arguments?.split(" ") ?? [],
    complete: true,
  });
  const account = {
    name: each.user,
    uid: each.uid,
    gid: each.gid,
    groups: each.groups.map((text) => ({
      name: text.replace(/\(.*/, ""),
      gid: Number(/\d+/.exec(text)?.[0]),
    })),
  };
  const of = (item: string, otherwise: readonly (string | number)[]): Pair => {
    const { soft, hard } = limits.session(account, item);
    return [shown(soft, otherwise[0]), shown(hard, otherwise[1])];
  };
  const { refused } = limits.session(account, "nofile");
  return {
    refused: refused.known ? refused.value : undefined,
    limits: {
      nofile: of("nofile", each.caller),
      nproc: of("nproc", untouched.nproc),
      memlock: of("memlock", untouched.memlock),
    },
  };
}

describe("recorded PAM sessions", () => {
  it("are all here", () => {
    expect(Object.keys(cases).length).toBe(74);
    expect(
      Object.values(cases).flatMap(({ expected }) => expected.flatMap(({ variants }) => variants)).length,
    ).toBe(74 * 7);
  });

  for (const [id, each] of Object.entries(cases))
    it(`${id}: ${each.point}`, () => {
      const wanted: Record<string, unknown> = {};
      const got: Record<string, unknown> = {};
      for (const { variants, result } of each.expected)
        for (const name of variants) {
          const refused = result.session !== "opened";
          const { refused: refusedHere, limits } = run(each, name);
          // Nothing could be read in a session that could open no file.
          const { nofile, nproc, memlock } = result;
          wanted[name] = { refused, ...(nofile === null ? {} : { limits: { nofile, nproc, memlock } }) };
          got[name] = { refused: refusedHere, ...(nofile === null ? {} : { limits }) };
        }
      expect(got).toEqual(wanted);
    });
});
