import type { Classify } from "../classify/verdict.ts";
import { atAsk } from "../decide/at-ask.ts";
import { scoredTurn, type TurnPolicy } from "../decide/conversation.ts";
import { parseEnvelope } from "../request/envelope.ts";
import { readRequest } from "../request/read-request.ts";
import type { HumanTurn, RouteRequest } from "../request/route-request.ts";
import type { OutcomeLine } from "./outcomes.ts";

/** A request as it was at its newest human turn, and the turn that is scored. */
export interface Asked {
  readonly request: RouteRequest;
  readonly turn: HumanTurn;
}

/** What was asked: a lone prompt, or the body of a request. */
type Question = Pick<OutcomeLine, "prompt" | "body">;

/**
 * Reads a prompt as if it were the only message of a request, or a request's body. As in service the newest turn counts
 * that carries a signal, and where there is none the newest.
 *
 * @param policy says which phrases carry none beside short replies ("go on").
 * @returns null where nothing in it is a human's.
 */
export function readQuestion(question: Question, policy: TurnPolicy): Asked | null {
  const request = readAsked(question);
  const turn = scoredTurn(request, policy);
  return turn === undefined ? null : { request, turn };
}

/** The same as it was at its newest human turn, with all turns before. */
export function readAsked({ prompt, body }: Question): RouteRequest {
  const parsed = parseEnvelope({ body: body ?? { messages: [{ role: "user", content: prompt }] } });
  if (!parsed.ok) throw new Error(parsed.message);
  return atAsk(readRequest(parsed.envelope));
}

/** Reads a lone prompt; null where nothing in it is a human's. */
export function readPrompt(prompt: string): Asked | null {
  const request = readAsked({ prompt, body: null });
  const turn = request.turns.at(-1);
  return turn === undefined ? null : { request, turn };
}

/** Scores a lone prompt, 0..100, higher = needs a stronger model; 0 where nothing in it is a human's. */
export type ScorePrompt = (prompt: string) => number;

/** Makes a classifier score prompts as if each were the only message of a request. */
export function createPromptScorer(classify: Classify): ScorePrompt {
  return (prompt) => {
    const asked = readPrompt(prompt);
    return asked === null ? 0 : classify(asked.request, asked.turn).score;
  };
}
