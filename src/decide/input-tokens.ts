import { REQUESTS, rememberRecent } from "../request/recent.ts";
import type { Facts, RouteRequest } from "../request/route-request.ts";
import { countTokens } from "./text-tokens.ts";

/** Characters of a token where there is no text to look at, and in the JSON of tools: BPE tokenizers give 3.5 to 4.5. */
const CHARS_PER_TOKEN = 4;
/** Further tokens for each UTF-8 byte beyond one a character: Chinese comes to .85 a character, Cyrillic to .55. */
const TOKENS_PER_EXTRA_BYTE = 0.3;
/** Tokens of an image of common size: OpenAI counts 765 for 1024×1024, Anthropic about 1,400. */
const TOKENS_PER_IMAGE = 1_200;
/** Tokens of a page of a PDF: Anthropic's documentation counts 7,000 for three pages, text and picture of each. */
const TOKENS_PER_PAGE = 2_333;
/**
 * Bytes of such a page. A gigabyte holds about 15,000 scanned pages, says an often quoted figure of LexisNexis: many more
 * of text alone, so this counts rather too few pages than models that could take them as too small.
 */
const BYTES_PER_PAGE = 69_000;
/** Characters of base64 that stand for three bytes. */
const BASE64_CHARS = 4;
/** Tokens of a file for each character of its base64: 40 characters are one. */
const TOKENS_PER_FILE_CHAR = (TOKENS_PER_PAGE * 3) / (BYTES_PER_PAGE * BASE64_CHARS);
/** Most tokens of a request's files: their bytes, which may be of pictures, shut out no model of 200,000 tokens. */
const MAX_FILE_TOKENS = 100_000;
/** Tokens that a message costs by itself in the chat formats. */
const TOKENS_PER_MESSAGE = 4;
/** UTF-16 code units that are looked at, over all texts: they take about 10 µs. */
const SAMPLE_UNITS = 2_048;
/** Of longer texts slices of this length are looked at, evenly spread over all of them. */
const SLICE_UNITS = 256;
const SLICES = SAMPLE_UNITS / SLICE_UNITS;
/** Parts pieces: it is a token by itself, whatever stands around it. */
const PIECE_MARK = "\0";
/** Texts that are looked at: the newest. */
const MAX_TEXTS = 64;

/** Estimates the input of a request in tokens: by the figures over its whole body, and by what its texts look like. */
export const estimateInputTokens: (request: RouteRequest) => number = rememberRecent(estimate, REQUESTS);

function estimate(request: RouteRequest): number {
  return request.inputTokens ?? Math.ceil(textTokens(request) + overheadTokens(request.facts));
}

/** The same by figures alone: what a body of this size takes, whatever of its text was sent. */
export function estimateTokensBySize(facts: Facts): number {
  return Math.ceil(tokensBySize(facts) + overheadTokens(facts));
}

function overheadTokens({ toolSchemaChars, images, fileChars, messages }: Facts): number {
  return (
    toolSchemaChars / CHARS_PER_TOKEN +
    images * TOKENS_PER_IMAGE +
    Math.min(fileChars * TOKENS_PER_FILE_CHAR, MAX_FILE_TOKENS) +
    messages * TOKENS_PER_MESSAGE
  );
}

function tokensBySize({ chars, utf8Bytes }: Facts): number {
  return chars / CHARS_PER_TOKEN + Math.max(0, utf8Bytes - chars) * TOKENS_PER_EXTRA_BYTE;
}

/** The tokens that a sample of the texts has for each character, for as many as the whole body holds. */
function textTokens(request: RouteRequest): number {
  const count = countTexts(request);
  let total = 0;
  for (let i = 0; i < count; i += 1) total += textAt(request, i).length;
  if (total === 0) return tokensBySize(request.facts);
  const pieces = total <= SAMPLE_UNITS ? allTexts(request) : slicesOf(request, total);
  const units = pieces.reduce((sum, { length }) => sum + length, 0);
  return (countTokensOfAll(pieces) * request.facts.chars) / units;
}

/** In one run over all of them. */
function countTokensOfAll(pieces: readonly string[]): number {
  const marks = pieces.length - 1;
  return countTokens(pieces.join(PIECE_MARK)) - marks;
}

/** The newest texts in an order that is always the same; asked for one by one, because an array of them is large. */
function textAt({ otherTexts, turns, systemText }: RouteRequest, index: number): string {
  const others = Math.min(otherTexts.length, MAX_TEXTS);
  if (index < others) return otherTexts[otherTexts.length - others + index] ?? "";
  const said = Math.min(turns.length, MAX_TEXTS);
  const turn = turns[turns.length - said + index - others];
  return turn === undefined ? systemText : turn.text;
}

function countTexts({ otherTexts, turns }: RouteRequest): number {
  return Math.min(otherTexts.length, MAX_TEXTS) + Math.min(turns.length, MAX_TEXTS) + 1;
}

function allTexts(request: RouteRequest): string[] {
  return Array.from({ length: countTexts(request) }, (_, index) => textAt(request, index));
}

/** Slices that begin at even distances, as if the texts stood one behind the other; none goes beyond its text. */
function slicesOf(request: RouteRequest, total: number): string[] {
  const step = (total - SLICE_UNITS) / (SLICES - 1);
  const slices: string[] = [];
  let begins = 0;
  for (let i = 0; slices.length < SLICES && i < countTexts(request); i += 1) {
    const text = textAt(request, i);
    const ends = begins + text.length;
    for (let at = Math.floor(slices.length * step); at < ends && slices.length < SLICES; ) {
      slices.push(text.slice(at - begins, at - begins + SLICE_UNITS));
      at = Math.floor(slices.length * step);
    }
    begins = ends;
  }
  return slices;
}
