import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { PlacedDirective } from "./placement.ts";

/** A text with variables, and the word that it stands in. */
export interface VariableText {
  readonly text: string;
  readonly word: NginxWord;
}

/** Directives whose arguments, from a place on, are read as texts with variables when they are met. */
const readAtOnce: ReadonlyMap<string, number> = new Map([
  ["access_log", 0],
  ["add_header", 1],
  ["add_trailer", 1],
  ["alias", 0],
  ["auth_basic", 0],
  ["auth_basic_user_file", 0],
  ["auth_request_set", 1],
  ["expires", 0],
  ["hash", 0],
  ["index", 0],
  ["limit_rate", 0],
  ["limit_rate_after", 0],
  ["log_format", 1],
  ["return", 0],
  ["rewrite", 1],
  ["root", 0],
  ["secure_link", 0],
  ["secure_link_md5", 0],
  ["set", 1],
  ["ssl_certificate", 0],
  ["ssl_certificate_key", 0],
  ["sub_filter", 0],
  ["try_files", 0],
]);

/** The same for each protocol of a backend, after its name. */
const ofProtocols =
  /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_(?:pass|bind|store|cache|cache_key|cache_bypass|no_cache|ssl_name|ssl_certificate|ssl_certificate_key|method|cookie_domain|cookie_path|redirect)$/;

/** Read when the levels are merged (ngx_http_proxy_init_headers and its like). */
const readWhenMerged = /^(?:proxy|grpc)_set_header$|^proxy_set_body$|^(?:fastcgi|uwsgi|scgi)_param$/;

/** The texts of a directive in which nginx looks for variables. */
export function usedBy(
  { name, directive, level }: PlacedDirective,
  inData: boolean,
): { readonly words: readonly VariableText[]; readonly merged: boolean } {
  const { args } = directive;
  const texts = (words: readonly NginxWord[]): VariableText[] =>
    words.map((word) => ({ text: word.text, word }));
  const some = (words: readonly NginxWord[]) => ({ words: texts(words), merged: false });
  if (inData) return some(level.owner?.name === "map" ? args.slice(0, 1) : []);
  if (readWhenMerged.test(name))
    return { words: texts(args.length === 1 ? args : args.slice(1)), merged: true };
  switch (name) {
    case "if":
      return { words: ofCondition(args), merged: false };
    case "map":
    case "split_clients":
    case "limit_req_zone":
    case "limit_conn_zone":
      return some(args.slice(0, 1));
    case "geo":
      return some(args.slice(0, args.length - 1));
    case "error_page":
      return some(args.slice(-1));
    case "memcached_pass":
      // The key stands in a variable that the module does not define (ngx_http_memcached_pass).
      return {
        words: [...texts(args), ...args.map((word) => ({ text: "$memcached_key", word }))],
        merged: false,
      };
    case "charset":
      return some(args.filter(({ text }) => text.startsWith("$")));
    default: {
      const from = readAtOnce.get(name) ?? (ofProtocols.test(name) ? 0 : undefined);
      return some(from === undefined ? [] : args.slice(from).filter(({ text }) => !text.startsWith("~")));
    }
  }
}

/** The variable before the operator is the whole word; a regular expression after it has none. */
function ofCondition(args: readonly NginxWord[]): VariableText[] {
  const [first] = args;
  if (first === undefined) return [];
  const words = args.map((word) => ({ word, text: word.text }));
  const opened =
    first.text === "(" ? words.slice(1) : words.with(0, { word: first, text: first.text.slice(1) });
  const last = opened.at(-1);
  const closed =
    last === undefined
      ? []
      : last.text === ")"
        ? opened.slice(0, -1)
        : opened.with(-1, { word: last.word, text: last.text.replace(/\)$/, "") });
  const [subject, operator, value] = closed;
  if (subject === undefined) return [];
  if (!subject.text.startsWith("$")) return operator === undefined ? [] : [operator];
  const name = { ...subject, text: `\${${subject.text.slice(1)}}` };
  return value === undefined || /~/.test(operator?.text ?? "") ? [name] : [name, value];
}

/** The names of variables in a text; digits are captures. */
export function namesIn(text: string): string[] {
  if (!text.includes("$")) return [];
  return [...text.matchAll(/\$(?:\{([^}]*)\}|([A-Za-z0-9_]+))/g)].flatMap(([, braced, plain = ""]) => {
    if (braced !== undefined) return braced === "" ? [] : [braced];
    return /^[1-9]/.test(plain) ? [] : [plain];
  });
}

/** `(?<name>`, `(?P<name>` and `(?'name'` in a regular expression. */
const namedCapture = /\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/g;

/** The variables that a directive defines, in lower case. */
export function definedBy(
  { name, directive, level }: PlacedDirective,
  inData: boolean,
): readonly { readonly name: string; readonly word: NginxWord }[] {
  const { args } = directive;
  if (inData) {
    const [key] = directive.words;
    return level.owner?.name === "map" && key?.text.startsWith("~") === true ? captures([key]) : [];
  }
  switch (name) {
    case "set":
    case "auth_request_set":
      return named(args[0]);
    case "map":
    case "split_clients":
      return named(args[1]);
    case "geo":
      return named(args.at(-1));
    case "rewrite":
    case "location":
    case "if":
    case "server_name":
    case "proxy_redirect":
    case "proxy_cookie_domain":
    case "proxy_cookie_path":
    case "fastcgi_split_path_info":
      return captures(args);
    default:
      return [];
  }
}

function named(word: NginxWord | undefined): { name: string; word: NginxWord }[] {
  return word?.text.startsWith("$") === true ? [{ name: word.text.slice(1).toLowerCase(), word }] : [];
}

function captures(words: readonly NginxWord[]): { name: string; word: NginxWord }[] {
  return words.flatMap((word) =>
    [...word.text.matchAll(namedCapture)].map(([, plain, quoted = ""]) => ({
      name: (plain ?? quoted).toLowerCase(),
      word,
    })),
  );
}
