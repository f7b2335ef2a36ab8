import { expect, test } from "vitest";
import { Version } from "../../../src/model/facts.ts";
import { fact, unknown } from "../../../src/model/value.ts";
import { everyVersion, versionsOf } from "../../../src/programs/gunicorn/settings.ts";

test("every version has as many settings as its introspection counted", () => {
  const counts = Object.fromEntries(everyVersion().map(({ version, settings }) => [version, settings.size]));
  expect(counts).toMatchObject({
    "20.1.0": 85,
    "debian-20.1.0-6+deb12u1": 86,
    "21.2.0": 87,
    "22.0.0": 92,
    "23.0.0": 93,
    "24.0.0": 98,
    "24.1.1": 99,
    "25.0.0": 113,
    "25.0.3": 114,
    "25.1.0": 117,
    "26.1.0": 118,
  });
});

test.each([
  ["20.1", "20.1.0"],
  ["20.1.0-6+deb12u1", "debian-20.1.0-6+deb12u1"],
  ["23", "23.0.0"],
  ["24.1.5", "24.1.1"],
  ["30", "26.1.0"],
  ["19.9", "20.0.4"],
])("version %s has the settings of %s", (text, listed) => {
  const found = versionsOf(fact("gunicorn version", new Version(text), "the test"));
  expect(found.map(({ version }) => version)).toEqual([listed]);
});

test("an unknown version may be any, a version with candidates one of them", () => {
  expect(versionsOf(unknown("gunicorn version", "not declared"))).toHaveLength(everyVersion().length);
  const candidates = ["20.1", "23.0"].map((text) => fact("gunicorn version", new Version(text), "the test"));
  expect(
    versionsOf(unknown("gunicorn version", "one of two", { candidates })).map(({ version }) => version),
  ).toEqual(["20.1.0", "23.0.0"]);
});
