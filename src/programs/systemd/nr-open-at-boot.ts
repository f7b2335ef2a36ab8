import type { Facts } from "../../model/facts.ts";
import { type Descriptors, descriptors } from "../../model/units.ts";
import { byDefault, derive, type Known, unknown, type Value } from "../../model/value.ts";

const label = "hard nofile limit of PID 1";

const kept = nrOpen(
  1048576,
  "Debian 11 and 12, Ubuntu up to 22.04 (built without bump-proc-sys-fs-nr-open); Linux default",
);
const raised = nrOpen(1073741816, "240 to 257");
const raisedToTop = nrOpen(2147483584, "262");

/**
 * fs.nr_open as PID 1 leaves it when the machine boots, which is its own hard limit (booted Debian 11, 12, 13 and
 * sid with systemd 247, 252, 257 and 262; NEWS of systemd 240). Between 258 and 261 it may be either raised value.
 */
export function nrOpenAtBoot(facts: Facts): Value<Descriptors> {
  const { distribution, systemd } = facts;
  if (distribution.known) {
    const { name, release } = distribution.value;
    const major = Number.parseFloat(release);
    const keeps = (name === "debian" && major <= 12) || (name === "ubuntu" && major <= 22.04);
    if (keeps) return derive(label, "fs.nr_open at boot", [kept, distribution], (number, _) => number);
    if (name === "debian" && major === 13)
      return derive(label, "fs.nr_open at boot", [raised, distribution], (number, _) => number);
  }
  const why = "it is fs.nr_open at boot, which depends on the distribution";
  if (systemd.known && !systemd.value.atLeast("240"))
    return unknown<Descriptors>(label, why, { fact: "distribution" });
  const candidates = [kept, raised, raisedToTop].filter(
    (each) =>
      !systemd.known ||
      each === kept ||
      (each === raised ? !systemd.value.atLeast("262") : systemd.value.atLeast("258")),
  );
  return unknown<Descriptors>(label, why, { fact: "distribution", candidates });
}

function nrOpen(number: number, versions: string): Known<Descriptors> {
  return byDefault(label, descriptors(number), {
    program: "systemd",
    versions,
    source: "booted Debian 11 to sid; src/core/main.c, bump_file_max_and_nr_open",
  });
}
