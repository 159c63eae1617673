import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Figures, measurer } from "../../src/learn/figures.ts";
import { apgr } from "../../src/learn/metrics/apgr.ts";
import { qualityCurve } from "../../src/learn/metrics/quality-curve.ts";
import { orderAtRandom, orderByScore } from "../../src/learn/order.ts";
import { createRandom } from "../../src/learn/random.ts";
import { onceEach } from "../../src/learn/sample.ts";
import { type Prompt, sampleOf, scoredPrompts } from "./sample-of.ts";

function figuresOf(prompts: readonly Prompt[], scores: readonly number[]): Figures {
  return measurer(sampleOf(prompts))(orderByScore(scores))(onceEach(prompts.length));
}

function apgrOf(prompts: readonly Prompt[], scores: readonly number[]): number {
  return apgr(qualityCurve(sampleOf(prompts), orderByScore(scores), onceEach(prompts.length)));
}

function expectAlike(one: Figures, other: Figures): void {
  const figures = Object.values(other);
  for (const [i, value] of Object.values(one).entries()) {
    if (Number.isNaN(value)) expect(figures[i]).toBeNaN();
    else expect(figures[i]).toBeCloseTo(value, 9);
  }
}

const scoresOf = (prompts: readonly { readonly score: number }[]) => prompts.map(({ score }) => score);

describe("the figures of a score", () => {
  it("are those of any strictly rising transform of it", () => {
    fc.assert(
      fc.property(scoredPrompts, (prompts) => {
        const scores = scoresOf(prompts);
        const bent = scores.map((score) => Math.exp(score / 3) - 40);
        expectAlike(figuresOf(prompts, bent), figuresOf(prompts, scores));
      }),
    );
  });

  it("do not depend on the order of the prompts", () => {
    fc.assert(
      fc.property(scoredPrompts, fc.integer(), (prompts, seed) => {
        const { rows } = orderAtRandom(prompts.length, createRandom(seed));
        const shuffled = Array.from(rows).flatMap((row) => prompts[row] ?? []);
        expectAlike(figuresOf(shuffled, scoresOf(shuffled)), figuresOf(prompts, scoresOf(prompts)));
      }),
    );
  });

  it("are those of a resample that holds each prompt twice", () => {
    fc.assert(
      fc.property(scoredPrompts, (prompts) => {
        const twice = [...prompts, ...prompts];
        const counts = new Uint8Array(prompts.length).fill(2);
        const order = orderByScore(scoresOf(prompts));
        expectAlike(measurer(sampleOf(prompts))(order)(counts), figuresOf(twice, scoresOf(twice)));
      }),
    );
  });

  it("are no better than the oracle's APGR", () => {
    fc.assert(
      fc.property(scoredPrompts, (prompts) => {
        const oracle = prompts.map(({ weak, strong }) => strong - weak);
        expect(apgrOf(prompts, scoresOf(prompts))).toBeLessThanOrEqual(apgrOf(prompts, oracle) + 1e-9);
      }),
    );
  });

  it("mirror those of the opposite score: the two APGR add up to 1", () => {
    fc.assert(
      fc.property(scoredPrompts, (prompts) => {
        const scores = scoresOf(prompts);
        const opposite = scores.map((score) => -score);
        expect(apgrOf(prompts, scores) + apgrOf(prompts, opposite)).toBeCloseTo(1, 9);
      }),
    );
  });

  it("are those of chance where all prompts score alike", () => {
    fc.assert(
      fc.property(scoredPrompts, (prompts) => {
        const figures = figuresOf(
          prompts,
          prompts.map(() => 7),
        );
        expect(figures.apgr).toBeCloseTo(0.5, 9);
        expect(figures.cpt80).toBeCloseTo(0.8, 9);
        expect(figures.lift30).toBeCloseTo(0, 9);
      }),
    );
  });

  it("take a tie of two for the mean of both orders", () => {
    fc.assert(
      fc.property(scoredPrompts, (prompts) => {
        const scores = prompts.map((_, i) => i);
        const [first = 0, second = first] = scores;
        const tied = scores.map((score) => (score === second ? first : score));
        const swapped = scores.map((score) => (score === first ? second : score === second ? first : score));
        const mean = (apgrOf(prompts, scores) + apgrOf(prompts, swapped)) / 2;
        expect(apgrOf(prompts, tied)).toBeCloseTo(mean, 9);
      }),
    );
  });

  it("are about those of chance for random scores", () => {
    const random = createRandom(3);
    const prompts = Array.from({ length: 20_000 }, () => ({ weak: random() / 2, strong: random() }));
    const figures = figuresOf(
      prompts,
      prompts.map(() => random()),
    );
    expect(figures.apgr).toBeCloseTo(0.5, 1);
    expect(Math.abs(figures.apgr - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(figures.auroc - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(figures.withinGroupApgr - 0.5)).toBeLessThan(0.02);
  });
});
