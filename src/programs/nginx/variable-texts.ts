import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { PlacedDirective } from "./placement.ts";

/** The module whose scripts read a text: each has variables of its own. */
export type VariableModule = "http" | "stream";

/** A text with variables, and the word that it stands in. */
export interface VariableText {
  readonly text: string;
  readonly word: NginxWord;
  /** `script` as most values; `log` as log_format reads it; `name` is the name of one variable and nothing else. */
  readonly form: "script" | "log" | "name";
}

/** The texts of a directive in which nginx looks for variables. */
export interface TextsOf {
  readonly texts: readonly VariableText[];
  /** The module, if it reads the texts when the levels are merged, at the end of http; undefined where they are read at once. */
  readonly merged: MergingModule | undefined;
}

/** Modules that read texts when the levels are merged, in the order in which nginx merges them. */
export const mergingModules = ["ssl", "proxy", "fastcgi", "uwsgi", "scgi", "grpc"] as const;
export type MergingModule = (typeof mergingModules)[number];

const none: TextsOf = { texts: [], merged: undefined };

/** The arguments of directives that are texts with variables (callers of ngx_http_script_compile): from, to. */
const from: Readonly<Record<VariableModule, ReadonlyMap<string, readonly [number, number?]>>> = {
  http: new Map([
    ["add_header", [1, 2]],
    ["add_trailer", [1, 2]],
    ["alias", [0]],
    ["auth_basic", [0]],
    ["auth_basic_user_file", [0]],
    ["auth_request_set", [1]],
    ["early_hints", [0]],
    ["hash", [0, 1]],
    ["index", [0]],
    ["limit_conn_zone", [0, 1]],
    ["limit_rate", [0]],
    ["limit_rate_after", [0]],
    ["limit_req_zone", [0, 1]],
    ["map", [0, 1]],
    ["rewrite", [1, 2]],
    ["root", [0]],
    ["secure_link", [0]],
    ["secure_link_md5", [0]],
    ["set", [1]],
    ["split_clients", [0, 1]],
    ["sub_filter", [0]],
    ["try_files", [0]],
    ["tunnel_pass", [0]],
  ]),
  stream: new Map([
    ["hash", [0, 1]],
    ["limit_conn_zone", [0, 1]],
    ["map", [0, 1]],
    ["pass", [0]],
    ["proxy_download_rate", [0]],
    ["proxy_pass", [0]],
    ["proxy_ssl_alpn", [0]],
    ["proxy_ssl_certificate", [0]],
    ["proxy_ssl_certificate_key", [0]],
    ["proxy_ssl_name", [0]],
    ["proxy_upload_rate", [0]],
    ["return", [0]],
    ["set", [1]],
    ["split_clients", [0, 1]],
  ]),
};

/** The same for each protocol of a backend, after its name. */
const ofProtocols =
  /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_(?:pass|store|cache|cache_key|cache_bypass|no_cache|limit_rate|ssl_name|ssl_certificate|ssl_certificate_key|method)$/;

/** Those whose first argument may be a regular expression instead. */
const replacements = /^proxy_(?:redirect|cookie_domain|cookie_path|cookie_flags)$/;

/** Read when the levels are merged (ngx_http_proxy_init_headers and its like). */
const whenMerged =
  /^(?:(ssl)_certificate(?:_key)?|(proxy)_set_(?:header|body)|(fastcgi|uwsgi|scgi)_param|(grpc)_set_header)$/;

/** Beginnings of the names of all others, so that most directives are told at once. */
const mayHaveTexts =
  /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached|tunnel|ssl_certificate|access_log|log_format|geo$|if$|return$|error_page|expires|aio$|charset$|source_charset|sticky)/;

/** @param inData it is a line of a block such as map */
export function textsOf(placed: PlacedDirective, module: VariableModule, inData: boolean): TextsOf {
  const { args } = placed.directive;
  if (inData)
    return placed.level.owner?.name === "map" && args.length === 1 && placed.name !== "include"
      ? atOnce(args)
      : none;
  const { name } = placed;
  const range = from[module].get(name);
  if (range !== undefined) return atOnce(args.slice(...range));
  if (!mayHaveTexts.test(name)) return none;
  const [, ...found] = whenMerged.exec(name) ?? [];
  const merged = mergingModules.find((each) => found.includes(each));
  if (merged !== undefined && (module === "http" || merged === "ssl"))
    return { ...atOnce(args.length === 1 ? args : args.slice(1, 2)), merged };
  return special(placed, module);
}

