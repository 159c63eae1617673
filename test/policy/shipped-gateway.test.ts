import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { formatProblem, loadPolicyText } from "../../src/policy/load.ts";

const TEXT = readFileSync(new URL("../../gateway.yaml", import.meta.url), "utf8");

describe("the gateway.yaml that ships", () => {
  it("loads with no variable set, and without a warning", () => {
    const result = loadPolicyText(TEXT, { file: "gateway.yaml", env: {} });
    expect(
      result.ok ? result.policy.warnings.map(formatProblem) : result.problems.map(formatProblem),
    ).toEqual([]);
  });

  it("still loads when its commented lines are switched on", () => {
    const uncommented = TEXT.replace(
      /^( +)# ((?:opus|summarizer|complex_keywords|simple_keywords):)/gm,
      "$1$2",
    );
    const result = loadPolicyText(uncommented, { file: "gateway.yaml", env: {} });
    expect(result.ok ? result.policy.aliases.size : result.problems.map(formatProblem)).toBe(5);
    expect(result.ok && result.policy.classifier.static.simpleKeywords).toEqual([
      "hello",
      "thanks",
      "translate",
    ]);
  });
});
