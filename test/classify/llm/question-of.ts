import type { Question } from "../../../src/classify/opinion.ts";
import { parseEnvelope } from "../../../src/request/envelope.ts";
import { readRequest } from "../../../src/request/read-request.ts";

/** A question about a request of one turn, from an asker that waits 10 s where nothing else is said. */
export function questionOf(
  text: string,
  { waitMs = 10_000, score = 50 }: { readonly waitMs?: number; readonly score?: number } = {},
): Question {
  const result = parseEnvelope({ body: { messages: [{ role: "user", content: text }] } });
  if (!result.ok) throw new Error(result.message);
  const request = readRequest(result.envelope);
  const turn = request.turns.at(-1);
  if (turn === undefined) throw new Error("found no turn");
  const fast = { strategy: "static", score, confidence: null } as const;
  return { request, turn, fast, untilMs: performance.now() + waitMs };
}
