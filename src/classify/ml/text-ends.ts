import type { HumanTurn } from "../../request/route-request.ts";
import { readAsked } from "../features/read-features.ts";

/** UTF-16 code units that are left out at one end. */
const LEFT_OUT = 200;

/** At least so many remain. */
const LEAST_CHARS = 40;

/** Shorter texts are scored as they are; in longer ones so few characters move little, and reading them again takes long. */
const MIN_CHARS = 120;
const MAX_CHARS = 1_200;

/** The beginning and the end of what a turn asks, each without what stands at the other end; none where that is too short or long. */
export function textEnds(turn: HumanTurn): readonly HumanTurn[] {
  const text = readAsked(turn);
  if (text.length < MIN_CHARS || text.length > MAX_CHARS) return [];
  const chars = Math.max(text.length - LEFT_OUT, LEAST_CHARS);
  const beginning = text.slice(0, chars).replace(/\s\S*$/, "");
  const end = text.slice(-chars).replace(/^\S*\s/, "");
  return [beginning, end].map((part) => ({ text: part, chars: part.length }));
}
