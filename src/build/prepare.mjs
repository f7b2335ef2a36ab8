// Runs on `npm ci`, on `npm pack` and when npm or pre-commit installs this repository from git: builds dist/.
// Standard output stays empty, because pre-commit 3 reads the name of the package from what `npm pack` prints.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

function run(command, args, env = process.env) {
  const { status } = spawnSync(command, args, {
    env,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync("node_modules/esbuild")) {
  // pre-commit installs with --global, which would send the build tools to the wrong place
  const { npm_config_prefix, npm_config_global, ...env } = process.env;
  run(
    "npm",
    ["install", "--no-global", "--include=dev", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund"],
    {
      ...env,
      npm_config_global: "false",
    },
  );
}
run(process.execPath, ["src/build/bundle.mjs"]);
