import { readFileSync, writeFileSync } from "node:fs";
import { type RecordedSettings, settingsTable } from "../../../src/programs/gunicorn/generate-settings.ts";

const recorded = JSON.parse(
  readFileSync("fixtures/programs/gunicorn/settings.json", "utf8"),
) as RecordedSettings;
writeFileSync("src/programs/gunicorn/settings-table.ts", settingsTable(recorded));
