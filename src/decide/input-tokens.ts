import { rememberRecent } from "../request/recent.ts";
import type { Facts, RouteRequest } from "../request/route-request.ts";
import { countTokens } from "./text-tokens.ts";

/** Characters of a token where there is no text to look at, and in the JSON of tools: BPE tokenizers give 3.5 to 4.5. */
const CHARS_PER_TOKEN = 4;
/** Further tokens for each UTF-8 byte beyond one a character: Chinese comes to .85 a character, Cyrillic to .55. */
const TOKENS_PER_EXTRA_BYTE = 0.3;
/** Tokens of an image of common size: OpenAI counts 765 for 1024×1024, Anthropic about 1,400. */
const TOKENS_PER_IMAGE = 1_200;
/** Tokens that a message costs by itself in the chat formats. */
const TOKENS_PER_MESSAGE = 4;
/** UTF-16 code units that are looked at, over all texts: they take about 5 µs. */
const SAMPLE_UNITS = 1_024;
/** Of a long text slices of this length are looked at, evenly spread: one at least. */
const SLICE_UNITS = 256;
/** Texts that are looked at: the newest. */
const MAX_TEXTS = 64;

/** Estimates the input of a request in tokens: by the figures over its whole body, and by what its texts look like. */
export const estimateInputTokens: (request: RouteRequest) => number = rememberRecent(estimate);

function estimate(request: RouteRequest): number {
  return Math.ceil(textTokens(request) + overheadTokens(request.facts));
}

/** The same by figures alone: what a body of this size takes, whatever of its text was sent. */
export function estimateTokensBySize(facts: Facts): number {
  return Math.ceil(tokensBySize(facts) + overheadTokens(facts));
}

function overheadTokens({ toolSchemaChars, images, messages }: Facts): number {
  return toolSchemaChars / CHARS_PER_TOKEN + images * TOKENS_PER_IMAGE + messages * TOKENS_PER_MESSAGE;
}

function tokensBySize({ chars, utf8Bytes }: Facts): number {
  return chars / CHARS_PER_TOKEN + Math.max(0, utf8Bytes - chars) * TOKENS_PER_EXTRA_BYTE;
}

/** The tokens that a sample of the texts has for each character, for as many as the whole body holds. */
function textTokens({ facts, systemText, turns, otherTexts }: RouteRequest): number {
  const texts = [
    ...otherTexts.slice(-MAX_TEXTS),
    ...turns.slice(-MAX_TEXTS).map(({ text }) => text),
    systemText,
  ];
  const total = texts.reduce((sum, { length }) => sum + length, 0);
  const share = Math.min(1, SAMPLE_UNITS / total);
  const pieces = texts.flatMap((text) => slicesOf(text, text.length * share));
  const units = pieces.reduce((sum, { length }) => sum + length, 0);
  if (units === 0) return tokensBySize(facts);
  return (pieces.reduce((sum, piece) => sum + countTokens(piece), 0) * facts.chars) / units;
}

/** About `units` of a text, the whole of it where that is as much. */
function slicesOf(text: string, units: number): string[] {
  const count = Math.max(1, Math.ceil(units / SLICE_UNITS));
  if (text.length <= count * SLICE_UNITS) return [text];
  const step = (text.length - SLICE_UNITS) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor(index * step);
    return text.slice(start, start + SLICE_UNITS);
  });
}
