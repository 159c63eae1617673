import type { Classify } from "../classify/verdict.ts";
import { atAsk } from "../decide/at-ask.ts";
import { isShortReply } from "../decide/short-reply.ts";
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

/** Scores what was asked, 0..100, higher = needs a stronger model; 0 where no human turn is in it. */
export type ScoreQuestion = (question: Question) => number;

/** Makes a classifier score prompts as if each were the only message of a request, and bodies as they are. */
export function createQuestionScorer(classify: Classify): ScoreQuestion {
  return (question) => {
    const asked = readQuestion(question);
    return asked === null ? 0 : classify(asked.request, asked.turn).score;
  };
}

/**
 * Reads a prompt as if it were the only message of a request, or a request's body. As in service the newest turn counts
 * that is no short reply ("go on"), and where there is none the newest.
 *
 * @returns null where nothing in it is a human's.
 */
export function readQuestion({ prompt, body }: Question): Asked | null {
  const parsed = parseEnvelope({ body: body ?? { messages: [{ role: "user", content: prompt }] } });
  if (!parsed.ok) throw new Error(parsed.message);
  const request = readRequest(parsed.envelope);
  const turn = request.turns.findLast(({ text }) => !isShortReply(text)) ?? request.turns.at(-1);
  return turn === undefined ? null : { request: atAsk(request), turn };
}

/** Scores a lone prompt. */
export type ScorePrompt = (prompt: string) => number;

/** Makes a classifier score prompts as if each were the only message of a request. */
export function createPromptScorer(classify: Classify): ScorePrompt {
  const score = createQuestionScorer(classify);
  return (prompt) => score({ prompt, body: null });
}
