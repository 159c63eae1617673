import type { Policy } from "../../policy/policy.ts";
import type { Flip } from "../flips.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";
import { textOf } from "./logged-request.ts";

/** What a row leaves open of the flips that are told of it, in sentences. */
export function caveatsOf(flips: readonly Flip[], row: LoggedDecision, policy: Policy): string[] {
  return [
    ...notesOnOrder(flips, policy),
    ...notesOnLots(flips, row, policy),
    ...notesOnWords(flips, row, policy),
  ];
}

/**
 * The id of the conversation that a split goes by is not logged as it was where no text is stored; how fast models were is
 * not logged at all.
 */
function notesOnOrder(flips: readonly Flip[], { tiers, pickWeights }: Policy): string[] {
  const led = tiers.filter(
    ({ name, models }) => models.length > 1 && flips.some(({ tier }) => tier === name),
  );
  const namesOf = (isNamed: (pick: (typeof led)[number]["pick"]) => boolean) =>
    led.filter(({ pick }) => isNamed(pick)).map(({ name }) => name);
  const split = namesOf((pick) => pick === "weighted");
  const timed = namesOf((pick) => pick !== "weighted" && pick !== "first" && pickWeights[pick].latency > 0);
  return [
    ...(split.length > 0
      ? [`which model of ${split.join(", ")} comes first goes by weight: it may be another one`]
      : []),
    ...(timed.length > 0
      ? [
          `which model of ${timed.join(", ")} comes first went by its latency then, too: it may be another one`,
        ]
      : []),
  ];
}

/** A decision that nothing was drawn for may be one that is drawn for, once the score decides. */
function notesOnLots(flips: readonly Flip[], row: LoggedDecision, { explore, tiers }: Policy): string[] {
  const isElsewhere = flips.some(({ change, score }) => change.kind !== "without_lot" && score !== null);
  // The lot is logged as the neighbour that it fell on: beside another tier it may have fallen on the other one.
  if (row.explored_from !== null && isElsewhere && tiers.length > 2) return [OTHER_NEIGHBOUR];
  const isNew = stepOf(row, "explore") === undefined && flips.some(({ score }) => score !== null);
  return explore > 0 && isNew
    ? [`no lot was drawn then: ${100 * explore} % of what the score decides is tried in a tier next to it`]
    : [];
}

const OTHER_NEIGHBOUR =
  "a tier next to it was tried by lot, which beside another tier may have fallen on either neighbour";

/** That words asked for more shows in no row of the dearest tier: there is none above it. */
function notesOnWords(
  flips: readonly Flip[],
  row: LoggedDecision,
  { tiers, conversation }: Policy,
): string[] {
  if (stepOf(row, "conversation")?.tier !== tiers.at(-1)?.name || stepOf(row, "raise") !== undefined)
    return [];
  const text = textOf(row);
  const isQuiet = text !== null && conversation.escalate.find(text) === null;
  const isFresh = conversation.repeatRaisesAfter === 0 || row.turn < conversation.repeatRaisesAfter;
  if ((isQuiet && isFresh) || !flips.some(({ score }) => score !== null)) return [];
  return [
    "whether words or repeats asked for more is not logged in the dearest tier: they would raise a lower score",
  ];
}
