import { type Complaint, rejected } from "./complaint.ts";
import type { Setting } from "./setting.ts";
import { expandSpecifiers } from "./specifiers.ts";
import type { UnitName } from "./unit-name.ts";
import { badSpecifier } from "./unit-settings.ts";

/** A path that names nothing absolute stops the unit; with a leading dash only the line is ignored. */
export function workingDirectoryFault(
  setting: Setting,
  name: UnitName,
  path: string | undefined,
  version: number | undefined,
): Complaint | undefined {
  const text = setting.value.text.text;
  if (text === "" || text === "~" || text.startsWith("-") || setting.value.holes.length > 0) return undefined;
  const expansion = expandSpecifiers(text, { name, path, version });
  if (expansion.kind === "unknown") return undefined;
  if (expansion.kind === "invalid")
    return badSpecifier(setting, expansion.specifier, "systemd refuses to start the unit");
  if (expansion.text.startsWith("/")) {
    if (!climbsUp(expansion.text)) return undefined;
    return rejected(
      setting,
      `WorkingDirectory=${text} goes up with \`..\`, so systemd refuses to start the unit`,
      `WorkingDirectory= path is not normalized: ${simplified(expansion.text)}`,
    );
  }
  return rejected(
    setting,
    `WorkingDirectory=${text} is no absolute path, so systemd refuses to start the unit`,
    `WorkingDirectory= path is not absolute: ${expansion.text}`,
    text.includes("$") ? "systemd expands no variables here" : undefined,
  );
}

/** Whether a path has a part `..`, which systemd takes in no setting (path_is_normalized of src/basic/path-util.c). */
export function climbsUp(path: string): boolean {
  return path.split("/").includes("..");
}

/** path_simplify of src/basic/path-util.c: one slash each, no `.` parts, none at the end. */
export function simplified(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}

/** A name that no account can have stops the unit (config_parse_user_group_compat of src/core/load-fragment.c). */
export function accountFault(
  setting: Setting,
  name: UnitName,
  path: string | undefined,
  version: number | undefined,
): Complaint | undefined {
  const text = setting.value.text.text;
  if (text === "" || setting.value.holes.length > 0) return undefined;
  const expansion = expandSpecifiers(text, { name, path, version });
  if (expansion.kind === "unknown") return undefined;
  if (expansion.kind === "invalid")
    return badSpecifier(setting, expansion.specifier, "systemd refuses to start the unit");
  if (isAccount(expansion.text)) return undefined;
  return rejected(
    setting,
    `${setting.key}=${text} is no name of an account, so systemd refuses to start the unit`,
    `Invalid user/group name or numeric ID: ${expansion.text}`,
  );
}

/** A name that systemd takes, though it hardly is one: the start fails with 217/USER. */
export function oddAccount(
  setting: Setting,
  name: UnitName,
  path: string | undefined,
  version: number | undefined,
): Complaint | undefined {
  if (setting.value.holes.length > 0) return undefined;
  const expansion = expandSpecifiers(setting.value.text.text, { name, path, version });
  if (expansion.kind !== "text" || !isAccount(expansion.text) || /^\d+$/.test(expansion.text))
    return undefined;
  const { text } = expansion;
  if (text === "" || (/^[A-Za-z_][A-Za-z0-9_-]*$/.test(text) && text.length < 32)) return undefined;
  const { problem } = rejected(
    setting,
    `\`${text}\` is taken as the whole name of an account, which hardly exists`,
    "",
    /\s[#;]/.test(text) ? "a comment needs a line of its own" : "systemd expands no variables here",
  );
  return {
    problem: /[\s$]/.test(text) ? problem : undefined,
    journal: () => `Accepting user/group name '${text}', which does not match strict user/group name rules.`,
  };
}

/** valid_user_group_name with VALID_USER_RELAX of src/basic/user-util.c. */
function isAccount(text: string): boolean {
  if (/^(?:0|[1-9]\d*)$/.test(text)) return Number(text) < 2 ** 32 - 1 && Number(text) !== 65535;
  if (/^ | $/.test(text) || text === "." || text === "..") return false;
  return !/[\x00-\x1f\x7f:/]/.test(text) && !/^-?\d+$/.test(text);
}
