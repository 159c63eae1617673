/** What a classifier says of a prompt. */
export interface Judged {
  /** Higher = needs a stronger model; the scale is the classifier's own. */
  readonly score: number;
  /** Position of the tier that it ships for that score, 0 = cheapest. */
  readonly tier: number;
}

/** A classifier under test, ours or another's, with the tiers that it ships. */
export interface BenchClassifier {
  readonly name: string;
  /** Names of its tiers, cheapest first. */
  readonly tiers: readonly string[];
  /** The score is 100 × the chance that a weak model fails. */
  readonly isChance: boolean;
  /** Its scores of `outcomes-dev` are worth nothing: it was trained on those very rows. */
  readonly isTrainedOnOutcomes: boolean;
  /** Judges lone prompts, in their order. */
  readonly judge: (prompts: readonly string[]) => Promise<readonly Judged[]>;
}
