import type { ChosenClassifier } from "../../classify/choose-classifier.ts";
import type { Catalog } from "../../decide/catalog.ts";
import type { Decision } from "../../decide/decision.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Asked } from "../change.ts";
import { foundBy, wantedBy } from "../condition-words.ts";
import { type Explanation, explainDecision } from "../explanation.ts";
import { type Flip, tryChange } from "../flips.ts";
import { conditionOf, type NearRule } from "../near-rules.ts";
import { ConversationMemory } from "./conversation-memory.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";
import { requestOf } from "./logged-request.ts";
import { holdsLogged, loggedSubject } from "./logged-rules.ts";
import { createRedecider, type Redecide, type Redecided } from "./redecide.ts";

/** What a logged decision is explained with. */
export interface LoggedWorld {
  readonly policy: Policy;
  readonly classifier: ChosenClassifier;
  readonly catalog: Catalog | null;
}

/** Places that are tried where a split by weight fell otherwise than the row tells. */
const DRAWS = Array.from({ length: 20 }, (_, at) => (at + 1 / 2) / 20);

/**
 * What would have led a logged decision elsewhere: it is decided again from its row, and where that gives what was
 * decided then, explained as any other. Where it does not, a note says what cannot be known.
 */
export function explainLogged(row: LoggedDecision, world: LoggedWorld): Explanation {
  const redecide = createRedecider({ ...world, memory: new ConversationMemory() });
  if (row.policy_revision !== world.policy.revision) return underAnother(row, world.policy, redecide(row));
  const again = decideLikeThen(row, redecide);
  if (!again.ok) return untold(row, again.why);
  const { asked, decision } = again;
  const explained = explainDecision(asked, decision);
  const policyThen: Asked = { ...asked, context: { ...asked.context, policy: world.policy } };
  return {
    flips: explained.flips,
    nearRules: nearRulesOf(row, policyThen, (rule) => withRule(asked, decision, rule)),
    notes: [...explained.notes, ...notesOnSplits(explained.flips, world.policy)],
  };
}

/** The id of the conversation that a split goes by is not logged where the client named a session, or no text is stored. */
function notesOnSplits(flips: readonly Flip[], { tiers }: Policy): string[] {
  const split = tiers.filter(({ pick }) => pick === "weighted").map(({ name }) => name);
  const isSplit = flips.some(({ tier }) => tier !== null && split.includes(tier));
  return isSplit
    ? [`which model of ${split.join(", ")} comes first goes by weight: it may be another one`]
    : [];
}

function withRule(asked: Asked, decision: Decision, rule: string) {
  return tryChange(asked, decision, { kind: "with_rule", rule });
}

/** Decides as it was decided then, wherever a split by weight fell. */
function decideLikeThen(row: LoggedDecision, redecide: Redecide): Redecided {
  const first = redecide(row);
  if (!first.ok || isAsThen(first.decision, row)) return first;
  const other = DRAWS.map((draw) => redecide(row, draw)).find(
    (tried) => tried.ok && isAsThen(tried.decision, row),
  );
  if (other !== undefined) return other;
  const { tier, model } = first.decision;
  return {
    ok: false,
    why: `from what is logged it would be ${tier ?? "no tier"}, ${model}: it turned on something that is not`,
  };
}

function isAsThen({ tier, model }: Decision, row: LoggedDecision): boolean {
  return tier === row.tier && model === row.resolved_model;
}

function untold(row: LoggedDecision, why: string): Explanation {
  const notes = [`what would flip it cannot be told: ${why}`];
  return { flips: [], nearRules: namesOfNear(row), notes };
}

function underAnother(row: LoggedDecision, { revision }: Policy, again: Redecided): Explanation {
  const now = again.ok
    ? `this one would serve ${again.decision.tier ?? "no tier"}, ${again.decision.model}`
    : `what this one would do cannot be told: ${again.why}`;
  const note = `decided under revision ${row.policy_revision} of gateway.yaml, this one is ${revision}: only that one tells what would flip it; ${now}`;
  return { flips: [], nearRules: namesOfNear(row), notes: [note] };
}

function nearOf(row: LoggedDecision) {
  return stepOf(row, "rules")?.near ?? [];
}

function namesOfNear(row: LoggedDecision): NearRule[] {
  return nearOf(row).map(({ rule, failed }) => {
    return { rule, condition: failed, wanted: null, found: null, flip: null };
  });
}

function nearRulesOf(
  row: LoggedDecision,
  { request, context }: Asked,
  flipWith: (rule: string) => NearRule["flip"],
): NearRule[] {
  const logged = loggedSubject(row, requestOf(row, request.turns));
  return nearOf(row).map(({ rule, failed }) => {
    const missed = conditionOf(
      context.policy,
      { rule, failed },
      (condition) => holdsLogged(condition, logged) !== true,
    );
    const isKnown = missed !== null && holdsLogged(missed, logged) === false;
    return {
      rule,
      condition: failed,
      wanted: missed && wantedBy(missed),
      found: isKnown ? foundBy(missed, logged.subject) : null,
      flip: flipWith(rule),
    };
  });
}
