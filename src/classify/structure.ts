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
const DIGIT = 1;
const SEPARATOR = 2;
const BULLET = 3;
const MATHS = 4;

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

/** Counts what a text enumerates and looks for mathematics, in one pass. */
export function readStructure(text: string): Structure {
  const counts = new Uint32Array(MATHS + 1);
  for (let i = 0; i < text.length; i += 1) {
    const meaning = MARKS[text.charCodeAt(i)] ?? LETTER;
    if (meaning !== LETTER && takesPart(text, i, meaning)) counts[meaning] = (counts[meaning] ?? 0) + 1;
  }
  return {
    chars: text.length,
    parts: (counts[SEPARATOR] ?? 0) + (counts[BULLET] ?? 0),
    numbers: counts[DIGIT] ?? 0,
    hasMaths: (counts[MATHS] ?? 0) > 0,
  };
}

/** A digit counts where its number begins, a bullet where its line begins. */
function takesPart(text: string, at: number, meaning: number): boolean {
  const before = at === 0 ? LINE_FEED : text.charCodeAt(at - 1);
  if (meaning === DIGIT) return MARKS[before] !== DIGIT;
  return meaning !== BULLET || before === LINE_FEED;
}
