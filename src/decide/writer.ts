import type { AliasTarget, Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";

/**
 * The model that wrote the stored response which a request goes on from, where its human turn is with the provider too:
 * a tool loop, of which only what the tool answered is sent. The id of the response comes from the client; so it can
 * name no model but those that the policy itself may choose: in a tier, by a rule or for an alias.
 *
 * @returns null where the request has a human turn, and where no such model is known.
 */
export function writerOf(request: RouteRequest, policy: Policy): string | null {
  const writer = writerBefore(request);
  return writer !== null && isChoice(writer, policy) ? writer : null;
}

/** Whether such a tool loop is served as asked: what wrote before is the backing of the name that it asks for. */
export function isServedAsAsked(request: RouteRequest, { patterns }: Policy): boolean {
  const writer = writerBefore(request);
  if (writer === null) return false;
  return writer === request.requestedModel || patterns.some(({ source }) => source === writer);
}

function writerBefore({ turns, facts }: RouteRequest): string | null {
  return turns.length === 0 && facts.humanTurns === 0 ? facts.previousResponseModel : null;
}

function isChoice(model: string, { tiers, rules, aliases }: Policy): boolean {
  const isInTier = tiers.some(({ models }) => models.some((entry) => entry.model === model));
  if (isInTier || rules.some(({ actions }) => actions.model === model)) return true;
  return aliases.values().some((target) => isTarget(model, target));
}

function isTarget(model: string, target: AliasTarget): boolean {
  if (target.kind === "model") return target.model === model;
  return target.kind === "pool" && target.models.some((entry) => entry.model === model);
}
