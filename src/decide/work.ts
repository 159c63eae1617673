import type { Category } from "../classify/category/categories.ts";
import type { Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import type { Context } from "./context.ts";
import { scoredTurn } from "./conversation.ts";
import { categoryOfTurn } from "./turn-kind.ts";

/** The kind of work of the turn that is scored; null where no model is a specialist of any. */
export function workOf(
  request: RouteRequest,
  { policy, known }: Pick<Context, "policy" | "known">,
): Category | null {
  if (!hasSpecialist(policy)) return null;
  return known?.work ?? categoryOfTurn(request, scoredTurn(request, policy));
}

/** Whether any model is named as a specialist of some kind of work. */
export function hasSpecialist({ traits }: Policy): boolean {
  return traits.values().some(({ specialties }) => specialties.length > 0);
}
