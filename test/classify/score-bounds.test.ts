import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scoreBounds } from "../../src/classify/score-bounds.ts";
import { createStaticClassifier } from "../../src/classify/static.ts";
import type { StaticConfig, StaticWeights } from "../../src/classify/static-config.ts";
import { STATIC_DEFAULTS } from "../../src/classify/static-defaults.ts";
import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";

/** Two decimals of each of seven signals, where the calibration is steepest (35 points of score for 11), and of the score. */
const ROUNDED = 7 * 0.005 * (35 / 11) + 0.005;

const share = fc.constantFrom(0, 0.25, 1);
const weights: fc.Arbitrary<StaticWeights> = fc
  .record({
    tokenCount: share,
    systemPrompt: share,
    keywordPatterns: share,
    conversationLength: share,
    codeComplexity: share,
    toolUsage: share,
    reasoning: share,
  })
  .filter((all) => Object.values(all).some((weight) => weight > 0));
const keywords = fc.constantFrom<readonly string[]>([], ["refactor", "prove"]);
const floors = fc.constantFrom<StaticConfig["floors"]>(
  STATIC_DEFAULTS.floors,
  [],
  [{ signal: "conversationLength", atLeast: 10, score: 40 }],
);
const config: fc.Arbitrary<StaticConfig> = fc.record({
  weights,
  tokenThresholds: fc.constant(STATIC_DEFAULTS.tokenThresholds),
  complexKeywords: keywords,
  simpleKeywords: keywords,
  floors,
});

const piece = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    "hello",
    "prove that",
    "refactor",
    "```\n1\n2\n```",
    "Traceback",
    "what is",
    "word ".repeat(9000),
  ),
);
const request = fc.record({
  texts: fc.array(piece, { minLength: 1, maxLength: 7 }),
  system: fc.constantFrom("", "You design, review, plan and refactor. ".repeat(80)),
  tools: fc.integer({ min: 0, max: 8 }),
});

function read({ texts, system, tools }: { texts: string[]; system: string; tools: number }) {
  const parsed = parseEnvelope({
    body: {
      model: "auto",
      messages: [{ role: "system", content: system }, ...texts.map((content) => ({ role: "user", content }))],
      tools: Array.from({ length: tools }, (_, index) => ({
        type: "function",
        function: { name: `t${index}` },
      })),
    },
  });
  if (!parsed.ok) throw new Error(parsed.message);
  return readRequest(parsed.envelope);
}

describe("scoreBounds()", () => {
  it("holds for whatever the static classifier is asked and however it is weighted", () => {
    fc.assert(
      fc.property(config, request, (settings, asked) => {
        const routeRequest = read(asked);
        const turn = routeRequest.turns.at(-1);
        fc.pre(turn !== undefined);
        const { score } = createStaticClassifier(settings)(routeRequest, turn);
        const { lowest, highest } = scoreBounds(settings);
        expect(score).toBeGreaterThanOrEqual(lowest - ROUNDED);
        expect(score).toBeLessThanOrEqual(highest + ROUNDED);
      }),
      { numRuns: 100 },
    );
  });

  it("takes the whole range with the defaults", () => {
    const { lowest, highest } = scoreBounds(STATIC_DEFAULTS);
    expect(lowest).toBeLessThan(10);
    expect(highest).toBeGreaterThan(95);
  });

  it("is one point where the only weighted signal has nothing to read", () => {
    const { weights: some } = STATIC_DEFAULTS;
    const none = Object.fromEntries(Object.keys(some).map((key) => [key, 0]));
    const { lowest, highest } = scoreBounds({
      ...STATIC_DEFAULTS,
      weights: { ...some, ...none, keywordPatterns: 1 },
      complexKeywords: [],
      simpleKeywords: [],
      floors: [],
    });
    expect(lowest).toBe(highest);
  });
});
