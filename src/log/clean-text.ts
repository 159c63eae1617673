/** PostgreSQL's text knows no NUL, and UTF-8 no lone surrogates: both become U+FFFD. */
export function cleanText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes("\0") ? wellFormed.replaceAll("\0", "\ufffd") : wellFormed;
}

/** `JSON.stringify` writes NUL and lone surrogates as escapes, which jsonb refuses. */
const ESCAPED_TROUBLE = /\\u(?:0000|d[89a-f])/;

/** Writes a value as JSON that a jsonb column takes. */
export function cleanJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!ESCAPED_TROUBLE.test(json)) return json;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === "string" ? cleanText(part) : part));
}
