import type { Span } from "../../../text/span.ts";
import { bool, type Data, str, type Term } from "./data.ts";
import type { CallArguments, Evaluator } from "./evaluator.ts";
import { opaque, opaqueAmong, opaqueResult, result } from "./opaque.ts";
import { callText } from "./session.ts";

type PathFunction = (run: Evaluator, given: CallArguments, at: Span) => Term;

/** os.path.join */
function join(parts: readonly string[]): string {
  let path = parts[0] ?? "";
  for (const part of parts.slice(1))
    if (part.startsWith("/")) path = part;
    else path += path === "" || path.endsWith("/") ? part : `/${part}`;
  return path;
}

/** os.path.normpath */
function normal(path: string): string {
  if (path === "") return ".";
  const absolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/"))
    if (part === "" || part === ".") continue;
    else if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !absolute) parts.push(part);
  return (absolute ? "/" : "") + parts.join("/") || ".";
}

function directory(path: string): string {
  const head = path.slice(0, path.lastIndexOf("/") + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, "");
}

function base(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Text of a string or a path; undefined for everything else. */
function pathText(data: Data | undefined): string | undefined {
  return data?.kind === "str" || data?.kind === "path" ? data.value : undefined;
}

/** A function of paths alone; `start` is the directory that gunicorn starts in, empty where nobody asks for it. */
function onPaths(
  name: string,
  kind: "str" | "path",
  compute: (paths: readonly string[], start: string) => string,
  needsStart = false,
): PathFunction {
  return (run, given, at) => {
    const text = callText(name, given.positional, new Map());
    const missing = opaqueAmong(given.positional);
    if (missing !== undefined)
      return opaqueResult(missing, given.positional, kind === "str" ? "str" : undefined, text);
    const paths = given.positional.map((each) => pathText(each.data));
    const start = run.session.input.workingDirectory;
    const relative = needsStart && paths[0]?.startsWith("/") !== true;
    if (relative && !start.known) return opaque(start.origin.why, [start], {}, text);
    if (paths.includes(undefined)) {
      run.session.mayRaise(`${text} is not read`, at);
      return opaque(`${text} is not read`, [], {}, text);
    }
    const known = paths.filter((path) => path !== undefined);
    const value = compute(known, start.known ? start.value : "");
    const made = result({ kind, value }, given.positional, text);
    return relative ? { ...made, from: [...made.from, start], text } : made;
  };
}

const absolute = (path: string, start: string): string => normal(join([start, path]));

/** Whether a file is there is known only for files that are here. */
function exists(run: Evaluator, given: CallArguments): Term {
  const [only] = given.positional;
  const path = pathText(only?.data);
  const text = callText("os.path.exists", given.positional, new Map());
  const start = run.session.input.workingDirectory;
  if (path !== undefined && (path.startsWith("/") || start.known)) {
    const file = run.session.input.readConfig(absolute(path, start.known ? start.value : ""));
    if (file !== undefined && file !== "unknown") return result(bool(true), given.positional, text);
  }
  return opaque("whether the file exists is not known", [], { type: "bool" }, text);
}

/** os.path.splitext: leading dots of the name belong to the name. */
function extensionAt(path: string): number {
  const name = base(path);
  const dot = name.lastIndexOf(".");
  return dot <= 0 || /^\.*$/.test(name.slice(0, dot)) ? path.length : path.length - name.length + dot;
}

/** Two parts of a path. */
function divided(name: string, at: (path: string) => readonly [string, string]): PathFunction {
  return (run, given, place) => {
    const text = callText(name, given.positional, new Map());
    const [only] = given.positional;
    const path = pathText(only?.data);
    if (only?.data.kind === "opaque") return opaqueResult(only.data, [only], undefined, text);
    if (path === undefined) {
      run.session.mayRaise(`${text} is not read`, place);
      return opaque(`${text} is not read`, [], {}, text);
    }
    const items = at(path).map((part): Term => result(str(part), given.positional, undefined));
    return result({ kind: "tuple", items }, given.positional, text);
  };
}

/** `~` is HOME where it is set; `~name` needs the list of accounts. */
function expandUser(run: Evaluator, given: CallArguments): Term {
  const text = callText("os.path.expanduser", given.positional, new Map());
  const [only] = given.positional;
  const path = pathText(only?.data);
  if (only?.data.kind === "opaque") return opaqueResult(only.data, [only], "str", text);
  if (path !== undefined && !path.startsWith("~")) return result(str(path), given.positional, text);
  const home = run.session.variable("HOME");
  if (path === undefined || !/^~(\/|$)/.test(path) || home.data.kind !== "str")
    return opaque("the home directory is not known", home.from, { type: "str" }, text);
  return result(
    str(home.data.value.replace(/\/+$/, "") + path.slice(1) || "/"),
    [...given.positional, home],
    text,
  );
}

/** `$NAME` and `${NAME}` of variables that are set; others stay as they are written. */
function expandVariables(run: Evaluator, given: CallArguments): Term {
  const text = callText("os.path.expandvars", given.positional, new Map());
  const [only] = given.positional;
  const path = pathText(only?.data);
  if (only?.data.kind === "opaque") return opaqueResult(only.data, [only], "str", text);
  if (path === undefined) return opaque(`${text} is not read`, [], {}, text);
  const terms: Term[] = [...given.positional];
  const expanded = path.replace(/\$(\w+|\{[^}]*\})/g, (whole, name: string) => {
    const value = run.session.variable(name.replace(/^\{|\}$/g, ""));
    terms.push(value);
    return value.data.kind === "str" ? value.data.value : whole;
  });
  const missing = opaqueAmong(terms);
  return missing === undefined
    ? result(str(expanded), terms, text)
    : opaqueResult(missing, terms, "str", text);
}

