/** What a text must hold before a pattern can find anything in it; asked once a text for all patterns. */
export type Gate = "key" | "word" | "address" | "number";

/** Where something was found. */
export interface Place {
  /** Up to 80 characters before it. */
  readonly before: string;
  /** The first group, which is kept. */
  readonly kept: string;
  /** Up to 16 characters behind it. */
  readonly after: string;
}

/** A form of secret or personal data. */
export interface RedactionPattern {
  /** What stands in its place, in brackets. */
  readonly mask: string;
  /** Wherever the pattern finds something, its gate is open. */
  readonly gate: Gate;
  /** Wherever the pattern finds something, this does too. It begins at a rare character, so it is far cheaper. */
  readonly hint: RegExp;
  /**
   * Global. Every repeat is bounded or ends at a character that it cannot contain, and no match can begin
   * inside of another try, so that the time is linear. A first group is kept, the rest is masked. A group
   * named `local` is in front of the match, in a look back from a rare character, and is masked with it.
   */
  readonly pattern: RegExp;
  /** How many characters of what was found are really it, 0 for none; null: all of it, always. */
  readonly accept: ((found: string, place: Place) => number) | null;
}
