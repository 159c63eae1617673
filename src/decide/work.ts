import type { Category } from "../classify/category/categories.ts";
import type { Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import { scoredTurn } from "./conversation.ts";
import { categoryOfTurn } from "./turn-kind.ts";

/** The kind of work of the turn that is scored; null where no model is a specialist of any. */
export function workOf(request: RouteRequest, policy: Policy): Category | null {
  const hasSpecialist = policy.traits.values().some(({ specialties }) => specialties.length > 0);
  const turn = hasSpecialist ? scoredTurn(request, policy) : undefined;
  return categoryOfTurn(request, turn);
}
