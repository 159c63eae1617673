import { z } from "zod";
import { LlmFailure, unreadable } from "./llm-failure.ts";

const answerSchema = z.strictObject({ tier: z.string() });

/**
 * The tier that a model names.
 *
 * @throws {LlmFailure} for all but exactly one of the names: an empty answer, one that thinks aloud, one in prose
 */
export function readAnswer(text: string, names: readonly string[]): string {
  if (text.trim() === "") throw new LlmFailure("unreadable", "the LLM gave an empty answer");
  if (text.includes("<think>"))
    throw new LlmFailure("thinking", "the LLM thought aloud instead of answering");
  const parsed = answerSchema.safeParse(parseJson(text));
  if (!parsed.success) throw unreadable();
  const { tier } = parsed.data;
  if (names.includes(tier)) return tier;
  throw new LlmFailure("outside", "the LLM named a tier that does not exist");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreadable({ cause });
  }
}
