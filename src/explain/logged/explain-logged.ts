import type { Decision } from "../../decide/decision.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Asked } from "../change.ts";
import { foundBy, wantedBy } from "../condition-words.ts";
import { type Explanation, explainDecision } from "../explanation.ts";
import { tryChange } from "../flips.ts";
import { conditionOf, type NearRule } from "../near-rules.ts";
import { caveatsOf } from "./caveats.ts";
import { ConversationMemory } from "./conversation-memory.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";
import { requestOf } from "./logged-request.ts";
import { holdsLogged, loggedSubject } from "./logged-rules.ts";
import type { LoggedWorld } from "./logged-world.ts";
import { createRedecider, type Redecide, type Redecided } from "./redecide.ts";
import { type Supposition, suppositionsOf } from "./suppositions.ts";
import { untellableOf } from "./untellable.ts";

/** Places that are tried where a split by weight fell otherwise than the row tells. */
const DRAWS = Array.from({ length: 20 }, (_, at) => (at + 1 / 2) / 20);

/**
 * What would have led a logged decision elsewhere: it is decided again from its row, and where that gives what was
 * decided then, explained as any other. Where the row leaves open what it turned on, all that it can have been is gone
 * through, and what holds in each is told. Where nothing gives what was decided then, a note says what cannot be known.
 */
export function explainLogged(row: LoggedDecision, world: LoggedWorld): Explanation {
  const redecide = createRedecider({ ...world, memory: new ConversationMemory() });
  if (row.policy_revision !== world.policy.revision) return underAnother(row, world.policy, redecide(row));
  const tried = suppositionsOf(row, world).map((supposed) => decideLikeThen(row, redecide, supposed));
  const alike = tried.filter((again) => again.ok);
  if (alike.length > 0) return inCommon(alike.map((again) => explainAgain(row, world, again)));
  const why =
    tried[0]?.ok === false ? tried[0].why : "what its headers can have said is too much, or not known";
  return untold(row, why);
}

type DecidedAgain = Extract<Redecided, { readonly ok: true }>;

/** Explains a row that was decided again as it was, but for what it does not tell. */
function explainAgain(
  row: LoggedDecision,
  world: LoggedWorld,
  { asked, decision }: DecidedAgain,
): Explanation {
  const explained = explainDecision(asked, decision);
  const untellable = untellableOf({ row, asked, decision }, world);
  const nearRules = nearRulesOf(row, world.policy, { asked, decision }).map((near) =>
    near.flip !== null && untellable(near.flip) !== null ? { ...near, flip: null, isKnown: false } : near,
  );
  const whys = explained.flips.map(untellable).filter((why) => why !== null);
  const flips = explained.flips.filter((flip) => untellable(flip) === null);
  const notes = [...(whys.length > 0 ? whys : explained.notes), ...caveatsOf(flips, row, world.policy)];
  return { flips, nearRules, notes: [...new Set(notes)] };
}

/** What all of them say, and that they say more, each for itself. */
function inCommon(explanations: readonly Explanation[]): Explanation {
  const [first = { flips: [], nearRules: [], notes: [] }, ...others] = explanations;
  const rest = others.map((other) => textsOf([...other.flips, ...other.nearRules, ...other.notes]));
  const isCommon = (part: unknown) => rest.every((texts) => texts.has(JSON.stringify(part)));
  const nearRules = first.nearRules.map((near) =>
    isCommon(near) ? near : { ...near, flip: null, isKnown: false },
  );
  const flips = first.flips.filter(isCommon);
  const isMore = explanations.some((each) => each.flips.length > flips.length);
  const notes = first.notes.filter(isCommon);
  return { flips, nearRules, notes: isMore ? [...notes, MORE_UNTOLD] : notes };
}

const MORE_UNTOLD =
  "what else would flip it depends on what its headers said or its words asked for, which is not logged";

function textsOf(parts: readonly unknown[]): ReadonlySet<string> {
  return new Set(parts.map((part) => JSON.stringify(part)));
}

/** Decides as it was decided then, wherever a split by weight fell. */
function decideLikeThen(row: LoggedDecision, redecide: Redecide, supposed: Supposition): Redecided {
  const first = redecide(row, undefined, supposed);
  if (!first.ok || isAsThen(first.decision, row)) return first;
  const other = DRAWS.map((draw) => redecide(row, draw, supposed)).find(
    (tried) => tried.ok && isAsThen(tried.decision, row),
  );
  if (other !== undefined) return other;
  const { tier, model } = first.decision;
  return {
    ok: false,
    why: `from what is logged it would be ${tier ?? "no tier"}, ${model}: it turned on something that is not`,
  };
}

/** Scores have two decimals, and come back from the log with the client's hint taken out. */
const SAME_SCORE = 1e-6;

function isAsThen({ tier, model, method, pick, score, trace }: Decision, row: LoggedDecision): boolean {
  const taken = trace.find((step) => step.step === "overrides")?.taken.length ?? 0;
  return (
    tier === row.tier &&
    model === row.resolved_model &&
    method === row.method &&
    pick === row.pick &&
    Math.abs((score ?? -1) - (row.score ?? -1)) < SAME_SCORE &&
    taken === (stepOf(row, "overrides")?.taken.length ?? 0)
  );
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
    return { rule, condition: failed, wanted: null, found: null, flip: null, isKnown: false };
  });
}

function nearRulesOf(
  row: LoggedDecision,
  policy: Policy,
  { asked, decision }: { readonly asked: Asked; readonly decision: Decision },
): NearRule[] {
  const logged = loggedSubject(row, requestOf(row, asked.request.turns), policy);
  return nearOf(row).map(({ rule, failed }) => {
    const missed = conditionOf(
      policy,
      { rule, failed },
      (condition) => holdsLogged(condition, logged) !== true,
    );
    const isFound = missed !== null && holdsLogged(missed, logged) === false;
    return {
      rule,
      condition: failed,
      wanted: missed && wantedBy(missed),
      found: isFound ? foundBy(missed, logged.subject) : null,
      flip: tryChange(asked, decision, { kind: "with_rule", rule }),
      isKnown: true,
    };
  });
}
