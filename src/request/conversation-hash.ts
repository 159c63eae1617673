import { createHash } from "node:crypto";

/** How many bytes of the first human turn take part. */
const HASHED_BYTES = 4096;

/** Hex digits of the digest that are kept. */
const HEX_DIGITS = 32;

/**
 * A conversation's id: it stays the same while the conversation grows, because it depends on its first human turn only.
 * The callback computes the same over the whole body, so the definition is part of the wire format:
 *
 * 1. Take the text parts of the first message that a human wrote (string content; blocks of type `text`, `input_text`
 *    or none with a `text`; the whole `prompt`, a list's strings joined by LF; a string `input`).
 * 2. In each part replace every lone surrogate and every NUL by U+FFFD; take out harness blocks and phrases
 *    (see harness.ts); trim space, tab, CR, LF. Leave out empty parts, join the rest by LF. A message of which
 *    nothing is left is not a human turn: go on to the next.
 * 3. SHA-256 of the first 4,096 bytes of its UTF-8 (a character may be cut in two), as the first 32 lower-case hex digits.
 *
 * @param firstTurn text of the first human turn after step 2; null where there is none, which gives null
 */
export function conversationHash(firstTurn: string | null): string | null {
  if (firstTurn === null) return null;
  // A code unit takes a byte at least; one more than needed keeps a surrogate pair at the edge whole.
  const bytes = Buffer.from(firstTurn.slice(0, HASHED_BYTES + 1), "utf8").subarray(0, HASHED_BYTES);
  return createHash("sha256").update(bytes).digest("hex").slice(0, HEX_DIGITS);
}
