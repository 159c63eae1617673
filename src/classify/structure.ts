/** Structure of a text beyond its words. */
export interface Structure {
  /** Commas, semicolons and list items: how many parts the text enumerates. */
  readonly parts: number;
  readonly hasMaths: boolean;
}

/** Commas and semicolons of all scripts. */
const SEPARATORS = new Set([...",;،؛、，；"].map((mark) => mark.charCodeAt(0)));

/** Marks that begin a list item where a line begins with them. */
const BULLETS = new Set([..."-*•"].map((mark) => mark.charCodeAt(0)));

/** Operators, quantifiers and powers; a backslash before a letter is LaTeX. */
const MATHS = new Set([..."∑∏∫√∞≤≥≠≈≡∈∉⊂⊆∪∩∀∃∂∇→⇒⇔²³ⁿ∧∨¬⊕×÷±^"].map((mark) => mark.charCodeAt(0)));

const LINE_FEED = 10;
const FIRST_NON_ASCII = 128;

/** Counts what a text enumerates and looks for mathematics, in one pass. */
export function readStructure(text: string): Structure {
  let parts = 0;
  let hasMaths = false;
  let before = LINE_FEED;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isMark(code)) {
      if (SEPARATORS.has(code) || (before === LINE_FEED && BULLETS.has(code))) parts += 1;
      hasMaths ||= MATHS.has(code);
    }
    before = code;
  }
  return { parts, hasMaths };
}

/** Quick test that spares letters, digits and blanks the look-ups. */
function isMark(code: number): boolean {
  return code >= FIRST_NON_ASCII || (code > 32 && code < 48) || code === 59 || code === 94;
}
