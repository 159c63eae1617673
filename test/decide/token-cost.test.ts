import { expect, test } from "vitest";
import type { CatalogModel } from "../../src/decide/catalog.ts";
import { tokenCostUsd } from "../../src/decide/token-cost.ts";

const model: CatalogModel = {
  name: "large",
  deployment: null,
  inputCostPerToken: 10,
  outputCostPerToken: 20,
  cachedInputCostPerToken: 1,
  maxInputTokens: null,
  maxOutputTokens: null,
  supportsVision: null,
  supportsFunctionCalling: null,
  supportsResponseSchema: null,
  supportsReasoning: null,
};
const tokens = { prompt: 100, completion: 7, cached: 40 };

test("tokenCostUsd() bills cached tokens by their own price", () => {
  expect(tokenCostUsd(tokens, model)).toBe(60 * 10 + 40 * 1 + 7 * 20);
});

test("tokenCostUsd() bills cached tokens as any other where they have no price", () => {
  expect(tokenCostUsd(tokens, { ...model, cachedInputCostPerToken: null })).toBe(100 * 10 + 7 * 20);
});

test("tokenCostUsd() takes no more tokens for cached than the prompt has", () => {
  expect(tokenCostUsd({ ...tokens, cached: 500 }, model)).toBe(100 * 1 + 7 * 20);
});

test("tokenCostUsd() is null without a price or a model", () => {
  expect(tokenCostUsd(tokens, { ...model, inputCostPerToken: null })).toBeNull();
  expect(tokenCostUsd(tokens, { ...model, outputCostPerToken: null })).toBeNull();
  expect(tokenCostUsd(tokens, undefined)).toBeNull();
});
