import { z } from "zod";

/** Version of the file's own form. */
export const ARTIFACT_FORMAT = 1;

/** How `meaning` begins of a score that only orders. */
export const ORDER_ALONE = "no chance but an order";

/** Bounds of a model: what comes from a file is scored on the path of every request. */
const MAX_TREES = 1_000;
const MAX_LEAVES = 64;
const [MIN_WORD_BITS, MAX_WORD_BITS] = [8, 18];
const MAX_NOTES = 200;

const real = z.number().min(-1e6).max(1e6);
const short = z.string().max(1_000);

const treeSchema = z
  .strictObject({
    feature: z.array(z.int().min(0)).max(MAX_LEAVES).describe("Feature that each node asks for, from 0 on."),
    threshold: z.array(z.number()).max(MAX_LEAVES).describe("A feature of at most this goes on at yes."),
    yes: z.array(z.int()).max(MAX_LEAVES).describe("A later node, or -1 - the number of a leaf."),
    no: z.array(z.int()).max(MAX_LEAVES).describe("The same, for a feature above the threshold."),
    leaf: z.array(real).min(1).max(MAX_LEAVES).describe("What each leaf adds to the raw score."),
    rows: z.array(z.int().min(0)).max(MAX_LEAVES).describe("Rows of training in each leaf."),
  })
  .readonly()
  .describe("Node 0 is the root; a tree of one leaf has no node.");

/**
 * A regression tree. Node 0 is the root; node `i` asks whether number `feature[i]` is at most `threshold[i]` and goes
 * on at `yes[i]`, else at `no[i]`; a number below 0 there is the leaf `-1 - number`. `rows` tells of each leaf how many
 * rows it was trained on. A tree of one leaf has no node.
 */
export type Tree = z.output<typeof treeSchema>;

const modelSchema = z.strictObject({
  base: real.describe("What is predicted where nothing speaks for or against."),
  trees: z.array(treeSchema).max(MAX_TREES),
  numbers: z
    .array(real)
    .describe("Weight of ln(1 + x) of each feature, in their order; empty where there is no such part."),
  words: z
    .strictObject({
      bits: z.int().min(MIN_WORD_BITS).max(MAX_WORD_BITS).describe("There are 2^bits weights."),
      scale: real.min(0).describe("What a weight of 1 counts."),
      weights: z.base64().describe("One signed byte a place, base64."),
    })
    .describe("Weights of hashed words and pairs of words."),
  most_rise: real
    .min(0)
    .optional()
    .describe(
      "How far the raw score of a text of 30 to 1,200 characters may lie above that of its beginning and of its end, or of its middle from 600 on; scores up to 0 are not held down. No limit where it is left out.",
    ),
});

/** What gives a request its raw score: base + trees + numbers + words, and a limit of how far that may lie above its parts. */
export type Model = z.output<typeof modelSchema>;

const sourceSchema = z.strictObject({
  name: short,
  licence: short,
  url: short,
  rows: z.int().min(0),
});

const metricSchema = z.strictObject({
  set: short.describe("What was measured on, and how it was kept apart from training."),
  prompts: z.int().min(0),
  scorer: short.describe("The model, or a control."),
  apgr: z.number(),
  low: z.number(),
  high: z.number(),
});

/** A trained classifier as a file. */
export const artifactSchema = z.strictObject({
  format: z.literal(ARTIFACT_FORMAT),
  feature_version: short.describe("Version of the features that it was trained on."),
  features: z.array(short).max(1_000).describe("Their names, in their order."),
  model: modelSchema,
  calibration: z
    .strictObject({ slope: real.positive(), intercept: real })
    .describe("The score is 100 / (1 + exp(-(slope x raw + intercept)))."),
  meaning: short.describe(
    `What 100 x chance the score claims; it begins with "${ORDER_ALONE}" where it claims none.`,
  ),
  training: z.strictObject({
    date: z.iso.date(),
    data_hash: short,
    seed: z.int(),
    rows: z.int().min(0),
    sources: z.array(sourceSchema).max(MAX_NOTES),
    options: z.record(short, z.union([z.number(), short])),
    adapted_from: short.nullable().describe("Digest of the artifact that this one started from."),
    trained_until: z.iso
      .datetime()
      .nullish()
      .describe("When the newest request was decided that it was trained on; null where that is not known."),
  }),
  metrics: z.array(metricSchema).max(MAX_NOTES),
});

/** A trained classifier, as its file has it. */
export type Artifact = z.output<typeof artifactSchema>;

/** Whether a score is 100 × a chance, so that it can be held against what came true. */
export function claimsChance({ meaning }: Artifact): boolean {
  return !meaning.startsWith(ORDER_ALONE);
}
