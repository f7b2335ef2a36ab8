import { execFileSync } from "node:child_process";

/** The tests of the command line run the bundled program, as a user does. */
export default function setup(): void {
  execFileSync(process.execPath, ["src/build/bundle.mjs"], { stdio: "inherit" });
}
