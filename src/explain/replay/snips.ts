import { boundResamples, drawResamples, type Estimate, toEstimate } from "../../learn/bootstrap.ts";
import { createRandom } from "../../learn/random.ts";

/** What one call under the logged policy tells of another policy. */
export interface WeighedCall {
  /** What belongs together and was drawn together: the conversation. */
  readonly unit: string;
  /** 1 / propensity where the other policy chooses what was served, 0 where it chooses something else. */
  readonly weight: number;
  /** What came of it: a cost in USD, or 1 for a success and 0 for a failure. */
  readonly value: number;
}

/** What another policy would have reached, by calls that the logged one made. */
export interface OffPolicy {
  /** Calls that were looked at, and those of them in which both policies choose the same. */
  readonly calls: number;
  readonly matched: number;
  /** Mean of the weights: near 1 where the log tried what the other policy chooses as often as its propensities say. */
  readonly meanWeight: number;
  /** Kish's effective sample size, in conversations. */
  readonly effectiveSize: number;
  /** Mean of the values as they were logged. */
  readonly logged: number | null;
  /** null where the effective sample size is below the least that is told of. */
  readonly estimate: Estimate | null;
  /** More calls were there than are kept: the first ones count. */
  readonly isCut: boolean;
}

/** Below this effective sample size nothing is told: an interval of so few conversations covers too seldom. */
export const LEAST_EFFECTIVE_SIZE = 100;

/** Conversations that are kept: some 20 MB. */
const MAX_UNITS = 100_000;
const RESAMPLES = 1_000;

/** The weights of a conversation's calls, added up, and each times its value. */
interface Unit {
  weight: number;
  weighted: number;
}

/**
 * Estimates a policy's mean value by calls that another policy made at random with known chances: the self-normalised
 * inverse propensity score, sum(w x value) / sum(w) (Swaminathan and Joachims, The Self-Normalized Estimator for
 * Counterfactual Learning, 2015). The interval is a percentile bootstrap over whole conversations, whose calls are
 * drawn together.
 */
export class Snips {
  readonly #units = new Map<string, Unit>();
  #calls = 0;
  #matched = 0;
  #weights = 0;
  #values = 0;
  #isCut = false;

  add({ unit: name, weight, value }: WeighedCall): void {
    const known = this.#units.get(name);
    if (known === undefined && this.#units.size >= MAX_UNITS) this.#isCut = true;
    if (this.#isCut) return;
    this.#calls += 1;
    this.#values += value;
    if (weight <= 0) return;
    this.#matched += 1;
    this.#weights += weight;
    const unit = known ?? { weight: 0, weighted: 0 };
    unit.weight += weight;
    unit.weighted += weight * value;
    this.#units.set(name, unit);
  }

  /** @param seed of the resamples: the same one gives the same interval. */
  estimate(seed: number): OffPolicy {
    const units = [...this.#units.values()];
    const squares = units.reduce((sum, { weight }) => sum + weight ** 2, 0);
    const effectiveSize = squares === 0 ? 0 : this.#weights ** 2 / squares;
    return {
      calls: this.#calls,
      matched: this.#matched,
      meanWeight: this.#calls === 0 ? 0 : this.#weights / this.#calls,
      effectiveSize,
      logged: this.#calls === 0 ? null : this.#values / this.#calls,
      estimate: effectiveSize < LEAST_EFFECTIVE_SIZE ? null : resample(units, seed),
      isCut: this.#isCut,
    };
  }
}

function resample(units: readonly Unit[], seed: number): Estimate {
  const draws = drawResamples(
    { size: units.length },
    boundResamples(units.length, RESAMPLES),
    createRandom(seed),
  );
  return toEstimate(draws.map((counts) => meanOf(units, counts)));
}

function meanOf(units: readonly Unit[], counts: Uint8Array): number {
  let [weight, weighted] = [0, 0];
  units.forEach((unit, at) => {
    const count = counts[at] ?? 0;
    weight += count * unit.weight;
    weighted += count * unit.weighted;
  });
  return weighted / weight;
}
