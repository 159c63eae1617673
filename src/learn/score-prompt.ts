import type { Classify } from "../classify/verdict.ts";
import { parseEnvelope } from "../request/envelope.ts";
import { readRequest } from "../request/read-request.ts";

/** Scores a lone prompt, 0..100, higher = needs a stronger model; 0 where it has no text. */
export type ScorePrompt = (prompt: string) => number;

/** Makes a classifier score prompts as if each were the only message of a request. */
export function createPromptScorer(classify: Classify): ScorePrompt {
  return (prompt) => {
    const parsed = parseEnvelope({ body: { messages: [{ role: "user", content: prompt }] } });
    if (!parsed.ok) throw new Error(parsed.message);
    const request = readRequest(parsed.envelope);
    const turn = request.turns[0];
    return turn === undefined ? 0 : classify(request, turn).score;
  };
}
