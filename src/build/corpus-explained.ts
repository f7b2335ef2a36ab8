/** A kind of disagreement that was looked into; every pattern that is there must match. */
interface Explanation {
  readonly file?: RegExp;
  readonly theirs?: RegExp;
  readonly ours?: RegExp;
  readonly why: string;
}

const explained: readonly Explanation[] = [
  {
    theirs: /^SSL_CONF_cmd|^d2i_OCSP_RESPONSE/,
    why: "OpenSSL opens files that are not here",
  },
  {
    theirs: /^no servers are inside upstream/,
    ours: /^ok$/,
    why: "the servers stand in a file that is not here; for the verdict an empty file was put in its place",
  },
  {
    file: /Navok85__lancache|includes-globbed|ArchiveBox|gonginx.*formatted/,
    ours: /^ok$/,
    why: "an include that is not here decides it; for the verdict another file was put in its place",
  },
  {
    file: /bookwyrm/,
    ours: /^ok$/,
    why: "a template that a script fills in: the word with the hole is no value yet",
  },
  {
    theirs: /^unknown directive "http2"/,
    ours: /^ok$/,
    file: /envs-net__ops/,
    why: "the directive stands in an included file that is not among the kept ones",
  },
  {
    theirs: /^"proxy_limit_rate" directive invalid value/,
    why: "variables are taken since 1.27.0; the table knows one kind of value for all versions",
  },
  {
    ours: /^unknown directive "(?:more_set_headers|fastcgi_cache_purge|brotli|rtmp|rewrite_by_lua_block|set_by_lua_file)"/,
    why: "a module that Debian packages was loaded for the verdict",
  },
  {
    file: /missing_semicolon__002_multiline_directive/,
    why: "the setter of the lua module speaks first; directives of other modules are not interpreted",
  },
  {
    file: /hamidhiii__Synth/,
    why: "the name of the file holds a blank, which stood unquoted in the include of the recording",
  },
  {
    theirs: /Unknown key/,
    why: "hostlint says it by the rule systemd/unknown-key, not in the predicted journal that is compared here",
  },
  {
    theirs:
      /RuntimeDirectory= path is absolute|Destination parameter is not supported|Failed to parse socket protocol/,
    why: "keys that no rule asks about are not read",
  },
];

/** Why hostlint says something else; undefined where nobody has looked yet. */
export function explanationOf(each: {
  readonly file: string;
  readonly theirs: string;
  readonly ours: string;
}): string | undefined {
  return explained.find(
    ({ file, theirs, ours }) =>
      (file?.test(each.file) ?? true) &&
      (theirs?.test(each.theirs) ?? true) &&
      (ours?.test(each.ours) ?? true),
  )?.why;
}
