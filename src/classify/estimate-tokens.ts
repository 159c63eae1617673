import { TOKEN_HUNDREDTHS } from "./script.ts";

/** Most UTF-16 code units looked at; of a longer text its head and its tail stand for the whole. */
const MAX_SAMPLE = 16_384;

/**
 * Tokens that a text takes, estimated from its characters' scripts. Not exact for any one tokenizer; fair between
 * scripts. At most 16,384 code units are looked at, whatever the length.
 */
export function estimateTokens(text: string): number {
  if (text.length <= MAX_SAMPLE) return Math.ceil(hundredths(text, 0, text.length) / 100);
  const half = MAX_SAMPLE / 2;
  const sampled = hundredths(text, 0, half) + hundredths(text, text.length - half, text.length);
  return Math.ceil(((sampled / 100) * text.length) / MAX_SAMPLE);
}

function hundredths(text: string, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += TOKEN_HUNDREDTHS[text.charCodeAt(i)] ?? 0;
  return sum;
}
