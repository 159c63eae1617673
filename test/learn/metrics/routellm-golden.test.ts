import { describe, expect, it } from "vitest";
import { apgr } from "../../../src/learn/metrics/apgr.ts";
import { cpt } from "../../../src/learn/metrics/cpt.ts";

/*
 * What RouteLLM's evaluation printed for two routers on GSM8K, 1,307 prompts, and what its own code makes of that
 * (README.ipynb of anyscale/llm-router): the share of calls to the strong model in %, the accuracy in %.
 */
const CURVES = {
  random: {
    share: [0, 10.023, 20.0459, 29.9923, 40.0153, 50.0383, 59.9847, 70.0077, 79.9541, 89.977, 100],
    accuracy: [63.734, 65.264, 68.248, 70.926, 72.303, 73.986, 76.511, 78.653, 80.566, 83.168, 85.769],
    published: { apgr: 0.485725, cpt20: 19.69, cpt50: 53.05, cpt80: 83.02 },
  },
  causal_llm: {
    share: [0, 10.023, 20.0459, 29.9923, 40.0153, 50.0383, 59.9847, 70.0842, 79.9541, 89.977, 100],
    accuracy: [63.734, 67.559, 70.926, 73.604, 76.435, 79.495, 80.872, 82.938, 84.009, 84.851, 85.769],
    published: { apgr: 0.626567, cpt20: 11.75, cpt50: 34.06, cpt80: 62.38 },
  },
};

describe.each(Object.entries(CURVES))("on RouteLLM's printed curve of %s", (_, printed) => {
  const curve = {
    share: Float64Array.from(printed.share, (percent) => percent / 100),
    quality: Float64Array.from(printed.accuracy, (percent) => percent / 100),
  };

  it("apgr() gives RouteLLM's own figure", () => {
    expect(apgr(curve)).toBeCloseTo(printed.published.apgr, 4);
  });

  it.each([
    [0.2, printed.published.cpt20],
    [0.5, printed.published.cpt50],
    [0.8, printed.published.cpt80],
  ])("cpt() at %d gives RouteLLM's own figure", (target, percent) => {
    expect(Math.abs(100 * cpt(curve, target) - percent)).toBeLessThan(0.02);
  });
});
