/** Runs of blanks inside of a line; what indents a line stays. */
const INNER_BLANKS = /(?<=\S)[ \t]{2,}/g;

/** A text without blanks at its ends, and with single ones inside of its lines. */
export function tidyBlanks(text: string): string {
  const trimmed = text.trim();
  return trimmed.includes("  ") || trimmed.includes("\t") ? trimmed.replaceAll(INNER_BLANKS, " ") : trimmed;
}
