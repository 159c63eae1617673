import type { ScoredRow } from "./scored-row.ts";

/** Mean quality of each model, 0..1. */
export type Means = ReadonlyMap<string, number>;

/** Means of each suite. */
export function suiteMeans(rows: readonly Pick<ScoredRow, "suite" | "models">[]): Map<string, Means> {
  const sums = new Map<string, Map<string, { sum: number; prompts: number }>>();
  for (const { suite, models } of rows) {
    const ofSuite = sums.get(suite) ?? new Map<string, { sum: number; prompts: number }>();
    sums.set(suite, ofSuite);
    for (const [model, { quality }] of models) {
      const { sum, prompts } = ofSuite.get(model) ?? { sum: 0, prompts: 0 };
      ofSuite.set(model, { sum: sum + quality, prompts: prompts + 1 });
    }
  }
  const means = [...sums].map(
    ([suite, ofSuite]) =>
      [suite, new Map([...ofSuite].map(([model, { sum, prompts }]) => [model, sum / prompts]))] as const,
  );
  return new Map(means);
}

/**
 * Models from the weakest to the best, by the mean of the suites' means.
 *
 * @param suites all with the same models.
 * @param leastOfBest a model below this part of the best one's mean is left out, 0..1.
 */
export function rankModels(suites: readonly Means[], leastOfBest: number): string[] {
  const models = [...(suites[0]?.keys() ?? [])];
  const means = models.map((model) => ({
    model,
    mean: suites.reduce((sum, means) => sum + (means.get(model) ?? 0), 0) / suites.length,
  }));
  const best = Math.max(...means.map(({ mean }) => mean));
  return means
    .filter(({ mean }) => mean >= leastOfBest * best)
    .sort((a, b) => a.mean - b.mean || (a.model < b.model ? -1 : 1))
    .map(({ model }) => model);
}
