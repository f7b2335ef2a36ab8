import { fstatSync, writeSync } from "node:fs";

const output = 1;
const errors = 2;
/** Milliseconds until a reader that is behind is asked again. */
const pause = 2;

/** Writes a text to the standard output. */
export function print(text: string): void {
  write(output, text);
}

/** Writes a text to the standard error. */
export function complain(text: string): void {
  write(errors, text);
}

/**
 * Returns when everything is written. process.stdout does so for files and most pipes, and loading its streams is a
 * sixteenth of the time of a short run.
 */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A reader that has seen enough, such as `head`, closes the pipe; that is no fault. Windows says EOF.
      if (code === "EPIPE" || code === "EOF") return;
      // Another program that has the same pipe open may have made it one that never waits.
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}

/** The terminal that reads the standard output, where one does. */
export function terminal(): { readonly columns: number } | undefined {
  return isDevice() && process.stdout.isTTY ? process.stdout : undefined;
}

function isDevice(): boolean {
  try {
    return fstatSync(output).isCharacterDevice();
  } catch {
    // Windows knows nothing of some consoles.
    return true;
  }
}
