import { describe, expect, it } from "vitest";
import { describeSteps } from "../../src/cli/describe-decision.ts";

const candidate = (estimatedCostUsd: number | null) => {
  return { model: "small", tier: "simple", eligible: true, refusal: null, estimatedCostUsd };
};

describe("describeSteps()", () => {
  it("says what a model costs in two digits, that it is free, or nothing where no price is known", () => {
    const candidates = [candidate(0.001312), candidate(0), candidate(null)];
    const [, ...lines] = describeSteps([{ step: "candidates", pick: "first", candidates }]);
    expect(lines.map((line) => line.trim())).toEqual([
      "small (simple), about $0.0013",
      "small (simple), free",
      "small (simple)",
    ]);
  });

  it("says how fast a model was lately, where that was measured", () => {
    const candidates = [{ ...candidate(0), latencyMs: 819.6 }];
    const [, line] = describeSteps([{ step: "candidates", pick: "latency", candidates }]);
    expect(line?.trim()).toBe("small (simple), free, 820 ms lately");
  });

  it("says what wrote the response before, and since when a tool loop's moment holds", () => {
    const at = "2026-01-05T21:59:00.000Z";
    const lines = describeSteps([
      { step: "moment", at },
      { step: "ask", inputTokens: 812 },
      { step: "response", model: "large", refusal: null },
      { step: "response", model: "large", refusal: "it reads no images" },
    ]);
    expect(lines.map((line) => line.trim().replace(/ +/, " "))).toEqual([
      `moment of ${at}, when this tool loop began`,
      "ask about 812 tokens up to the human turn, by which all is chosen",
      "response of large, which goes on",
      "response of large, which does not go on: it reads no images",
    ]);
  });

  it("says how far the client's limit of output tokens is lowered", () => {
    const [line] = describeSteps([{ step: "output", model: "small", asked: 5_000, limit: 1_000 }]);
    expect(line?.trim()).toBe("output      5000 tokens asked for, small answers with 1000: lowered");
  });

  it("writes what a step down saves as $0 where both models are free", () => {
    const cache = { from: "complex", to: "simple", calls: 2, savingUsd: 0, rereadUsd: 0, held: true };
    expect(describeSteps([{ step: "cache", ...cache }])[0]).toMatch(
      /held in complex: 2 calls save about \$0, to read the prompt anew costs \$0$/,
    );
  });
});
