import type { HumanTurn } from "../request/route-request.ts";

/** Of turns that were cut, so many code units at either end have to be the same. */
const COMPARED_CHARS = 200;

/** How often in a row the newest ask was made, itself counted: 1 where the turn before says something else. */
export function countRepeats(newestFirst: readonly HumanTurn[]): number {
  const [newest] = newestFirst;
  if (newest === undefined) return 0;
  const other = newestFirst.findIndex((turn) => !isSameAsk(turn, newest));
  return other === -1 ? newestFirst.length : other;
}

/** The extract cuts older turns more than the newest: what was cut is compared by its length and its ends. */
function isSameAsk(a: HumanTurn, b: HumanTurn): boolean {
  if (a.chars !== b.chars) return false;
  if (a.chars === a.text.length && b.chars === b.text.length) return a.text === b.text;
  const length = Math.min(COMPARED_CHARS, a.text.length / 4, b.text.length / 4);
  return (
    a.text.slice(0, length) === b.text.slice(0, length) && a.text.slice(-length) === b.text.slice(-length)
  );
}
