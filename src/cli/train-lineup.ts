import { ownLineup } from "../learn/dataset/own-lineup.ts";
import type { TrainingRow } from "../learn/dataset/training-row.ts";
import { type Lineup, namedLineup } from "../learn/lineup.ts";
import type { Policy } from "../policy/policy.ts";
import { checkModels } from "./check-models.ts";
import { CliError, EXIT } from "./cli-error.ts";
import type { Pair } from "./train-options.ts";

interface Given {
  /** null where none is named. */
  readonly pair: Pair | null;
  readonly policy: Pick<Policy, "tiers">;
}

/**
 * Who is weak and who is strong of the models of the labels.
 *
 * @throws {CliError} where a name is no labelled model's, or without names it cannot be told.
 */
export function chooseLineup(rows: readonly TrainingRow[], { pair, policy }: Given): Lineup {
  if (pair !== null) {
    const known = new Set(rows.flatMap(({ outcomes }) => [...outcomes.keys()]));
    // Where there is no label of any model, nobody asks who they are.
    if (known.size > 0) checkModels([pair.weak, pair.strong], { action: "train", what: "label", known });
    return namedLineup([pair.weak, pair.strong]);
  }
  const tiers = policy.tiers.map(({ models }) => models.map(({ model }) => model));
  const { lineup, untold } = ownLineup(rows, tiers);
  if (lineup !== null) return lineup;
  throw new CliError(
    EXIT.misused,
    `Cannot train: found labels of ${untold.join(", ")}, expected --weak and --strong: they are not in different tiers of ` +
      "gateway.yaml, and too few requests have labels of all of them to tell who is the weak one",
  );
}
