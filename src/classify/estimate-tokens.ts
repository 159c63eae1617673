import { createUnitReader } from "./code-units.ts";
import { TOKEN_HUNDREDTHS } from "./script.ts";

/** Most UTF-16 code units looked at; of a longer text its head and its tail stand for the whole. */
const MAX_SAMPLE = 16_384;

const HALF = MAX_SAMPLE / 2;

const readUnits = createUnitReader();

/**
 * Tokens that a text takes, estimated from its characters' scripts. Not exact for any one tokenizer; fair between
 * scripts. At most 16,384 code units are looked at, whatever the length.
 */
export function estimateTokens(text: string): number {
  if (text.length <= MAX_SAMPLE) return Math.ceil(hundredths(text) / 100);
  const sampled = hundredths(text.slice(0, HALF)) + hundredths(text.slice(-HALF));
  return Math.ceil(((sampled / 100) * text.length) / MAX_SAMPLE);
}

function hundredths(text: string): number {
  const units = readUnits(text);
  let sum = 0;
  for (let i = 0; i < text.length; i += 1) sum += TOKEN_HUNDREDTHS[units[i] ?? 0] ?? 0;
  return sum;
}
