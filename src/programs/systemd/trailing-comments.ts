import type { SystemdTrailingComment } from "../../model/systemd.ts";
import type { Span } from "../../text/span.ts";
import { commentAfterValue } from "./comment-after-value.ts";
import { loadExecLine } from "./exec-commands.ts";
import type { LoadedUnit } from "./loaded-unit.ts";
import type { Setting } from "./setting.ts";

/** Settings that hold text for people, in which a hash is one. */
const prose = new Set(["Description", "Documentation", "SyslogIdentifier", "StatusText"]);

/** Settings that take one word after the other: systemd drops those that are none and keeps the rest. */
const wordLists =
  /^(?:After|Before|Wants|Requires|Requisite|BindsTo|PartOf|Upholds|Conflicts|OnFailure|OnSuccess|WantedBy|RequiredBy|UpheldBy|Also|Alias|Environment|PassEnvironment|SupplementaryGroups|Sockets)$/;

/** Comments after values in the settings of units. */
export function trailingComments(
  units: Iterable<LoadedUnit>,
  version: number | undefined,
): SystemdTrailingComment[] {
  const found = new Map<string, SystemdTrailingComment>();
  for (const unit of units)
    for (const setting of unit.settings) {
      const { key, value, keyAt } = setting;
      if (key === undefined || value.holes.length > 0 || prose.has(key) || key.startsWith("X-")) continue;
      const at = /^Exec(?!SearchPath|Paths)/.test(key) ? inCommand(unit, setting, version) : inValue(setting);
      if (at === undefined) continue;
      const kind = key.startsWith("Exec") ? "arguments" : wordLists.test(key) ? "words" : "value";
      found.set(`${setting.path} ${keyAt.start}`, { key, at, kind });
    }
  return [...found.values()];
}

function inValue({ value: { text } }: Setting): Span | undefined {
  const start = commentAfterValue(text.text);
  return start === undefined ? undefined : text.span(start, text.text.length);
}

/** A hash as a word of its own, or one that begins a word with more behind it. */
function inCommand(unit: LoadedUnit, setting: Setting, version: number | undefined): Span | undefined {
  const line = loadExecLine(setting, { name: unit.name, path: unit.path, version });
  for (const { argv } of line.commands) {
    const hash = argv.findIndex(
      ({ raw }, index) => index > 0 && (raw === "#" || (raw.startsWith("#") && index < argv.length - 1)),
    );
    const last = argv.at(-1);
    const first = argv[hash];
    if (first !== undefined && last !== undefined) return { ...first.at, end: last.at.end };
  }
  return undefined;
}