export const pathFunctions: ReadonlyMap<string, PathFunction> = new Map<string, PathFunction>([
  [
    "os.path.splitext",
    divided("os.path.splitext", (path) => [path.slice(0, extensionAt(path)), path.slice(extensionAt(path))]),
  ],
  ["os.path.split", divided("os.path.split", (path) => [directory(path), base(path)])],
  ["os.path.expanduser", expandUser],
  ["os.path.expandvars", expandVariables],
  ["os.path.join", onPaths("os.path.join", "str", (paths) => join(paths))],
  ["os.path.dirname", onPaths("os.path.dirname", "str", ([path = ""]) => directory(path))],
  ["os.path.basename", onPaths("os.path.basename", "str", ([path = ""]) => base(path))],
  ["os.path.normpath", onPaths("os.path.normpath", "str", ([path = ""]) => normal(path))],
  ["os.path.abspath", onPaths("os.path.abspath", "str", ([path = ""], start) => absolute(path, start), true)],
  [
    "os.path.realpath",
    onPaths("os.path.realpath", "str", ([path = ""], start) => absolute(path, start), true),
  ],
  ["os.fspath", onPaths("os.fspath", "str", ([path = ""]) => path)],
  ["os.path.exists", exists],
  ["os.path.isfile", exists],
  ["pathlib.Path", onPaths("Path", "path", (paths) => cleaned(join(paths)))],
  ["pathlib.PurePath", onPaths("Path", "path", (paths) => cleaned(join(paths)))],
  ["pathlib.PosixPath", onPaths("Path", "path", (paths) => cleaned(join(paths)))],
]);

/** Path() drops `.` and double slashes and keeps `..`. */
function cleaned(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return (path.startsWith("/") ? "/" : "") + parts.join("/") || ".";
}

/** `path / other` */
export function joinPaths(left: Term, right: Term, text: string): Term | undefined {
  const [one, other] = [pathText(left.data), pathText(right.data)];
  if (one === undefined || other === undefined) return undefined;
  if (left.data.kind !== "path" && right.data.kind !== "path") return undefined;
  return result({ kind: "path", value: cleaned(join([one, other])) }, [left, right], text, 6);
}

/** A property of a pathlib.Path; undefined for one that is not read. */
export function pathProperty(path: string, name: string): Data | undefined {
  const own = path === "." ? "" : base(path);
  const parent = (of: string): string => (of.includes("/") ? directory(of) || "/" : ".");
  switch (name) {
    case "parent":
      return { kind: "path", value: parent(path) };
    case "parents": {
      const items: Term[] = [];
      for (let up = parent(path); ; up = parent(up)) {
        items.push({ data: { kind: "path", value: up }, from: [] });
        if (up === "/" || up === "." || items.length > 100) break;
      }
      return { kind: "tuple", items };
    }
    case "name":
      return str(own);
    case "stem":
      return str(own.replace(/(.)\.[^.]*$/s, "$1"));
    case "suffix":
      return str(/.(\.[^.]+)$/s.exec(own)?.[1] ?? "");
    default:
      return undefined;
  }
}

/** A method of a pathlib.Path, on the path as first argument. */
export const pathMethods: ReadonlyMap<string, PathFunction> = new Map<string, PathFunction>([
  ["resolve", onPaths("Path.resolve", "path", ([path = ""], start) => absolute(path, start), true)],
  ["absolute", onPaths("Path.absolute", "path", ([path = ""], start) => cleaned(join([start, path])), true)],
  ["joinpath", onPaths("Path.joinpath", "path", (paths) => cleaned(join(paths)))],
  ["as_posix", onPaths("Path.as_posix", "str", ([path = ""]) => path)],
  ["__str__", onPaths("str", "str", ([path = ""]) => path)],
  ["exists", exists],
  ["is_file", exists],
]);
