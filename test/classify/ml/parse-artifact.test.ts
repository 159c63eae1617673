import { describe, expect, test } from "vitest";
import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import { parseArtifact } from "../../../src/classify/ml/parse-artifact.ts";
import { writeArtifact } from "../../../src/classify/ml/write-artifact.ts";
import { TINY_MODEL, tinyArtifact } from "./tiny-artifact.ts";

const problemOf = (changes: object): string => {
  const parsed = parseArtifact(JSON.stringify({ ...tinyArtifact(), ...changes }));
  return parsed.ok ? "" : parsed.problem;
};
const [tree] = TINY_MODEL.trees;
const withTree = (changes: object) => ({ model: { ...TINY_MODEL, trees: [{ ...tree, ...changes }] } });

describe("parseArtifact()", () => {
  test("reads what writeArtifact() writes, and gives the digest of the text", () => {
    const artifact = tinyArtifact();
    const parsed = parseArtifact(writeArtifact(artifact));
    expect(parsed).toEqual({
      ok: true,
      loaded: { artifact, digest: expect.stringMatching(/^[0-9a-f]{12}$/), cascadeConfidence: null },
    });
  });

  test.each([
    [
      "another version of the features",
      { feature_version: "0" },
      'found a classifier for features of version "0", expected version "2": train it anew',
    ],
    [
      "a feature of another name",
      { features: FEATURE_NAMES.with(3, "shoe_size") },
      `found feature 3 "shoe_size", expected "${FEATURE_NAMES[3]}": train it anew`,
    ],
    [
      "a feature too few",
      { features: FEATURE_NAMES.slice(1, 3).toSpliced(0, 0, FEATURE_NAMES[0] ?? "") },
      `found 3 features, expected ${FEATURE_NAMES.length}: train it anew`,
    ],
    [
      "a feature too many",
      { features: [...FEATURE_NAMES, "shoe_size"] },
      `found feature ${FEATURE_NAMES.length} "shoe_size", expected "no further feature": train it anew`,
    ],
    ["another format", { format: 2 }, "format: Invalid input: expected 1"],
    ["an unknown key", { extra: 1 }, 'the file: Unrecognized key: "extra"'],
    [
      "too few weights of words",
      { model: { ...TINY_MODEL, words: { bits: 8, scale: 1, weights: "AAAA" } } },
      "model.words.weights: found 3 weights, expected 256",
    ],
    [
      "too few weights of numbers",
      { model: { ...TINY_MODEL, numbers: [1] } },
      `model.numbers: found 1 weights, expected none or ${FEATURE_NAMES.length}`,
    ],
  ])("refuses %s", (_what, changes, problem) => {
    expect(problemOf(changes)).toBe(problem);
  });

  test.each([
    ["a walk in a circle", { yes: [0] }],
    ["a leaf that is not there", { no: [-3] }],
    ["a leaf that nobody reaches", { no: [-1] }],
    ["a feature that is not there", { feature: [100_000] }],
    ["lists of different lengths", { threshold: [] }],
    ["leaves without rows", { rows: [1] }],
  ])("refuses a tree with %s", (_what, changes) => {
    expect(problemOf(withTree(changes))).toBe(
      "model.trees.0: found a tree that leads nowhere, expected nodes and leaves",
    );
  });

  test("refuses what is no JSON", () => {
    expect(parseArtifact("{")).toEqual({
      ok: false,
      problem: "found text that is no JSON, expected a trained classifier",
    });
  });
});
