// node src/build/check-sarif.mjs SARIF.MULTITOOL: validates the SARIF of the bundled program over all fixture hosts with
// Microsoft's own tool, which knows what GitHub code scanning refuses. Its exit code is 0 even with errors, so that
// its report is read instead.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const [, , multitool] = process.argv;
if (multitool === undefined) throw new Error("usage: node src/build/check-sarif.mjs SARIF.MULTITOOL");

const folder = mkdtempSync(join(tmpdir(), "hostlint-sarif-"));
try {
  const reports = [...fixtureReports(), ...hostReports(), dumpReport()];
  const findings = validate(reports);
  for (const report of reports)
    if (!findings.some(({ file }) => file === basename(report))) throw new Error(`${report} was not read`);
  const faults = findings.filter(({ level }) => level === "error" || level === "warning");
  for (const { file, level, rule, text } of faults) console.error(`${file}: ${level} ${rule}: ${text}`);
  console.log(`${reports.length} SARIF reports: ${faults.length} errors and warnings`);
  if (faults.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fixtureReports() {
  return readdirSync("fixtures/report")
    .filter((name) => name.endsWith(".sarif"))
    .map((name) => resolve("fixtures/report", name));
}

function hostReports() {
  return readdirSync("fixtures/hosts", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => lint(name, ["."], { cwd: resolve("fixtures/hosts", name) }));
}

/** Its paths are absolute and lie outside of the repository. */
function dumpReport() {
  const dump =
    "# configuration file /etc/nginx/nginx.conf:\nevents {\n  worker_connections 512;\n}\nhttp {\n  server {\n    listen 80;\n  }\n}\n";
  return lint("dump", ["-"], { input: dump });
}

function lint(name, paths, options) {
  const report = join(folder, `${name}.sarif`);
  const words = [resolve("dist/hostlint.cjs"), "--format", `sarif=${report}`, ...paths];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8", ...options });
  if (status !== 0 && status !== 1) throw new Error(`${name}: exit code ${status}: ${stderr}`);
  return report;
}

function validate(reports) {
  const output = join(folder, "validation.json");
  const words = ["validate", ...reports, "--rule-kind", "Sarif;Gh", "--level", "Error;Warning;Note"];
  const { error, stdout } = spawnSync(multitool, [...words, "-o", output, "--log", "ForceOverwrite"], {
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  if (!stdout.includes("Analysis completed successfully")) throw new Error(stdout);
  const [{ results }] = JSON.parse(readFileSync(output, "utf8")).runs;
  return results.map(({ ruleId, level = "warning", message, locations }) => ({
    file: basename(decodeURI(locations[0].physicalLocation.artifactLocation.uri)),
    level,
    rule: ruleId,
    text: [message.id, ...(message.arguments ?? [])].join(" "),
  }));
}
