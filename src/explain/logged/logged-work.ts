import { CATEGORIES } from "../../classify/category/categories.ts";
import type { KnownTurn } from "../../decide/context.ts";
import { isSilent } from "../../decide/conversation.ts";
import { hasSpecialist } from "../../decide/work.ts";
import type { Policy } from "../../policy/policy.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";
import { textOf } from "./logged-request.ts";

/** What a turn asks for, and with it which model is a specialist. */
export type LoggedWork = Pick<KnownTurn, "work">;

/** Every kind of work that the turn which was scored can have asked for: one where the row tells, as its text or its trace. */
export function worksOf(row: LoggedDecision, policy: Policy): readonly LoggedWork[] {
  if (!hasSpecialist(policy) || row.turn === 0) return [{}];
  if (!isOfNewest(row, policy)) return ANY;
  const kind = stepOf(row, "kind");
  if (kind !== undefined) return [{ work: kind.category }];
  return textOf(row) === null ? ANY : [{}];
}

const ANY: readonly LoggedWork[] = CATEGORIES.map((work) => ({ work }));

/** Behind a turn without a signal it is one before it, of which the row does not say what it was. */
function isOfNewest(row: LoggedDecision, policy: Policy): boolean {
  if (row.turn === 1) return true;
  const turns = stepOf(row, "conversation")?.turns;
  if (turns !== undefined) return turns[0] !== null || turns.every((tier) => tier === null);
  const text = textOf(row);
  return text !== null && !isSilent({ text }, policy);
}
