import { describe, expect, test } from "vitest";
import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import { featureOf, featuresOf } from "./features-of.ts";

const AREA = {
  type: "function",
  function: {
    name: "calculate_triangleArea",
    description: "Calculates the area of a triangle.",
    parameters: { type: "object", properties: { base: { type: "integer" } }, required: ["base"] },
  },
};
const QUESTION = "Find the area of a triangle with a base of 10 units.";

describe("TOOL_FEATURES", () => {
  test.each([
    ["tool_words", 8],
    ["tool_words_in_turn", 3],
    ["tool_words_in_turn_share", 0.375],
    ["tool_schema_integer", 1],
    ["tool_schema_type", 3],
  ])("reads %s of names, descriptions and parameters", (name, wanted) => {
    expect(featureOf(name, QUESTION, { tools: [AREA] })).toBeCloseTo(wanted, 3);
  });

  test("reads the same of the JSON that the callback cuts as of the tools themselves", () => {
    const own = featuresOf(QUESTION, { tools: [AREA] }).numbers;
    const cut = featuresOf(QUESTION, { tools: [AREA] }, { tool_text: JSON.stringify([AREA]) }).numbers;
    expect(cut).toEqual(own);
  });

  test("counts words by a hash only, and nothing where there are no tools", () => {
    const places = (numbers: Float32Array) =>
      numbers.filter((value, at) => value > 0 && /^tool_words_\d+$/.test(FEATURE_NAMES[at] ?? "")).length;
    expect(places(featuresOf(QUESTION, { tools: [AREA] }).numbers)).toBeGreaterThan(4);
    expect(places(featuresOf(QUESTION).numbers)).toBe(0);
    expect(JSON.stringify(FEATURE_NAMES)).not.toContain("triangle");
  });

  test("is bounded, whatever the tools are", () => {
    const tools = Array.from({ length: 5_000 }, (_, at) => ({ ...AREA, name: `f${at}` }));
    expect(featureOf("tool_words", QUESTION, { tools })).toBeLessThan(800);
  });
});
