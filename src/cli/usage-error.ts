/**
 * The person asked for something that cannot be done: a flag, a value, the configuration file. The message says
 * what and where; the run ends with exit code 2.
 */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
