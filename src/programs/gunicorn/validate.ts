import { parseBind } from "./bind-address.ts";
import { isIpAddress, networkFault } from "./ip-network.ts";
import { type Data, pythonText, repr, type Term, textOf, typeName } from "./python/data.ts";
import { pythonInteger, pythonString, type SettingValue } from "./setting-value.ts";
import type { Setting, SettingSet } from "./settings.ts";

/**
 * What a validator of gunicorn.config makes of a value. `error` is the text of its exception, `plain` the same
 * in words for the user; `undecided` says what the answer depends on.
 */
export type Validated =
  | { readonly kind: "value"; readonly value: SettingValue }
  | { readonly kind: "error"; readonly error: string; readonly plain: string }
  | { readonly kind: "undecided"; readonly why: string };

const accepted = (value: SettingValue): Validated => ({ kind: "value", value });
const refused = (error: string, plain: string): Validated => ({ kind: "error", error, plain });
const undecided = (why: string): Validated => ({ kind: "undecided", why });

/** gunicorn's validator of a setting, on a value from the command line or the configuration file. */
export function validate(
  setting: Setting,
  data: Data,
  version: SettingSet,
  directory: string | undefined,
): Validated {
  if (data.kind === "opaque" && setting.validator === "class" && isClassName(data.name))
    return accepted({ callable: data.name });
  if (data.kind === "opaque")
    return data.type === "float" && setting.validator === "pos_int"
      ? positiveInteger({ kind: "float", value: 0 })
      : undecided(data.why);
  if (unread.has(data.kind)) return undecided("what it holds is not read");
  const check = validators[setting.validator];
  return check === undefined
    ? undecided(`what gunicorn accepts for ${setting.name} is not known`)
    : check(data, { setting, version, directory });
}

/** Values of which too little is known to say what a validator makes of them. */
const unread = new Set<Data["kind"]>([
  "method",
  "instance",
  "exception",
  "file",
  "environ",
  "namespace",
  "bytes",
]);

/** A name of another module that is written as classes are. */
function isClassName(name: string | undefined): name is string {
  return name !== undefined && /\.[A-Z]\w*$/.test(name) && !/\.[A-Z_0-9]+$/.test(name);
}

interface Context {
  readonly setting: Setting;
  readonly version: SettingSet;
  /** The directory that gunicorn starts in. */
  readonly directory: string | undefined;
}

type Validator = (data: Data, context: Context) => Validated;

const validators: Readonly<Record<string, Validator>> = {
  pos_int: positiveInteger,
  bool: boolean,
  string: text,
  list_string: listOfText,
  list_of_existing_files: listOfText,
  list_of_files_or_patterns: listOfText,
  string_to_list: commaList,
  string_to_addr_list: addressList,
  class: classOrText,
  callable,
  post_request: callable,
  user: account,
  group: account,
  chdir: directory,
  dict: dictionary,
  reload_engine: (data) =>
    data.kind === "str" && ["auto", "poll", "inotify"].includes(data.value)
      ? accepted(data.value)
      : refused(`Invalid reload_engine: ${shown(data)}`, "it must be auto, poll or inotify"),
  hostport: hostPort,
  statsd_address: statsdAddress,
  // Since 21 it is not used any more, and any value will do.
  ssl_version: (data, { version }) =>
    version.atLeast("21.0.0") && (data.kind === "str" || data.kind === "int")
      ? accepted(data.kind === "int" ? Number(data.value) : data.value)
      : undecided("its values are those of Python's ssl module"),
  proxy_protocol: proxyProtocol,
  header_map_behaviour: (data) => word(data, ["drop", "refuse", "dangerous"], null, "header map behaviour"),
  asgi_loop: (data) => word(data, ["auto", "asyncio", "uvloop"], "auto", "ASGI loop"),
  asgi_lifespan: (data) => word(data, ["auto", "on", "off"], "auto", "ASGI lifespan"),
  http_parser: (data) => word(data, ["auto", "fast", "python"], "auto", "HTTP parser"),
  http_protocols: httpProtocols,
  http2_frame_size: frameSize,
};

function shown(data: Data): string {
  return repr(data) ?? `<${typeName(data)}>`;
}

function integer(data: Data): { value: bigint } | { error: string; plain: string } {
  if (data.kind === "int") return { value: data.value };
  if (data.kind === "bool") return { value: data.value ? 1n : 0n };
  if (data.kind !== "str")
    return {
      error: "int() can't convert non-string with explicit base",
      plain: `it is ${article(typeName(data))}, and gunicorn takes whole numbers only`,
    };
  const value = pythonInteger(data.value, 0);
  if (value !== undefined) return { value };
  return {
    error: `invalid literal for int() with base 0: ${pythonString(data.value)}`,
    plain: `${pythonString(data.value)} is no whole number in Python's spelling`,
  };
}

