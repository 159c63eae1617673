/** What a text holds of code. */
export interface CodeFacts {
  /** The text outside fences, parts joined by LF. */
  readonly prose: string;
  /** Fenced blocks; unfenced code counts as one more. */
  readonly blocks: number;
  /** Line breaks inside fences, and lines outside that look like code. */
  readonly lines: number;
  readonly hasErrorTrace: boolean;
}

const FENCE = "```";

/** What error messages and stack traces of common languages and test runners say, as they write it. */
const ERROR_MARKS = [
  "Traceback",
  "Error:",
  "Exception",
  "FAILED",
  "panic:",
  "Segmentation fault",
  "core dumped",
  "Caused by:",
  "fatal error",
];

/** One line that looks like code may be a slip of the pen; from two on it is code. */
const MIN_UNFENCED_LINES = 2;

/** How code lines begin; anchored, with no part that could match the same text twice, so it is linear. */
const CODE_START =
  /^[ \t]*(?:def |class |import |from [\w.]+ import |#include|#define|public |private |protected |static |function |const |let |var |return\b|if ?\(|for ?\(|while ?\(|elif |else:|try:|except\b|catch ?\(|fn |func |struct |impl |package |using |namespace |async |await |SELECT |INSERT |UPDATE |CREATE |FROM |WHERE |<\/?[a-z]+[ >/]|\$ |>>> |@\w+|\}|\/\/|print\()/;

const CODE_ENDS = new Set([";", "{", "}"]);

/** Finds code and error traces in a text. Linear in its length. */
export function readCode(text: string): CodeFacts {
  const { prose, blocks, lines } = splitFences(text);
  const hasErrorTrace = ERROR_MARKS.some((mark) => text.includes(mark));
  const unfenced = countCodeLines(prose);
  if (unfenced < MIN_UNFENCED_LINES) return { prose, blocks, lines, hasErrorTrace };
  return { prose, blocks: blocks + 1, lines: lines + unfenced, hasErrorTrace };
}

/** Parts text and fenced blocks; a fence that does not close reaches to the end. */
function splitFences(text: string): { prose: string; blocks: number; lines: number } {
  const prose: string[] = [];
  let blocks = 0;
  let lines = 0;
  let from = 0;
  let open = text.indexOf(FENCE);
  while (open !== -1) {
    prose.push(text.slice(from, open));
    const close = text.indexOf(FENCE, open + FENCE.length);
    const end = close === -1 ? text.length : close;
    blocks += 1;
    lines += countLineBreaks(text, open, end);
    from = Math.min(text.length, end + FENCE.length);
    open = text.indexOf(FENCE, from);
  }
  prose.push(text.slice(from));
  return { prose: prose.join("\n"), blocks, lines };
}

function countLineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at !== -1 && at < to; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function countCodeLines(prose: string): number {
  if (!prose.includes("\n")) return 0;
  return prose.split("\n").filter(looksLikeCode).length;
}

function looksLikeCode(line: string): boolean {
  const last = line.trimEnd().slice(-1);
  return CODE_ENDS.has(last) || CODE_START.test(line);
}
