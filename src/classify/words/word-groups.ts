/**
 * What words of one language ask for. Lower case, whole words; a trailing `*` takes any ending. English endings
 * (-s, -ed, -ing) are added by themselves; in scripts without spaces a word is found anywhere.
 */
export interface WordGroups {
  /** Proofs, derivations, formal or long chains of reasoning. */
  readonly proof: readonly string[];
  /** Something of many parts to be designed, built, moved, secured or made faster. */
  readonly design: readonly string[];
  /** Ordinary work: explain, compare, write, review, debug. */
  readonly work: readonly string[];
  /** A fact, a definition, a word in another language. */
  readonly lookup: readonly string[];
  readonly greeting: readonly string[];
}
