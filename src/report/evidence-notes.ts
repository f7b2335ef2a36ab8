import type { Diagnostic } from "../lint/lint-result.ts";
import type { Span } from "../text/span.ts";
import { harmless } from "./harmless-text.ts";

export interface EvidenceNote {
  readonly at: Span;
  /** On one line, harmless. */
  readonly text: string;
}

/**
 * The evidence for forms that need a place for each step, so that it can be followed: a step that has none joins
 * the step that it proves, or stands where the finding does.
 */
export function evidenceNotes(diagnostic: Diagnostic): EvidenceNote[] {
  const notes: { at: Span; text: string; depth: number }[] = [];
  for (const { at, message, depth } of diagnostic.evidence) {
    const text = harmless(message);
    const last = notes.at(-1);
    if (at === undefined && last !== undefined && depth > last.depth) last.text += `; ${text}`;
    else notes.push({ at: at ?? diagnostic.at, text, depth });
  }
  return notes;
}
