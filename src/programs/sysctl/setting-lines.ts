import type { SysctlLine } from "../../model/sysctl.ts";
import { found, isGlob, slashed } from "../../syntax/sysctl/key.ts";
import type { SysctlTree } from "../../syntax/sysctl/tree.ts";
import { span, spanText } from "../../text/span.ts";
import { keyText, valueSpan } from "./assignment.ts";

/** The lines of files that give one key a value, as systemd-sysctl reads them. */
export function settingLines(trees: readonly SysctlTree[]): SysctlLine[] {
  return trees.flatMap((tree) =>
    tree.systemd.flatMap((line): SysctlLine[] => {
      if (line.kind !== "setting" || line.value === undefined) return [];
      const { text, uncertain } = keyText(tree, line);
      const key = found(slashed(text));
      if (key === undefined || key === "" || uncertain || isGlob(text)) return [];
      const at = valueSpan(tree, line);
      return [
        {
          key,
          keyAt: span(tree.file, line.key.start, line.key.end),
          at,
          text: spanText(at),
          tolerated: line.minus,
          template: line.template !== undefined,
        },
      ];
    }),
  );
}
