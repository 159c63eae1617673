/** Characters from `low` to `high`, both included, by code point. */
export type Range = readonly [low: string, high: string];

/** One of a set of characters, or one that is in none of the ranges. */
export interface ClassToken {
  readonly kind: "class";
  readonly negated: boolean;
  /** Empty where every range of the pattern runs backwards, as in `[z-a]`. */
  readonly ranges: readonly Range[];
}

/** A piece of a glob. */
export type GlobToken =
  | { readonly kind: "star" }
  | { readonly kind: "any" }
  | { readonly kind: "literal"; readonly char: string }
  | ClassToken;

/** Reads a pattern as Python's `fnmatch` does: an unclosed `[` and a backslash stand for themselves. */
export function tokenizeGlob(pattern: string): readonly GlobToken[] {
  const chars = Array.from(pattern);
  const tokens: GlobToken[] = [];
  for (let at = 0; at < chars.length; ) {
    const end = classEnd(chars, at);
    tokens.push(end < 0 ? readChar(chars[at] ?? "") : readClass(chars.slice(at + 1, end)));
    at = Math.max(at, end) + 1;
  }
  return tokens;
}

/** Index of the `]` that closes the class that opens at `open`, -1 where none does. */
function classEnd(chars: readonly string[], open: number): number {
  if (chars[open] !== "[") return -1;
  const first = chars[open + 1] === "!" ? open + 2 : open + 1;
  return chars.indexOf("]", chars[first] === "]" ? first + 1 : first);
}

function readChar(char: string): GlobToken {
  if (char === "*") return { kind: "star" };
  return char === "?" ? { kind: "any" } : { kind: "literal", char };
}

function readClass(inside: readonly string[]): ClassToken {
  const negated = inside[0] === "!";
  const ranges: Range[] = [];
  for (let at = negated ? 1 : 0; at < inside.length; ) {
    const low = inside[at] ?? "";
    const high = inside[at + 1] === "-" ? inside[at + 2] : undefined;
    ranges.push([low, high ?? low]);
    at += high === undefined ? 1 : 3;
  }
  return {
    kind: "class",
    negated,
    ranges: ranges.filter(([low, high]) => codePoint(low) <= codePoint(high)),
  };
}

const codePoint = (char: string) => char.codePointAt(0) ?? 0;
