import { FEATURE_NAMES, FEATURE_VERSION } from "../../../src/classify/features/feature-list.ts";
import type { Artifact, Model } from "../../../src/classify/ml/artifact.ts";

const WORD_BITS = 8;

/** Weights of hashed words that say nothing. */
export const NO_WORDS = {
  bits: WORD_BITS,
  scale: 0,
  weights: Buffer.alloc(2 ** WORD_BITS).toString("base64"),
};

const WORDS = FEATURE_NAMES.indexOf("words");

/** A model of one tree: more than ten words are worth 2, fewer -1. */
export const TINY_MODEL: Model = {
  base: 0,
  trees: [{ feature: [WORDS], threshold: [10], yes: [-1], no: [-2], leaf: [-1, 2], rows: [20, 10] }],
  numbers: [],
  words: NO_WORDS,
};

/** An artifact of that model, or of one with other parts. */
export function tinyArtifact(changes: Partial<Artifact> = {}): Artifact {
  return {
    format: 1,
    feature_version: FEATURE_VERSION,
    features: [...FEATURE_NAMES],
    model: TINY_MODEL,
    calibration: { slope: 1, intercept: 0 },
    meaning: "made for a test",
    training: {
      date: "2026-01-01",
      data_hash: "sha256:0",
      seed: 1,
      rows: 0,
      sources: [],
      options: {},
      adapted_from: null,
    },
    metrics: [],
    ...changes,
  };
}
