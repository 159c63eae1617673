import type { Notes } from "./notes.ts";

/** Stands for what is no character: a lone surrogate, a NUL. */
const REPLACEMENT = "\uFFFD";

/** A string that UTF-8 and PostgreSQL can hold: lone surrogates and NUL become U+FFFD, with a note. */
export function cleanText(text: string, path: string, notes: Notes): string {
  let clean = text;
  if (!clean.isWellFormed()) {
    notes.add(path, "lone surrogates: replaced");
    clean = clean.toWellFormed();
  }
  if (clean.includes("\0")) {
    notes.add(path, "NUL characters: replaced");
    clean = clean.replaceAll("\0", REPLACEMENT);
  }
  return clean;
}

/** A clean string of at most `max` UTF-16 code units; a note where it was longer. */
export function shortText(
  text: string,
  max: number,
  { path, notes }: { path: string; notes: Notes },
): string {
  const clean = cleanText(text, path, notes);
  if (clean.length <= max) return clean;
  notes.add(path, `longer than ${max} characters: cut`);
  return clean.slice(0, max).toWellFormed();
}
