import { REQUESTS, rememberRecent } from "../request/recent.ts";
import type { AskSize, RouteRequest } from "../request/route-request.ts";

/**
 * The request as it was at its newest human turn, as far as a later call of the same tool loop can tell: what the model
 * and its tools said since then is not in it. Everything that chooses between models goes by this, so that each call of a
 * loop chooses the same; only whether a model can take the request goes by all of it. Sizes are those up to the turn,
 * texts those that a human or the operator wrote: which of the others came before it cannot be told from an extract.
 */
export const atAsk: (request: RouteRequest) => RouteRequest = rememberRecent((request) => {
  const ask = request.facts.asks.at(-1);
  const asked = ask === undefined || isAlone(request, ask) ? request : upTo(request, ask);
  const { askInputTokens: inputTokens } = request;
  return inputTokens === undefined ? asked : { ...asked, inputTokens };
}, REQUESTS);

/** Whether the model was called since the newest human turn. */
export function isInLoop({ facts }: RouteRequest): boolean {
  const ask = facts.asks.at(-1);
  return ask !== undefined && ask.messages < facts.messages;
}

/** Nothing but turns of humans was said. */
function isAlone({ facts, otherTexts }: RouteRequest, ask: AskSize): boolean {
  return otherTexts.length === 0 && facts.chars === ask.chars && facts.messages === ask.messages;
}

function upTo({ inputTokens: _, ...request }: RouteRequest, ask: AskSize): RouteRequest {
  return { ...request, otherTexts: [], endsInToolResult: false, facts: { ...request.facts, ...ask } };
}
