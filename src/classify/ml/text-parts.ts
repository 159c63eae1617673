import type { HumanTurn } from "../../request/route-request.ts";
import { readAsked } from "../features/read-features.ts";

/** UTF-16 code units at either end that a part of a text is to be free of. */
const LEFT_OUT = 200;

/** A part has at least and at most so many: fewer say nothing, and more take longer to read and say little more. */
const LEAST_CHARS = 20;
const MOST_CHARS = 200;

/** From here on the middle is free of both ends. */
const MIDDLE_FROM = 2 * LEFT_OUT + MOST_CHARS;

/** Shorter texts are scored as they are; in longer ones so few characters move little, and reading on takes long. */
const MIN_CHARS = 30;
const MAX_CHARS = 1_200;

/**
 * Parts of what a turn asks by which its score is held down: its beginning and its end, each without what stands at the
 * other one, or its middle where it is long. None where it is too short or too long.
 */
export function textParts(turn: HumanTurn): readonly HumanTurn[] {
  const text = readAsked(turn);
  if (text.length < MIN_CHARS || text.length > MAX_CHARS) return [];
  const chars = Math.min(Math.max(text.length - LEFT_OUT, LEAST_CHARS), MOST_CHARS);
  const last = text.length - chars;
  const starts = text.length < MIDDLE_FROM ? [0, last] : [Math.floor(last / 2)];
  return starts.map((start) => partOf(text, start, start + chars));
}

/** What stands between two places, without words that they cut. */
function partOf(text: string, start: number, end: number): HumanTurn {
  const cut = text.slice(start, end);
  const begun = start > 0 ? cut.replace(/^\S*\s/, "") : cut;
  const part = end < text.length ? begun.replace(/\s\S*$/, "") : begun;
  return { text: part, chars: part.length };
}
