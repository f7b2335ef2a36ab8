import type { NginxWord } from "../../syntax/nginx/tree.ts";
import { addSharedCache } from "./check-zones.ts";
import { parseNumber, parseSize, parseTime } from "./parse-value.ts";
import type { Refuse, SetterCall, SetterCheck } from "./setter-call.ts";

const leastCache = 8 * 4096;

/** `ssl_session_cache` (ngx_http_ssl_session_cache and those of stream and mail). */
export const checkSessionCache: SetterCheck = (call, refuse) => {
  for (const each of call.placed.directive.args) {
    if (/^(?:off|none|builtin)$/.test(each.text)) continue;
    const builtin = /^builtin:(.+)$/s.exec(each.text);
    if (builtin !== null && parseNumber(builtin[1] ?? "") !== undefined) continue;
    if (!shared(call, refuse, each, "session")) return;
  }
};

/** `ssl_ocsp_cache` (ngx_http_ssl_ocsp_cache). */
export const checkOcspCache: SetterCheck = (call, refuse) => {
  const word = call.placed.directive.arg(0);
  if (word !== undefined && word.text !== "off") shared(call, refuse, word, "OCSP");
};

/** `shared:name:size`; whether it is right. */
function shared(call: SetterCall, refuse: Refuse, word: NginxWord, kind: "session" | "OCSP"): boolean {
  const size = parseSize(/^shared:[^:]+:(.*)$/s.exec(word.text)?.[1] ?? "");
  const help =
    kind === "session"
      ? "Write shared:name:size such as shared:TLS:10m, builtin, none or off."
      : "Write shared:name:size such as shared:OCSP:10m, or off.";
  if (size === undefined) refuse(`invalid ${kind} cache "${word.text}"`, word, { help });
  else if (size < leastCache)
    refuse(`${kind} cache "${word.text}" is too small`, word, { help: "Write 32k or more." });
  else {
    addSharedCache(call, refuse, word);
    return true;
  }
  return false;
}

/** `ssl_certificate_cache` and those of backends (ngx_http_ssl_certificate_cache). */
export const checkCertificateCache: SetterCheck = ({ placed }, refuse) => {
  let most = 0;
  let off = false;
  for (const word of placed.directive.args) {
    const [, key, value = ""] = /^(max|inactive|valid)=(.*)$/s.exec(word.text) ?? [];
    if (word.text === "off") off = true;
    else if (key === "max" && parseNumber(value)) most = parseNumber(value) ?? 0;
    else if (key === undefined || key === "max" || parseTime(value, "seconds") === undefined) {
      refuse(`invalid parameter "${word.text}"`, word, {
        help: "It has max=, inactive= and valid=, or is off.",
      });
      return;
    }
  }
  if (!off && most === 0) refuse(`"${placed.name}" must have the "max" parameter`);
};

/** `ssl_alpn` and `proxy_ssl_alpn` of stream; a text with variables is measured later. */
export const checkProtocolNames: SetterCheck = ({ placed }, refuse) => {
  const long = placed.directive.args.find(
    ({ text }) => text.length > 255 && (placed.name === "ssl_alpn" || !text.includes("$")),
  );
  if (long !== undefined) refuse(`"${placed.name}" directive protocol too long`, long);
};
