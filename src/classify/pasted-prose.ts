/** Paragraphs shorter than this are no pasted text, nor are they where all of them together are shorter than that. */
const MIN_CHARS = 160;
const MIN_TOTAL = 400;

/** An empty line parts paragraphs. */
const GAP = /\n[ \t]*\n\s*/;

/** What prose has none of: formulas, code, tables, marks of lists. */
const NO_PROSE = /[=<>{}[\]\\|`$#*_^~+@]|\n[ \t]*(?:[-•]|\(?\w{1,2}[.):])/u;

/** Part of a paragraph that may be digits. */
const MAX_DIGITS = 0.02;

/** What is asked in a paragraph of prose stands at its end or its beginning. */
const ASKS = /[?？:：]\s*$/u;

/**
 * A text without paragraphs of plain prose that stand beside what is asked: how hard a question is does not grow with
 * the text that it is asked of. Where nothing else is left the text stays as it is.
 */
export function withoutPastedProse(text: string): string {
  if (text.length < MIN_TOTAL || !GAP.test(text)) return text;
  const paragraphs = text.split(GAP);
  const prose = new Set(paragraphs.filter(isPlainProse));
  const total = Array.from(prose).reduce((sum, { length }) => sum + length, 0);
  const rest = paragraphs.filter((paragraph) => !prose.has(paragraph)).join("\n\n");
  return total < MIN_TOTAL || rest.trim() === "" ? text : rest;
}

function isPlainProse(paragraph: string): boolean {
  if (paragraph.length < MIN_CHARS || NO_PROSE.test(paragraph) || ASKS.test(paragraph)) return false;
  const digits = paragraph.match(/\d/gu)?.length ?? 0;
  return digits <= MAX_DIGITS * paragraph.length;
}
