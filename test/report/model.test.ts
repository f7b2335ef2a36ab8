import { describe, expect, it } from "vitest";
import { terminalColors, uncolored } from "../../src/report/colors.ts";
import { modelJson } from "../../src/report/model-json.ts";
import { modelText } from "../../src/report/model-text.ts";
import { golden } from "./golden.ts";
import { sampleHost } from "./sample-host.ts";

const painted = await terminalColors();

describe("modelText", () => {
  it("model.txt", () => {
    expect(modelText([sampleHost], { colors: uncolored })).toBe(golden("model.txt"));
  });

  it("shows the settings that nobody set when asked for everything", () => {
    const lines = modelText([sampleHost], { colors: uncolored, verbose: true }).split("\n");
    const added = lines.filter((line) => !golden("model.txt").includes(line));
    expect(added.map((line) => line.trim().replace(/ +/g, " "))).toEqual([
      "proc_name not set default of gunicorn (all versions)",
    ]);
  });

  it("says the same in colours", () => {
    expect(modelText([sampleHost], { colors: painted }).replace(/\x1b\[\d+m/g, "")).toBe(golden("model.txt"));
  });

  it("says when there is no host", () => {
    expect(modelText([], { colors: uncolored })).toBe("nothing found to show\n");
  });
});

describe("modelJson", () => {
  it("model.json", () => {
    expect(modelJson([sampleHost])).toBe(golden("model.json"));
  });

  it("keeps every value of the text, under a key of its own", () => {
    const [host] = JSON.parse(modelJson([sampleHost])).hosts;
    expect(host.chains[0].values["app workers 2"].value).toBe(4);
    expect(host.environments[0].values.cpuQuota).toMatchObject({ text: "no limit", value: "infinity" });
    expect(host.gunicorn[0].values.keepalive).toMatchObject({ text: "2 s", value: 2 });
    expect(host.upstreams[0].values.keepalive).toMatchObject({ text: "16", value: 16 });
    expect(host.environments[1].values.softNofile.overrode[0]).toMatchObject({ value: 1024 });
    expect(host.proxies[0].values.httpVersion).toMatchObject({ known: false, candidates: ["1.0", "1.1"] });
    expect(host.gunicorn[0].values.accesslog.value).toBe("\u001b[31m-");
  });
});
