import { expect, test } from "vitest";
import { everydayFigures } from "../../../scripts/train/everyday-figures.ts";
import { createRandom } from "../../../src/learn/random.ts";

test("everydayFigures() fills every form, the same way for the same series", () => {
  const prompts = everydayFigures(createRandom(1));
  expect(prompts).toEqual(everydayFigures(createRandom(1)));
  expect(prompts).not.toEqual(everydayFigures(createRandom(2)));
  expect(prompts.filter(({ prompt }) => /[{}]/.test(prompt) || !/\d/.test(prompt))).toEqual([]);
  expect(new Set(prompts.map(({ tier }) => tier))).toEqual(new Set(["SIMPLE", "MEDIUM", "COMPLEX"]));
});
