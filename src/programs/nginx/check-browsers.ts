import type { SetterCheck } from "./setter-call.ts";

const browsers = ["msie", "gecko", "opera", "safari", "konqueror"];

/** `modern_browser` (src/http/modules/ngx_http_browser_module.c); with one wrong word nginx ends without a message. */
export const checkModernBrowser: SetterCheck = ({ placed, complaints }, refuse) => {
  const [name, version] = placed.directive.args;
  if (name === undefined) return;
  if (version === undefined) {
    if (name.text !== "unlisted")
      complaints.warn(placed, "nginx/value", `nginx refuses modern_browser ${name.text} without a message`, {
        at: name.span,
        help: "Write the name of a browser and its first modern version, or unlisted.",
      });
    return;
  }
  if (!browsers.includes(name.text.toLowerCase()))
    refuse(`unknown browser name "${name.text}"`, name, { help: `It is one of ${browsers.join(", ")}.` });
  else if (!/^[0-9.]*$/.test(version.text)) refuse(`invalid browser version "${version.text}"`, version);
};
