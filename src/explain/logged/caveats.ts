import type { Policy } from "../../policy/policy.ts";
import type { Flip } from "../flips.ts";
import { type LoggedDecision, stepOf } from "./logged-decision.ts";
import { textOf } from "./logged-request.ts";

/** What a row leaves open of the flips that are told of it, in sentences. */
export function caveatsOf(flips: readonly Flip[], row: LoggedDecision, policy: Policy): string[] {
  return [
    ...notesOnOrder(flips, row, policy),
    ...notesOnLots(flips, row, policy),
    ...notesOnWords(flips, row, policy),
  ];
}

/**
 * The id of the conversation that a split goes by is not logged as it was where no text is stored; how fast models were
 * only of those that were looked at, and measured.
 */
function notesOnOrder(flips: readonly Flip[], row: LoggedDecision, { tiers, pickWeights }: Policy): string[] {
  const measured = new Set(
    row.candidates?.flatMap(({ model, latency_ms }) => (latency_ms === undefined ? [] : model)),
  );
  const led = tiers.filter(
    ({ name, models }) => models.length > 1 && flips.some(({ tier }) => tier === name),
  );
  const isPlaced = stepOf(row, "candidates")?.draw !== undefined;
  const split = led.filter(({ pick }) => pick === "weighted" && !isPlaced).map(({ name }) => name);
  const timed = led
    .filter(({ pick }) => pick !== "weighted" && pick !== "first" && pickWeights[pick].latency > 0)
    .filter(({ models }) => models.some(({ model }) => !measured.has(model)))
    .map(({ name }) => name);
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
