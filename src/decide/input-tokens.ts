import type { Facts } from "../request/route-request.ts";

/** Characters of a token in Latin prose and code. Common BPE tokenizers give 3.5 to 4.5. */
const CHARS_PER_TOKEN = 4;
/** Further tokens for each UTF-8 byte beyond one a character: Chinese comes to .85 a character, Cyrillic to .55. */
const TOKENS_PER_EXTRA_BYTE = 0.3;
/** Tokens of an image of common size: OpenAI counts 765 for 1024×1024, Anthropic about 1,400. */
const TOKENS_PER_IMAGE = 1_200;
/** Tokens that a message costs by itself in the chat formats. */
const TOKENS_PER_MESSAGE = 4;

/** Estimates the input of a request in tokens from the figures over its whole body. */
export function estimateInputTokens(facts: Facts): number {
  const extraBytes = Math.max(0, facts.utf8Bytes - facts.chars);
  const text = facts.chars / CHARS_PER_TOKEN + extraBytes * TOKENS_PER_EXTRA_BYTE;
  const tools = facts.toolSchemaChars / CHARS_PER_TOKEN;
  return Math.ceil(text + tools + facts.images * TOKENS_PER_IMAGE + facts.messages * TOKENS_PER_MESSAGE);
}