function article(type: string): string {
  return type === "NoneType" ? "None" : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function positiveInteger(data: Data): Validated {
  const number = integer(data);
  if ("error" in number) return refused(number.error, number.plain);
  if (number.value < 0n) return refused(`Value must be positive: ${number.value}`, "it must not be negative");
  return accepted(Number(number.value));
}

function frameSize(data: Data): Validated {
  const number = integer(data);
  if ("error" in number) return refused(number.error, number.plain);
  if (number.value >= 16384n && number.value <= 16777215n) return accepted(Number(number.value));
  const range = "must be between 16384 and 16777215";
  return refused(`http2_max_frame_size ${range}, got ${number.value}`, `it ${range}`);
}

function boolean(data: Data): Validated {
  if (data.kind === "none") return accepted(null);
  if (data.kind === "bool") return accepted(data.value);
  const plain = "gunicorn takes True, False and the words true and false only";
  if (data.kind !== "str") return refused(percentFormatted("Invalid type for casting: ", data), plain);
  const lower = data.value.toLowerCase().trim();
  if (lower === "true" || lower === "false") return accepted(lower === "true");
  return refused(`Invalid boolean: ${data.value}`, plain);
}

function text(data: Data): Validated {
  if (data.kind === "none") return accepted(null);
  if (data.kind === "str") return accepted(data.value.trim());
  return refused(
    percentFormatted("Not a string: ", data),
    `it is ${article(typeName(data))}, and gunicorn takes a string only`,
  );
}

/** `"... %s" % value` of gunicorn: a tuple is taken apart. */
function percentFormatted(text: string, data: Data): string {
  if (data.kind !== "tuple") return text + (pythonText(data) ?? shown(data));
  const [only, ...rest] = data.items;
  if (only === undefined) return "not enough arguments for format string";
  if (rest.length > 0) return "not all arguments converted during string formatting";
  return text + (pythonText(only.data) ?? shown(only.data));
}

function itemsOf(data: Data): readonly Term[] | undefined {
  return data.kind === "list" || data.kind === "tuple" || data.kind === "set" ? data.items : undefined;
}

function listOfText(data: Data): Validated {
  if (data.kind === "str") return data.value === "" ? accepted([]) : accepted([data.value.trim()]);
  if (data.kind === "none") return accepted([]);
  if ((data.kind === "int" && data.value === 0n) || (data.kind === "bool" && !data.value))
    return accepted([]);
  const items =
    itemsOf(data) ?? (data.kind === "dict" ? [...data.entries.values()].map((each) => each.key) : undefined);
  if (items === undefined)
    return refused(
      `'${typeName(data)}' object is not iterable`,
      `it is ${article(typeName(data))}, and gunicorn takes a string or a list of strings`,
    );
  const values: string[] = [];
  for (const item of items) {
    if (item.data.kind === "opaque") return undecided(item.data.why);
    const value = text(item.data);
    if (value.kind !== "value") return value;
    if (typeof value.value === "string") values.push(value.value);
  }
  return accepted(values);
}

function commaList(data: Data): Validated {
  const value = text(data);
  if (value.kind !== "value") return value;
  if (typeof value.value !== "string" || value.value === "") return accepted([]);
  return accepted(
    value.value
      .split(",")
      .filter((part) => part !== "")
      .map((part) => part.trim()),
  );
}

function addressList(data: Data, { version }: Context): Validated {
  const list = commaList(data);
  if (list.kind !== "value" || !Array.isArray(list.value)) return list;
  for (const item of list.value as readonly string[]) {
    if (item === "*") continue;
    const fault = version.atLeast("24.0.0")
      ? networkFault(item)
      : isIpAddress(item)
        ? undefined
        : `${pythonString(item)} does not appear to be an IPv4 or IPv6 address`;
    if (fault !== undefined)
      return refused(
        fault,
        `since gunicorn ${version.atLeast("24.0.0") ? "24" : "23"} each part must be an IP address${version.atLeast("24.0.0") ? ", a network" : ""} or *`,
      );
  }
  return list;
}

function classOrText(data: Data): Validated {
  if (data.kind === "class") return accepted({ callable: data.name });
  if (data.kind === "function") return undecided("it is what a function returns");
  return text(data);
}

const arities: Readonly<Record<string, number>> = {
  pre_fork: 2,
  post_fork: 2,
  pre_request: 2,
  child_exit: 2,
  worker_exit: 2,
  nworkers_changed: 3,
  ssl_context: 2,
  dirty_post_fork: 2,
  dirty_worker_exit: 2,
};

function callable(data: Data, { setting }: Context): Validated {
  if (data.kind === "str" && !data.value.includes("."))
    return refused(
      `Value '${data.value}' is not import string. Format: module[.submodules...].object`,
      "it must be a function or the dotted name of one",
    );
  if (data.kind === "str") return undecided("it names a function of another module");
  if (data.kind === "builtin" || data.kind === "class" || data.kind === "method" || data.kind === "instance")
    return undecided("its parameters are not known");
  if (data.kind !== "function")
    return refused(`Value is not callable: ${pythonText(data) ?? shown(data)}`, "it must be a function");
  const own = data.parameters.filter((parameter) => parameter.star === "").length;
  if (!data.callable) return undecided("its parameters are not known");
  const fits =
    setting.validator === "post_request" ? own >= 2 && own <= 4 : own === (arities[setting.name] ?? 1);
  const wanted = setting.validator === "post_request" ? 4 : (arities[setting.name] ?? 1);
  return fits
    ? accepted({ callable: data.name })
    : refused(
        `Value must have an arity of: ${wanted}`,
        `the function takes ${own} parameters and must take ${wanted}`,
      );
}

function account(data: Data, { setting }: Context): Validated {
  if (data.kind === "none") return undecided(`gunicorn keeps the ${setting.name} that starts it`);
  if (data.kind === "int") return accepted(Number(data.value));
  if (data.kind === "bool") return accepted(data.value ? 1 : 0);
  if (data.kind === "str") return accepted(/^[0-9]+$/.test(data.value) ? Number(data.value) : data.value);
  const owner = data.kind === "module" ? `module '${data.name}'` : `'${typeName(data)}' object`;
  return refused(
    `${owner} has no attribute 'isdigit'`,
    `it is ${article(typeName(data))}, and gunicorn takes a name or a number`,
  );
}

function directory(data: Data, context: Context): Validated {
  const value = text(data);
  if (value.kind !== "value") return value;
  if (typeof value.value !== "string") return refused("join() argument must be str", "it must be a path");
  if (value.value.startsWith("/")) return accepted(normalDirectory(value.value));
  if (context.directory === undefined) return undecided("the directory that gunicorn starts in is not known");
  return accepted(normalDirectory(`${context.directory}/${value.value}`));
}

function normalDirectory(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/"))
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  return `/${parts.join("/")}`;
}

function dictionary(data: Data): Validated {
  if (data.kind === "dict") return undecided("dictionaries are not read");
  return refused(`Value is not a dictionary: ${pythonText(data) ?? shown(data)} `, "it must be a dictionary");
}

function hostPort(data: Data): Validated {
  const value = text(data);
  if (value.kind !== "value" || typeof value.value !== "string") return value;
  const elements = value.value.split(":");
  const port = pythonInteger(elements[1] ?? "");
  if (elements.length !== 2) return refused("Value must consist of: hostname:port", "it must be HOST:PORT");
  if (port === undefined)
    return refused(
      `invalid literal for int() with base 10: ${pythonString(elements[1] ?? "")}`,
      "the port must be a number",
    );
  return accepted([elements[0] ?? "", Number(port)]);
}

function statsdAddress(data: Data): Validated {
  const value = text(data);
  if (value.kind !== "value" || typeof value.value !== "string") return value;
  const port = /^unix:([0-9]+)$/.exec(value.value)?.[1];
  if (port !== undefined) return accepted(["unix", Number(port)]);
  const address = parseBind(value.value, "8125");
  if (address.kind === "error")
    return refused(
      "Value must be one of ('host:port', 'unix://PATH')",
      "it must be HOST:PORT or unix://PATH",
    );
  if (address.kind === "unix") return accepted(address.path);
  return address.kind === "tcp" ? accepted([address.host, address.port]) : accepted(address.number);
}

const proxyProtocols: Readonly<Record<string, string>> = {
  false: "off",
  off: "off",
  "0": "off",
  none: "off",
  true: "auto",
  auto: "auto",
  "1": "auto",
  v1: "v1",
  v2: "v2",
};

function proxyProtocol(data: Data): Validated {
  if (data.kind === "none") return accepted("off");
  if (data.kind === "bool") return accepted(data.value ? "auto" : "off");
  const plain = "it must be off, v1, v2 or auto";
  if (data.kind !== "str") return refused("proxy_protocol must be string or bool", plain);
  const key = data.value.toLowerCase().trim();
  const value = Object.hasOwn(proxyProtocols, key) ? proxyProtocols[key] : undefined;
  return value === undefined
    ? refused("proxy_protocol must be: off, v1, v2, or auto", plain)
    : accepted(value);
}

function word(data: Data, words: readonly string[], absent: string | null, what: string): Validated {
  if (data.kind === "none") return accepted(absent);
  const plain = `it must be one of ${words.join(", ")}`;
  if (data.kind !== "str")
    return refused(`Invalid type for casting: ${pythonText(data) ?? shown(data)}`, plain);
  const value = data.value.toLowerCase().trim();
  return words.includes(value) ? accepted(value) : refused(`Invalid ${what}: ${value}`, plain);
}

function httpProtocols(data: Data): Validated {
  if (data.kind === "none") return accepted(["h1"]);
  if (data.kind !== "str") return refused("http_protocols must be a string", "it must be a string");
  const protocols = data.value
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== "");
  const wrong = protocols.find((protocol) => !["h1", "h2", "h3"].includes(protocol));
  if (wrong !== undefined)
    return refused(
      `Invalid protocol '${wrong}'. Valid protocols: h1, h2, h3`,
      "it must be a list of h1, h2, h3",
    );
  return accepted(protocols.length === 0 ? ["h1"] : protocols);
}

/** How a refused value is shown to the user. */
export function shownValue(of: Term): string {
  return repr(of.data) ?? textOf(of);
}
