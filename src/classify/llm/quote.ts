/** What begins a control token of a model's chat template: `<|im_end|>`, `</s>`, `[INST]`, also in full width. */
const OPENINGS = /[<＜[](?=\S)/g;
const LINE_ENDS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/**
 * Quotes a text as data: every line behind "| ", and a blank after each bracket that could begin a tag or a control
 * token. So no text can end its own quotation, start a line of the prompt, or speak for another role.
 */
export function quoteLines(text: string): string {
  const lines = text.toWellFormed().replaceAll("\0", "\uFFFD").split(LINE_ENDS);
  return lines.map((line) => `| ${line.replace(OPENINGS, "$& ")}`).join("\n");
}

const HEAD_SHARE = 0.3;

/** The head and the tail of a text, as the callback cuts it: 30 % and 70 % of so many UTF-16 code units. */
export function headAndTail(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = Math.floor(maxChars * HEAD_SHARE);
  return `${text.slice(0, head)}\n…\n${text.slice(head - maxChars)}`;
}
