/** A text as YAML reads it back, also where it looks like something else. */
export function yamlScalar(text: string): string {
  return /^[\w./][\w./@+-]*$/.test(text) && !/^[\d.]+$/.test(text) ? text : JSON.stringify(text);
}
