import { describe, expect, it } from "vitest";
import { weighStepDown } from "../../src/decide/cache-hold.ts";
import { EXPECTED_OUTPUT_TOKENS } from "../../src/decide/eligible.ts";
import { catalogSchema, createCatalogStore } from "../../src/http/catalog-store.ts";
import { compileGlob } from "../../src/policy/glob.ts";
import { read } from "../request/read.ts";
import { policyOf } from "../support/sidecar-app.ts";

const { tiers } = policyOf(`
model_list:
  - {model_name: unpriced, litellm_params: {model: openai/unpriced}}
  - {model_name: small, litellm_params: {model: openai/small}}
  - {model_name: large, litellm_params: {model: openai/large}}
routing:
  fallback_tier: simple
  tiers:
    simple: {score_range: [0, 50], models: [unpriced, small]}
    complex: {score_range: [51, 100], model: large}
`);
const [simple, complex] = tiers;

const PRICES = {
  small: { input_cost_per_token: 1e-6, cache_read_input_token_cost: 1e-7, output_cost_per_token: 5e-6 },
  large: { input_cost_per_token: 3e-6, cache_read_input_token_cost: 3e-7, output_cost_per_token: 15e-6 },
};

function catalogOf(prices: Record<string, object>) {
  const store = createCatalogStore(compileGlob);
  const models = Object.entries(prices).map(([name, price]) => ({ name, ...price }));
  store.replace(catalogSchema.parse({ revision: "a", models }));
  return store.current();
}

/** A conversation whose newest ask was made at so many tokens after so many calls in the turn before. */
function weigh(tokens: number, calls: number, prices: Record<string, object> = PRICES) {
  const messages = 2 * calls + 1;
  const chars = 4 * (tokens - 4 * messages);
  const facts = {
    asks: [
      [10, 10, 1],
      [chars, chars, messages],
    ],
    human_turns: 2,
  };
  const request = read({ messages: [{ role: "user", content: "a" }] }, { facts });
  if (simple === undefined || complex === undefined) throw new Error("two tiers are expected");
  return weighStepDown(request, { from: complex, to: simple, turnsBack: 0 }, catalogOf(prices));
}

describe("weighStepDown()", () => {
  it("computes saving and re-read by its formula", () => {
    const perCall = 50_000 * (3e-7 - 1e-7) + EXPECTED_OUTPUT_TOKENS * (15e-6 - 5e-6);
    expect(weigh(50_000, 3)).toMatchObject({ from: "complex", to: "simple", calls: 3 });
    expect(weigh(50_000, 3)?.savingUsd).toBeCloseTo(3 * perCall, 9);
    expect(weigh(50_000, 3)?.rereadUsd).toBeCloseTo(50_000 * (1e-6 - 1e-7), 9);
  });

  it("steps down where the saving is larger, and only there", () => {
    // 0.9 P < n (0.2 P + 5000): for one call below 7,142 tokens.
    expect(weigh(7_000, 1)?.held).toBe(false);
    expect(weigh(7_300, 1)?.held).toBe(true);
    // For five calls at any length.
    expect(weigh(1_000_000, 5)?.held).toBe(false);
    expect(weigh(1_000_000, 4)?.held).toBe(true);
  });

  it("counts three items a call in the Responses format: what the model reasoned is one", () => {
    const reasoned = { type: "reasoning", summary: [] };
    const call = { type: "function_call", call_id: "t", name: "look", arguments: "{}" };
    const output = { type: "function_call_output", call_id: "t", output: "ok" };
    const ask = { role: "user", content: "a" };
    const turn = [
      ask,
      reasoned,
      call,
      output,
      reasoned,
      call,
      output,
      reasoned,
      { role: "assistant", content: "b" },
    ];
    const request = read({ input: [...turn, ask] });
    const [from, to] = [complex, simple];
    if (from === undefined || to === undefined) throw new Error("two tiers are expected");
    expect(weighStepDown(request, { from, to, turnsBack: 0 }, catalogOf(PRICES))?.calls).toBe(3);
  });

  it("takes a model without a price for its cache as one that has none", () => {
    const { cache_read_input_token_cost: _, ...small } = PRICES.small;
    expect(weigh(50_000, 1, { ...PRICES, small })?.rereadUsd).toBe(0);
  });

  it("says nothing where a price is not known", () => {
    const { input_cost_per_token: _, ...noInput } = PRICES.small;
    const { output_cost_per_token: __, ...noOutput } = PRICES.small;
    for (const small of [{}, noInput, noOutput]) expect(weigh(50_000, 1, { ...PRICES, small })).toBeNull();
    expect(weigh(50_000, 1, { small: PRICES.small, large: {} })).toBeNull();
  });

  it("goes on where the step would save as much as it costs", () => {
    const price = { input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 };
    expect(weigh(50_000, 1, { small: price, large: price })).toMatchObject({
      savingUsd: 0,
      rereadUsd: 0,
      held: true,
    });
  });

  it("counts the calls of the turns before the one that it looks at, and goes by its prompt", () => {
    if (simple === undefined || complex === undefined) throw new Error("two tiers are expected");
    const asks = [
      [10, 10, 1],
      [4_000, 4_000, 9],
      [800_000, 800_000, 19],
    ];
    const request = read({ messages: [{ role: "user", content: "a" }] }, { facts: { asks, human_turns: 3 } });
    const stepAt = (turnsBack: number) =>
      weighStepDown(request, { from: complex, to: simple, turnsBack }, catalogOf(PRICES));
    // At the second turn 8 messages, so 4 calls, were made in one turn; at the third 18 in two.
    expect([stepAt(1)?.calls, stepAt(0)?.calls]).toEqual([4, 5]);
    expect(stepAt(1)?.rereadUsd).toBeCloseTo((4_000 / 4 + 9 * 4) * 9e-7, 9);
    expect(stepAt(2)?.calls).toBe(1);
    expect(stepAt(3)).toBeNull();
  });
});
