/** Counts over the text of a request, as columns of the log. */
export interface TextFigures {
  /** Fenced code blocks that are closed. */
  readonly codeBlockCount: number;
  /** Newlines inside of them. */
  readonly codeLines: number;
  readonly hasErrorTrace: boolean;
}

const FENCE = "```";
const ERROR_MARKS = ["Traceback", "Error:", "Exception"] as const;

/** Counts fenced code and looks for error traces, in one pass over each text. */
export function countText(texts: readonly string[]): TextFigures {
  const counts = texts.map(countFences);
  return {
    codeBlockCount: counts.reduce((sum, { blocks }) => sum + blocks, 0),
    codeLines: counts.reduce((sum, { lines }) => sum + lines, 0),
    hasErrorTrace: texts.some((text) => ERROR_MARKS.some((mark) => text.includes(mark))),
  };
}

function countFences(text: string): { readonly blocks: number; readonly lines: number } {
  const parts = text.split(FENCE);
  // An even number of parts leaves a fence open at the end: what follows it is no block.
  const blocks = Math.floor((parts.length - 1) / 2);
  let lines = 0;
  for (let block = 0; block < blocks; block += 1) lines += countNewlines(parts[2 * block + 1] ?? "");
  return { blocks, lines };
}

function countNewlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
