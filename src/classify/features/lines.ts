/** Counts over the lines of a text. */
export interface Lines {
  readonly total: number;
  readonly blank: number;
  /** Lines that begin with "-", "*" or "•". */
  readonly bullets: number;
  /** Lines that begin like "1." or "2)". */
  readonly numbered: number;
  /** Lines that begin like "A.", "B)" or "(c)". */
  readonly options: number;
  /** UTF-16 code units of the option lines. */
  readonly optionChars: number;
  /** Lines that begin with two blanks or a tab and have more. */
  readonly indented: number;
  /** Lines that end as lines of code do. */
  readonly code: number;
  /** Lines that begin or end a fenced block. */
  readonly fences: number;
  /** Lines that end with a colon. */
  readonly headings: number;
  /** UTF-16 code units of the longest line, and of the last one that is not blank. */
  readonly longest: number;
  readonly last: number;
}

type Counts = { -readonly [K in keyof Lines]: number };

const SPACE = 32;
const TAB = 9;
const CARRIAGE_RETURN = 13;
const BACKTICK = 96;
const OPEN = 40;
const COLON = 58;
const [ZERO, NINE] = [48, 57];
const [SMALL_A, SMALL_J] = [97, 106];
const CASE_BIT = 32;
/** A hyphen, a star, a bullet. */
const BULLETS = new Set([45, 42, 0x2022]);
/** A closing bracket, a full stop. */
const AFTER_NUMBER = new Set([41, 46]);
/** A semicolon, curly brackets. */
const CODE_ENDS = new Set([59, 123, 125]);

/** Looks at where each line of a text begins and ends. Linear in its length. */
export function countLines(text: string): Lines {
  const counts: Counts = {
    total: 0,
    blank: 0,
    bullets: 0,
    numbered: 0,
    options: 0,
    optionChars: 0,
    indented: 0,
    code: 0,
    fences: 0,
    headings: 0,
    longest: 0,
    last: 0,
  };
  for (let from = 0; from <= text.length; ) {
    const feed = text.indexOf("\n", from);
    const to = feed === -1 ? text.length : feed;
    countLine(text, { from, to }, counts);
    from = to + 1;
  }
  return counts;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function countLine(text: string, { from, to }: Span, counts: Counts): void {
  counts.total += 1;
  const start = skipBlanks(text, from, to);
  if (start === to) {
    counts.blank += 1;
    return;
  }
  const end = trimEnd(text, start, to);
  counts.longest = Math.max(counts.longest, end - start);
  counts.last = end - start;
  if (start >= from + 2 || (start > from && text.charCodeAt(from) === TAB)) counts.indented += 1;
  countStart(text, { from: start, to: end }, counts);
  const lastUnit = text.charCodeAt(end - 1);
  if (CODE_ENDS.has(lastUnit)) counts.code += 1;
  if (lastUnit === COLON) counts.headings += 1;
}

function countStart(text: string, { from, to }: Span, counts: Counts): void {
  const first = text.charCodeAt(from);
  if (BULLETS.has(first) && text.charCodeAt(from + 1) === SPACE) counts.bullets += 1;
  else if (isDigit(first)) counts.numbered += startsNumbered(text, from) ? 1 : 0;
  else if (first === BACKTICK && text.startsWith("```", from)) counts.fences += 1;
  else if (startsOption(text, from)) {
    counts.options += 1;
    counts.optionChars += to - from;
  }
}

/** "1." and "12)", but no "1.5". */
function startsNumbered(text: string, from: number): boolean {
  const end = isDigit(text.charCodeAt(from + 1)) ? from + 2 : from + 1;
  return AFTER_NUMBER.has(text.charCodeAt(end)) && !isDigit(text.charCodeAt(end + 1));
}

function startsOption(text: string, from: number): boolean {
  const at = text.charCodeAt(from) === OPEN ? from + 1 : from;
  const letter = text.charCodeAt(at) | CASE_BIT;
  if (letter < SMALL_A || letter > SMALL_J) return false;
  const mark = text.charCodeAt(at + 1);
  return (AFTER_NUMBER.has(mark) || mark === COLON) && isBlankOrEnd(text.charCodeAt(at + 2));
}

function skipBlanks(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

function trimEnd(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isBlank(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function isBlank(unit: number): boolean {
  return unit === SPACE || unit === TAB || unit === CARRIAGE_RETURN;
}

function isBlankOrEnd(unit: number): boolean {
  return Number.isNaN(unit) || isBlank(unit);
}

function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}
