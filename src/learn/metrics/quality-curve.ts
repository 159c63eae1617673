import { countAt, numberAt, rowAt } from "../number-at.ts";
import type { Order } from "../order.ts";
import type { Counts, Sample } from "../sample.ts";

/** What a router reaches while more and more prompts go to the strong model. Points from none to all. */
export interface Curve {
  /** Prompts, each as often as it counts. */
  readonly prompts: number;
  /** Share of the prompts that goes to the strong model, from 0 to 1, never falling. */
  readonly share: Float64Array;
  /** Mean quality of the answers at that share, 0..1. */
  readonly quality: Float64Array;
  /** Mean cost of a prompt at that share, in the sample's unit. */
  readonly cost: Float64Array;
}

/**
 * Q(x) of RouteLLM (Ong et al., 2024, https://arxiv.org/abs/2406.18665): the mean quality when the share x of prompts
 * with the highest score goes to the strong model, the others to the weak one. One point after each tie, so that a
 * tie is one straight chord: what sending a random part of it reaches on average.
 *
 * @param order all prompts of the sample, or some: those of a group.
 */
export function qualityCurve(sample: Pick<Sample, "weak" | "strong">, order: Order, counts: Counts): Curve {
  const { weak, strong } = sample;
  const start = allWeak(sample, order, counts);
  const points = order.tieEnds.length + 1;
  const share = new Float64Array(points);
  const quality = new Float64Array(points).fill(start.quality / start.prompts);
  const cost = new Float64Array(points).fill(start.cost / start.prompts);
  let [from, sent, gained, paid] = [0, 0, 0, 0];
  for (let point = 1; point < points; point += 1) {
    const end = rowAt(order.tieEnds, point - 1);
    for (; from < end; from += 1) {
      const row = rowAt(order.rows, from);
      const count = countAt(counts, row);
      sent += count;
      gained += count * (numberAt(strong.quality, row) - numberAt(weak.quality, row));
      paid += count * (numberAt(strong.cost, row) - numberAt(weak.cost, row));
    }
    share[point] = sent / start.prompts;
    quality[point] = (start.quality + gained) / start.prompts;
    cost[point] = (start.cost + paid) / start.prompts;
  }
  return { prompts: start.prompts, share, quality, cost };
}

interface Totals {
  readonly prompts: number;
  readonly quality: number;
  readonly cost: number;
}

function allWeak({ weak }: Pick<Sample, "weak">, { rows }: Order, counts: Counts): Totals {
  let [prompts, quality, cost] = [0, 0, 0];
  for (const row of rows) {
    const count = countAt(counts, row);
    prompts += count;
    quality += count * numberAt(weak.quality, row);
    cost += count * numberAt(weak.cost, row);
  }
  return { prompts, quality, cost };
}

/** Mean quality of the weak model, and of the strong one. */
export function endsOf({ quality }: Pick<Curve, "quality">): {
  readonly weak: number;
  readonly strong: number;
} {
  return { weak: quality[0] ?? Number.NaN, strong: quality.at(-1) ?? Number.NaN };
}
