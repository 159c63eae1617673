import { describe, expect, it } from "vitest";
import { CliError } from "../../src/cli/cli-error.ts";
import { chooseLineup } from "../../src/cli/train-lineup.ts";
import { rowOf } from "../learn/dataset/row-of.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const policy = policyOf(POLICY);
const labelled = (...models: readonly string[]) =>
  rowOf({ outcomes: new Map(models.map((model) => [model, { quality: 1, costUsd: null }])) });

const refusalOf = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error instanceof CliError ? { code: error.exitCode, message: error.message } : error;
  }
  return "nothing refused";
};

describe("chooseLineup()", () => {
  it("takes the named models", () => {
    const pair = { weak: "large", strong: "small" };
    const { rungsOf } = chooseLineup([labelled("small"), labelled("large")], { pair, policy });
    expect(rungsOf("log")).toEqual([["large"], ["small"]]);
  });

  it("takes the cheaper tier's model for the weak one", () => {
    const { rungsOf } = chooseLineup([labelled("large"), labelled("small")], { pair: null, policy });
    expect(rungsOf("log")).toEqual([["small"], ["large"]]);
  });

  it("refuses a name that no label has, and names those that there are", () => {
    const pair = { weak: "small", strong: "huge" };
    expect(refusalOf(() => chooseLineup([labelled("small"), labelled("large")], { pair, policy }))).toEqual({
      code: 2,
      message: "Cannot train: found no label of huge, expected large, small",
    });
  });

  it("takes any names where no model has a label", () => {
    const pair = { weak: "small", strong: "huge" };
    expect(chooseLineup([rowOf()], { pair, policy }).rungsOf("log")).toEqual([["small"], ["huge"]]);
  });

  it("asks for names where it cannot be told who is weak", () => {
    expect(
      refusalOf(() => chooseLineup([labelled("a"), labelled("b")], { pair: null, policy })),
    ).toMatchObject({ code: 2, message: expect.stringMatching(/found labels of a, b, expected --weak and/) });
  });
});
