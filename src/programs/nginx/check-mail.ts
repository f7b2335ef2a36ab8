import type { Version } from "../../model/facts.ts";
import { checkStartedTls } from "./check-tls.ts";
import type { Complaints } from "./complaint.ts";
import { parseTarget } from "./parse-address.ts";
import { parseFlag } from "./parse-value.ts";
import type { Level, PlacedDirective } from "./placement.ts";
import type { SetterCheck } from "./setter-call.ts";

const protocols = ["imap", "pop3", "smtp"];

/** `protocol` of a mail server (ngx_mail_core_protocol). */
export const checkProtocol: SetterCheck = ({ placed }, refuse) => {
  const word = placed.directive.arg(0);
  if (word !== undefined && !protocols.includes(word.text))
    refuse(`unknown protocol "${word.text}"`, word, { help: "It is one of imap, pop3, smtp." });
};

/** `auth_http`: an address with a path, before which http:// may stand (ngx_mail_auth_http). */
export const checkAuthHttpUrl: SetterCheck = ({ placed }, refuse) => {
  const word = placed.directive.arg(0);
  if (word === undefined) return;
  const url = word.text.replace(/^http:\/\//, "");
  const unix = /^unix:/i.test(url);
  const end = unix ? url.indexOf(":", "unix:".length) : url.search(url.startsWith("[") ? /\// : /[/?#]/);
  const parsed = parseTarget(end === -1 ? url : url.slice(0, end), 80);
  if (!parsed.ok)
    refuse(`${parsed.error} in auth_http "${url}"`, word, {
      help: "Write the address and path of the server that checks logins, such as 127.0.0.1:9000/auth.",
    });
};

/** `starttls` of a mail server (ngx_mail_ssl_starttls). */
export const checkStartTls: SetterCheck = ({ placed, seen }, refuse) => {
  const first = seen.get("starttls");
  const word = placed.directive.arg(0);
  if (first !== undefined && first !== placed)
    refuse('"starttls" directive is duplicate', undefined, {
      rule: "nginx/duplicate",
      because: [{ message: "it is set here first", at: first.at }],
    });
  else if (word !== undefined && !/^(?:off|on|only)$/i.test(word.text))
    refuse(`invalid value "${word.text}"`, word, { help: "It is one of off, on, only." });
  else if (
    word !== undefined &&
    !/^off$/i.test(word.text) &&
    parseFlag(seen.get("ssl")?.args[0] ?? "") === true
  )
    refuse('"ssl" directive conflicts with "starttls"', word);
};

/** `ssl` of a mail server beside `starttls` (ngx_mail_ssl_enable, up to 1.25.0). */
export const checkSslBesideStartTls: SetterCheck = ({ placed, seen }, refuse) => {
  const [starttls] = seen.get("starttls")?.args ?? [];
  if (parseFlag(placed.args[0] ?? "") === true && starttls !== undefined && !/^off$/i.test(starttls))
    refuse('"starttls" directive conflicts with "ssl on"', placed.directive.arg(0));
};

/** Ports that tell the protocol of a server which does not name it. */
const protocolPorts = new Set([25, 110, 143, 465, 587, 993, 995]);

/** What nginx finds when it merges the servers of mail, one module after the other (ngx_mail_block). */
export function checkMail(
  mail: PlacedDirective,
  block: Level,
  version: Version | undefined,
  complaints: Complaints,
): void {
  const servers = block.named("server").filter(({ directive }) => !directive.file.conditional);
  for (const server of servers) {
    if (server.block === undefined || hasProtocol(server.block)) continue;
    complaints.refuseAt(
      mail.closed,
      server,
      "nginx/value",
      "unknown mail protocol for server",
      {
        at: server.directive.nameSpan,
        help: "Write protocol imap; pop3; or smtp; into it: no port of its listen tells the protocol.",
      },
      { file: server.directive.file.source, line: server.directive.line },
    );
  }
  checkStartedTls(mail, block, version, complaints);
  checkAuthHttp(mail, block, servers, complaints);
}

function hasProtocol(server: Level): boolean {
  return (
    server.named("protocol").length > 0 ||
    server.named("listen").some(({ args, directive }) => {
      const port = /^(?:.*:)?(\d+)$/.exec(args[0] ?? "")?.[1];
      return directive.hole || (port !== undefined && protocolPorts.has(Number(port)));
    })
  );
}

/** A server without auth_http, which nginx asks for every login (ngx_mail_auth_http_merge_conf). */
function checkAuthHttp(
  mail: PlacedDirective,
  block: Level,
  servers: readonly PlacedDirective[],
  complaints: Complaints,
): void {
  if (block.named("auth_http").length > 0) return;
  const server = servers.find((each) => each.block?.named("auth_http").length === 0);
  if (server === undefined) return;
  complaints.refuseAt(
    mail.closed,
    server,
    "nginx/value",
    'no "auth_http" is defined for server',
    {
      at: server.directive.nameSpan,
      help: "nginx asks an HTTP server about every login: name it with auth_http in mail or in the server.",
    },
    { file: server.directive.file.source, line: server.directive.line },
  );
}
