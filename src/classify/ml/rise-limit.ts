import type { Model } from "./artifact.ts";

/**
 * The raw score up to which nothing is held down. Training centres every model, so 0 is the mean of what it was trained
 * on, each row as it weighed there: a limit is for what asks for more than that, and the parts of all else need not be read.
 */
const FREE = 0;

/**
 * The raw score of a text, held down to `most_rise` above that of its lowest part. So what stands at one end, such as a
 * suffix that was made to look hard, moves a score no further than that.
 *
 * @param scoreParts the raw scores of its parts, none where nothing is to be held down; called only where they matter.
 */
export function limitRise(
  { most_rise }: Pick<Model, "most_rise">,
  raw: number,
  scoreParts: () => readonly number[],
): number {
  if (most_rise === undefined || raw <= FREE) return raw;
  const limit = Math.min(...scoreParts()) + most_rise;
  return Math.min(raw, Math.max(FREE, limit));
}
