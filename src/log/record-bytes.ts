import type { DecisionRecord } from "../decide/decision.ts";

/** What a record takes beside its texts: objects, names, the trace. Measured: 3 to 5 KB. */
const BYTES_BESIDE_TEXT = 4_096;
/** V8 stores a string with one character beyond Latin-1 in two bytes a unit. */
const BYTES_PER_UNIT = 2;

/** About how much memory a record holds, in bytes; an upper bound for its texts. */
export function recordBytes({ request }: DecisionRecord): number {
  let units = request.systemText.length;
  for (const turn of request.turns) units += turn.text.length;
  for (const text of request.otherTexts) units += text.length;
  return BYTES_BESIDE_TEXT + units * BYTES_PER_UNIT;
}
