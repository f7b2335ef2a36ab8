/** Shells, whose scripts are followed. */
export const shells: ReadonlySet<string> = new Set(["sh", "bash", "dash", "ash", "ksh", "zsh"]);

/** Programs that start what a Procfile lists. */
export const procfileRunners: ReadonlySet<string> = new Set([
  "honcho",
  "foreman",
  "forego",
  "goreman",
  "hivemind",
]);

/** Whether a program starts others that its arguments or its own files name. */
export function runsOthers(program: string): boolean {
  return (
    shells.has(program) || procfileRunners.has(program) || program === "busybox" || program === "supervisord"
  );
}
