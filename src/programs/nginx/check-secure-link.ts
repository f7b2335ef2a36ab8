import type { Complaints } from "./complaint.ts";
import type { PlacedDirective } from "./placement.ts";
import type { Declared, SetterCheck } from "./setter-call.ts";

/** `secure_link_secret` */
export const noteSecretLink: SetterCheck = ({ placed, declared }) => {
  if (!placed.directive.file.conditional) declared.secretLinks.push(placed);
};

/** The two ways of secure links at one level, which nginx finds when it merges the levels (ngx_http_secure_link_merge_conf). */
export function checkSecretLinks(
  http: PlacedDirective,
  { secretLinks }: Pick<Declared, "secretLinks">,
  complaints: Complaints,
): void {
  for (const secret of secretLinks) {
    const { level } = secret;
    const other = level.named("secure_link")[0] ?? level.named("secure_link_md5")[0];
    // http itself is merged into nothing.
    if (other === undefined || level === http.block) continue;
    const { source } = http.directive.file;
    complaints.refuseAt(
      http.closed,
      secret,
      "nginx/value",
      '"secure_link_secret" cannot be mixed with "secure_link" and "secure_link_md5"',
      {
        because: [{ message: "the other way stands here", at: other.at }],
        help: "Keep one of the two ways.",
      },
      { file: source, line: source.position(http.directive.close?.start ?? 0).line },
    );
    return;
  }
}
