import { createUnitReader } from "./code-units.ts";

/** Structure of a text beyond its words. */
export interface Structure {
  /** UTF-16 code units. */
  readonly chars: number;
  /** Commas, semicolons and list items: how many parts the text enumerates. */
  readonly parts: number;
  /** Runs of ASCII digits. */
  readonly numbers: number;
  readonly hasMaths: boolean;
}

const LETTER = 0;
const SEPARATOR = 1;
/** Even numbers from here on: these count in some places only, or once. */
const DIGIT = 2;
const BULLET = 4;
const MATHS = 6;

/** What each UTF-16 code unit says of structure; bullets count at the beginning of a line only. */
const MARKS = new Uint8Array(0x10000);
mark("0123456789", DIGIT);
mark(",;،؛、，；", SEPARATOR);
mark("-*•", BULLET);
// Operators, quantifiers and powers; a backslash is LaTeX.
mark("∑∏∫√∞≤≥≠≈≡∈∉⊂⊆∪∩∀∃∂∇→⇒⇔²³ⁿ∧∨¬⊕×÷±^=\\", MATHS);

const LINE_FEED = 10;

function mark(characters: string, meaning: number): void {
  for (const character of characters) MARKS[character.charCodeAt(0)] = meaning;
}

const readUnits = createUnitReader();

/** Counts what a text enumerates and looks for mathematics, in one pass. */
export function readStructure(text: string): Structure {
  const units = readUnits(text);
  const rare = { bullets: 0, numbers: 0, hasMaths: false };
  let separators = 0;
  let before = LINE_FEED;
  for (let i = 0; i < text.length; i += 1) {
    const unit = units[i] ?? 0;
    const meaning = MARKS[unit] ?? LETTER;
    // Commas are too many to branch on: a processor guesses them wrongly.
    separators += meaning & SEPARATOR;
    if (meaning > SEPARATOR) noteRare(rare, meaning, before);
    before = unit;
  }
  const { bullets, numbers, hasMaths } = rare;
  return { chars: text.length, parts: separators + bullets, numbers, hasMaths };
}

interface Rare {
  bullets: number;
  numbers: number;
  hasMaths: boolean;
}

/** A digit counts where its number begins, a bullet where its line begins. */
function noteRare(rare: Rare, meaning: number, before: number): void {
  if (meaning === MATHS) rare.hasMaths = true;
  else if (meaning === DIGIT) rare.numbers += MARKS[before] === DIGIT ? 0 : 1;
  else if (before === LINE_FEED) rare.bullets += 1;
}
