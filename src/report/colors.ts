import type picocolors from "picocolors";

/** What a text for a terminal is painted with. */
export type Colors = Pick<
  ReturnType<typeof picocolors.createColors>,
  "bold" | "dim" | "underline" | "red" | "yellow" | "blue" | "green"
>;

/** For files and pipes: every text as it is. */
export const uncolored: Colors = {
  bold: String,
  dim: String,
  underline: String,
  red: String,
  yellow: String,
  blue: String,
  green: String,
};

/** Loads picocolors, which opens process.stdout as a stream: a sixteenth of the time of a short run. */
export async function terminalColors(): Promise<Colors> {
  const { default: library } = await import("picocolors");
  return library.createColors(true);
}
