import type { Version } from "../../model/facts.ts";
import type { NginxWord } from "../../syntax/nginx/tree.ts";
import type { SetterCall, SetterCheck } from "./setter-call.ts";

/** src/http/ngx_http_core_module.c ngx_http_core_server_name */
export const checkServerName: SetterCheck = (call, refuse) => {
  for (const each of call.placed.directive.args) {
    const name = each.text;
    const wrong = name.startsWith("*") ? name.length < 3 || name.charAt(1) !== "." : name === ".";
    if (!wrong && name.split("\0")[0]?.includes("/") === true) warnOfSlash(call, each);
    if (wrong) refuse(`server name "${name}" is invalid`, each);
    else if (name === "~") refuse('empty regex in server name "~"', each);
    else continue;
    return;
  }
};

/** What no client asks for; in a regular expression nginx warns of it too. */
function warnOfSlash({ placed, complaints }: SetterCall, each: NginxWord): void {
  const said = `server name "${each.text}" has suspicious symbols`;
  complaints.print(placed, said);
  complaints.warn(placed, "nginx/no-effect", said, {
    at: each.span,
    help: "A name has no scheme, port or path: write only the host, such as example.org.",
  });
}

/** src/http/modules/ngx_http_index_module.c */
export const checkIndex: SetterCheck = ({ placed, complaints, version }, refuse) => {
  const words = placed.directive.args;
  for (const [at, each] of words.entries()) {
    if (each.text.startsWith("/") && at < words.length - 1) {
      const said = 'only the last index in "index" directive should be absolute';
      complaints.print(placed, said);
      complaints.warn(
        placed,
        "nginx/no-effect",
        `${said}: what stands after ${each.text} is not looked for`,
        {
          at: each.span,
          help: "Write it last.",
        },
      );
    }
    if (each.text !== "") continue;
    // Up to 1.28.0, and in 1.29.0 and 1.29.1, it names the first word.
    const named = version !== undefined && !namesTheWord(version) ? (words[0]?.text ?? "") : "";
    refuse(`index "${named}" in "index" directive is invalid`, each, { help: "A name is empty here." });
    return;
  }
};

function namesTheWord(version: Version): boolean {
  return version.atLeast("1.29.2") || (version.atLeast("1.28.1") && !version.atLeast("1.29.0"));
}
