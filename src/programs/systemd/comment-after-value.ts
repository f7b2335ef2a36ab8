/**
 * Where the comment begins that somebody put after a value: systemd takes it for a part of the value
 * (systemd.syntax(7): comments have lines of their own). Undefined where there is none.
 */
export function commentAfterValue(text: string): number | undefined {
  const start = /[ \t](?:#|;(?=[ \t]))/.exec(text)?.index;
  return start === undefined || /["']/.test(text.slice(0, start)) ? undefined : start + 1;
}
