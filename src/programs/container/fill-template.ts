import type { ProcessEnvironment } from "../../model/command.ts";
import type { InlineFile } from "../../model/container.ts";
import { EmbeddedFile } from "../../text/embedded-file.ts";
import type { SourceFile } from "../../text/source-file.ts";
import { span } from "../../text/span.ts";

/**
 * A template as the entry point of the nginx image fills it in with envsubst: only variables that the container
 * defines are replaced, so that nginx's own survive (docker-entrypoint.d/20-envsubst-on-templates.sh). Variables of
 * which the value is not known stay as holes. Lines keep their numbers.
 */
export function filledIn(template: SourceFile, environment: ProcessEnvironment): SourceFile {
  const { text, at, lineStarts } = filledText(template, environment);
  return text === template.text ? template : new EmbeddedFile(text, at, lineStarts);
}

/**
 * The text that envsubst makes of a template.
 *
 * @param only the variables that its argument names; undefined where it has none
 */
export function filledText(
  template: SourceFile,
  environment: ProcessEnvironment,
  only?: ReadonlySet<string>,
): InlineFile {
  const { text } = template;
  const filled = text.replace(/\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)/g, (whole, braced, plain) => {
    const name = String(braced ?? plain);
    if (only?.has(name) === false) return whole;
    const value = environment.get(name);
    return value.known && value.value !== undefined && !value.value.includes("\n") ? value.value : whole;
  });
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { text: filled, at: span(template, 0, text.length), lineStarts };
}
