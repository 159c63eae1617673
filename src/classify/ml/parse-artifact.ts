import { createHash } from "node:crypto";
import type { z } from "zod";
import { FEATURE_NAMES, FEATURE_VERSION } from "../features/feature-list.ts";
import { type Artifact, artifactSchema, type Tree } from "./artifact.ts";

/** An artifact that this version can score with, and the digest of its file. */
export interface LoadedArtifact {
  readonly artifact: Artifact;
  /** First hex digits of the file's SHA-256. */
  readonly digest: string;
  /** Confidence below which a cascade is to ask, 0..1, as training on one's own traffic found it; null where it did not. */
  readonly cascadeConfidence: number | null;
}

/** What a file turned out to be. */
export type ParsedArtifact =
  | { readonly ok: true; readonly loaded: LoadedArtifact }
  | { readonly ok: false; readonly problem: string };

/** Largest file in bytes. */
export const MAX_ARTIFACT_BYTES = 4 * 1024 * 1024;

const DIGEST_CHARS = 12;

/** Most problems of one file that are told. */
const MAX_TOLD = 3;

/**
 * Reads an artifact and refuses one that was trained on other features than this version reads, or that could not be
 * scored: an index that leads nowhere, a tree that never ends. Total: whatever the text is, nothing is thrown.
 */
export function parseArtifact(text: string): ParsedArtifact {
  const json = parseJson(text);
  if (json === undefined) return refused("found text that is no JSON, expected a trained classifier");
  const parsed = artifactSchema.safeParse(json);
  if (!parsed.success) return refused(parsed.error.issues.slice(0, MAX_TOLD).map(describeIssue).join("; "));
  const problem = featureProblem(parsed.data) ?? modelProblem(parsed.data.model);
  if (problem !== null) return refused(problem);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, DIGEST_CHARS);
  return {
    ok: true,
    loaded: { artifact: parsed.data, digest, cascadeConfidence: cascadeConfidenceOf(parsed.data) },
  };
}

function cascadeConfidenceOf({ training }: Artifact): number | null {
  const found = training.options.cascade_confidence;
  return typeof found === "number" && found >= 0 && found <= 1 ? found : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return `${path.join(".") || "the file"}: ${message}`;
}

function featureProblem({ feature_version, features }: Artifact): string | null {
  if (feature_version !== FEATURE_VERSION)
    return `found a classifier for features of version "${feature_version}", expected version "${FEATURE_VERSION}": train it anew`;
  const at = features.findIndex((name, index) => name !== FEATURE_NAMES[index]);
  if (at !== -1)
    return `found feature ${at} "${features[at]}", expected "${FEATURE_NAMES[at] ?? "no further feature"}": train it anew`;
  if (features.length !== FEATURE_NAMES.length)
    return `found ${features.length} features, expected ${FEATURE_NAMES.length}: train it anew`;
  return null;
}

function modelProblem({ trees, numbers, words }: Artifact["model"]): string | null {
  const bytes = Buffer.from(words.weights, "base64").length;
  if (bytes !== 2 ** words.bits)
    return `model.words.weights: found ${bytes} weights, expected ${2 ** words.bits}`;
  if (numbers.length !== 0 && numbers.length !== FEATURE_NAMES.length)
    return `model.numbers: found ${numbers.length} weights, expected none or ${FEATURE_NAMES.length}`;
  const at = trees.findIndex((tree) => !isSound(tree));
  return at === -1 ? null : `model.trees.${at}: found a tree that leads nowhere, expected nodes and leaves`;
}

/** Every node and leaf but the root has one parent, which comes before it: so every walk ends at a leaf. */
function isSound({ feature, threshold, yes, no, leaf, rows }: Tree): boolean {
  const nodes = feature.length;
  const hasSize = [threshold, yes, no].every((list) => list.length === nodes) && rows.length === leaf.length;
  const isKnown = feature.every((index) => index < FEATURE_NAMES.length);
  const seen = new Set([...yes, ...no]);
  const isForward = [yes, no].every((list) =>
    list.every((to, from) => (to < 0 ? -1 - to < leaf.length : to > from && to < nodes)),
  );
  return hasSize && isKnown && isForward && seen.size === 2 * nodes && leaf.length === nodes + 1;
}

function refused(problem: string): ParsedArtifact {
  return { ok: false, problem };
}