function special({ name, directive }: PlacedDirective, module: VariableModule): TextsOf {
  const { args } = directive;
  const [first, second] = args;
  switch (name) {
    case "access_log":
      return ofAccessLog(args);
    case "log_format":
      return {
        texts: args.slice(/^escape=/.test(second?.text ?? "") ? 2 : 1).map((word) => text(word, "log")),
        merged: undefined,
      };
    case "geo":
      return { texts: args.length === 2 ? args.slice(0, 1).map(asName) : [], merged: undefined };
  }
  if (module === "stream") return name === "proxy_bind" ? ofBind(args) : none;
  switch (name) {
    case "if":
      return { texts: ofCondition(args), merged: undefined };
    case "return":
      return atOnce(
        args.length === 1 && !/^(?:https?:\/\/|\$scheme)/.test(first?.text ?? "") ? [] : args.slice(-1),
      );
    case "error_page":
      return atOnce(args.slice(-1));
    case "expires":
      return atOnce(args.slice(-1).filter(({ text }) => text.includes("$")));
    case "aio":
      return {
        texts: args
          .filter((word) => word.text.startsWith("threads="))
          .map((word) => ({ ...text(word, "script"), text: word.text.slice("threads=".length) })),
        merged: undefined,
      };
    case "charset":
    case "source_charset":
      return { texts: args.filter((word) => word.text.startsWith("$")).map(asName), merged: undefined };
    case "sticky":
      return { texts: ofSticky(args), merged: undefined };
    case "memcached_pass":
      // The key stands in a variable that the module does not define (ngx_http_memcached_pass).
      return {
        texts: args.map((word) => ({ word, text: "memcached_key", form: "name" })),
        merged: undefined,
      };
  }
  if (name.endsWith("_bind")) return ofBind(args);
  if (replacements.test(name)) {
    const words = args.length === 1 ? [] : first?.text.startsWith("~") === true ? args.slice(1) : args;
    return atOnce(words);
  }
  if (!ofProtocols.test(name)) return none;
  if (name.endsWith("_store") && first !== undefined && !/^(?:on|off)$/.test(first.text))
    // The byte that ends the path is part of the script.
    return { texts: [{ ...text(first, "script"), text: `${first.text}\0` }], merged: undefined };
  return atOnce(args);
}

function text(word: NginxWord, form: VariableText["form"]): VariableText {
  return { text: word.text, word, form };
}

function atOnce(words: readonly NginxWord[]): TextsOf {
  return { texts: words.map((word) => text(word, "script")), merged: undefined };
}

/** `$name` as a whole word. */
function asName(word: NginxWord): VariableText {
  return { text: word.text.slice(1), word, form: "name" };
}

function ofBind(args: readonly NginxWord[]): TextsOf {
  return args.length === 1 && args[0]?.text === "off" ? none : atOnce(args.slice(0, 1));
}

/** The path, and the text behind `if=`. */
function ofAccessLog(args: readonly NginxWord[]): TextsOf {
  const [path, , ...parameters] = args;
  if (path === undefined || path.text === "off") return none;
  const conditions = parameters
    .filter((word) => word.text.startsWith("if="))
    .map((word) => ({ ...text(word, "script"), text: word.text.slice("if=".length) }));
  return {
    texts: path.text.startsWith("syslog:") ? conditions : [text(path, "script"), ...conditions],
    merged: undefined,
  };
}

/** ngx_http_upstream_sticky_cookie, ..._route, ..._learn */
function ofSticky([method, ...words]: readonly NginxWord[]): VariableText[] {
  if (method?.text === "route") return words.filter((word) => word.text.startsWith("$")).map(asName);
  const after = (word: NginxWord, mark: RegExp, form: VariableText["form"]): VariableText[] => {
    const [found] = mark.exec(word.text) ?? [];
    return found === undefined ? [] : [{ word, text: word.text.slice(found.length), form }];
  };
  return words.flatMap((word) =>
    method?.text === "cookie"
      ? after(word, /^(?:domain|samesite)=/, "script")
      : after(word, /^(?:create|lookup)=\$/, "name"),
  );
}

/** The variable before the operator is the whole word; a regular expression after it has none. */
function ofCondition(args: readonly NginxWord[]): VariableText[] {
  const [first] = args;
  if (first === undefined) return [];
  const words = args.map((word) => text(word, "script"));
  const opened =
    first.text === "("
      ? words.slice(1)
      : words.with(0, { ...text(first, "script"), text: first.text.slice(1) });
  const last = opened.at(-1);
  const closed =
    last === undefined
      ? []
      : last.text === ")"
        ? opened.slice(0, -1)
        : opened.with(-1, { ...last, text: last.text.replace(/\)$/, "") });
  const [subject, operator, value] = closed;
  if (subject === undefined) return [];
  if (!subject.text.startsWith("$") || subject.text === "$") return operator === undefined ? [] : [operator];
  const name: VariableText = { ...subject, text: subject.text.slice(1), form: "name" };
  return value === undefined || /~/.test(operator?.text ?? "") ? [name] : [name, value];
}

/** The names of the variables in a text; digits are captures. */
export function namesIn({ text, form }: VariableText): string[] {
  if (form === "name") return text === "" ? [] : [text];
  if (!text.includes("$")) return [];
  return [...text.matchAll(/\$(?:\{([^}]*)\}|([A-Za-z0-9_]+))/g)].flatMap(([, braced, plain = ""]) => {
    if (braced !== undefined) return braced === "" ? [] : [braced];
    const isCapture = form === "script" && /^[1-9]/.test(plain);
    return isCapture ? [] : [plain];
  });
}

/** What nginx says of the spelling of a variable (ngx_http_script_compile, ngx_http_log_compile_format). */
export function variableFault({ text, form }: VariableText): string | undefined {
  if (form === "name") return text === "" ? 'invalid variable name "$"' : undefined;
  for (let at = text.indexOf("$"); at !== -1; at = text.indexOf("$", at)) {
    const braced = text.charAt(at + 1) === "{";
    const start = at + (braced ? 2 : 1);
    const invalid = form === "log" ? `invalid parameter "${text.slice(at)}"` : "invalid variable name";
    if (start >= text.length) return invalid;
    if (form === "script" && !braced && /[1-9]/.test(text.charAt(start))) {
      at = start + 1;
      continue;
    }
    let end = start;
    while (end < text.length && /[A-Za-z0-9_]/.test(text.charAt(end))) end += 1;
    const name = text.slice(start, end);
    if (braced && text.charAt(end) !== "}") return `the closing bracket in "${name}" variable is missing`;
    if (name === "") return invalid;
    at = braced ? end + 1 : end;
  }
  return undefined;
}
