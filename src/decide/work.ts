import type { Category } from "../classify/category/categories.ts";
import type { Policy } from "../policy/policy.ts";
import type { RouteRequest } from "../request/route-request.ts";
import { isShortReply } from "./short-reply.ts";
import { categoryOfTurn } from "./turn-kind.ts";

/** The kind of work of the newest turn that asks for something; null where no model is a specialist of any. */
export function workOf(request: RouteRequest, { traits }: Policy): Category | null {
  const hasSpecialist = traits.values().some(({ specialties }) => specialties.length > 0);
  const turn = hasSpecialist ? request.turns.findLast(({ text }) => !isShortReply(text)) : undefined;
  return categoryOfTurn(request, turn);
}
