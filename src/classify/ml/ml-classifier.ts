import type { HumanTurn, RouteRequest } from "../../request/route-request.ts";
import { FEATURE_GROUPS, FEATURE_NAMES } from "../features/feature-list.ts";
import { type Features, readFeatures, readPartFeatures } from "../features/read-features.ts";
import type { Classify, Signal } from "../verdict.ts";
import type { Artifact } from "./artifact.ts";
import { limitRise } from "./rise-limit.ts";
import { createModelScorer, type ModelScorer, type ScoreParts } from "./score-model.ts";
import { textParts } from "./text-parts.ts";

/** Features that a signal names. */
const MAX_NAMED = 3;

const UNKNOWN_WORDS = FEATURE_NAMES.indexOf("unknown_word_share");

/**
 * Makes the trained classifier: it scores what a turn looks like and which words it has. Pure, synchronous, total. The
 * score is 100 × the chance that the artifact speaks of; the signals' contributions add up to it.
 */
export function createMlClassifier({ model, calibration }: Artifact): Classify {
  const scorer = createModelScorer(model);
  const scoreParts = partScorer(scorer);
  const toScore = scoreFrom(calibration);
  return (request, turn) => {
    const features = readFeatures(request, turn);
    const raw = scorer.score(features);
    const score = round(toScore(limitRise(model, raw, () => scoreParts({ request, turn }))));
    const signals = () => {
      const whole = round(toScore(raw));
      const explained = explain(scorer.takeApart(features), { numbers: features.numbers, toScore, raw });
      return score < whole ? [...explained, limitSignal(score, whole)] : explained;
    };
    return { strategy: "ml", score, confidence: confidenceOf(score, features.numbers), signals };
  };
}

/**
 * Scores features that were read before, as the classifier would: 0..100. Without the turn, null, nothing is known of its
 * parts, and none holds the score down.
 */
export type ScoreFeatures = (features: Features, asked: Asked | null) => number;

interface Asked {
  readonly request: RouteRequest;
  readonly turn: HumanTurn;
}

export function createFeatureScorer({ model, calibration }: Artifact): ScoreFeatures {
  const scorer = createModelScorer(model);
  const scoreParts = partScorer(scorer);
  const toScore = scoreFrom(calibration);
  return (features, asked) => {
    const raw = scorer.score(features);
    return round(toScore(limitRise(model, raw, () => (asked === null ? [] : scoreParts(asked)))));
  };
}

/** Makes what scores the parts of a turn. */
function partScorer({ score }: ModelScorer): (asked: Asked) => number[] {
  return ({ request, turn }) => textParts(turn).map((part) => score(readPartFeatures(request, part)));
}

function scoreFrom({ slope, intercept }: Artifact["calibration"]): (raw: number) => number {
  return (raw) => 100 / (1 + Math.exp(-(slope * raw + intercept)));
}

/** What holds down a text of which one part alone speaks for a stronger model. */
function limitSignal(score: number, whole: number): Signal {
  return {
    name: "limit",
    raw: score,
    weight: 0,
    contribution: round(score - whole),
    found: "a part of the text that is free of one end or both scores much lower",
  };
}

/**
 * How far the chance that a score means is from even, less where words were never seen in training: |2 p - 1| × the
 * share of known words, 0..1.
 */
export function confidenceOf(score: number, numbers: Float32Array): number {
  const known = 1 - (numbers[UNKNOWN_WORDS] ?? 0);
  return round(Math.abs(2 * (score / 100) - 1) * known);
}

interface Explained {
  readonly numbers: Float32Array;
  readonly toScore: (raw: number) => number;
  readonly raw: number;
}

/** The start, then what each group of features and the words moved the score by, in points of the score. */
function explain(parts: ScoreParts, { numbers, toScore, raw }: Explained): Signal[] {
  const score = round(toScore(raw));
  const start = round(toScore(parts.start));
  const moved = raw - parts.start;
  // Shared out in proportion: the curve between the two ends is taken for a straight line.
  const points = moved === 0 ? 0 : (score - start) / moved;
  const signal = (name: string, part: number, found: string): Signal => {
    return {
      name,
      raw: round(toScore(parts.start + part)),
      weight: 0,
      contribution: round(part * points),
      found,
    };
  };
  let first = 0;
  const groups = FEATURE_GROUPS.map(([name, { length }]) => {
    const group = parts.byFeature.subarray(first, first + length);
    const found = named(group, first, numbers);
    first += length;
    return signal(name, sumOf(group), found);
  });
  const { wordsUp, wordsDown } = parts;
  const found = `${wordsUp} words and pairs of words for a stronger model, ${wordsDown} against`;
  const signals = [...groups, signal("words", parts.byWords, found)];
  // What rounding left over stays with the start, so that all of it adds up.
  const rest = round(score - signals.reduce((sum, { contribution }) => sum + contribution, 0));
  return [
    {
      name: "start",
      raw: start,
      weight: 0,
      contribution: rest,
      found: "the mean of the training data, each row once",
    },
    ...signals,
  ];
}

/** The features of a group that moved the score most, with their values. */
function named(parts: Float64Array, first: number, numbers: Float32Array): string {
  const top: number[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const size = sizeAt(parts, at);
    if (size === 0) continue;
    let place = top.length;
    while (place > 0 && size > sizeAt(parts, top[place - 1] ?? 0)) place -= 1;
    if (place >= MAX_NAMED) continue;
    top.splice(place, 0, at);
    top.length = Math.min(top.length, MAX_NAMED);
  }
  const words = top.map((at) => {
    const value = Math.round((numbers[first + at] ?? 0) * 1_000) / 1_000;
    return `${FEATURE_NAMES[first + at]} ${value}`;
  });
  return words.join(", ") || "nothing";
}

function sizeAt(parts: Float64Array, at: number): number {
  return Math.abs(parts[at] ?? 0);
}

function sumOf(parts: Float64Array): number {
  let sum = 0;
  // What a function is called for gets an object for each number.
  for (let at = 0; at < parts.length; at += 1) sum += parts[at] ?? 0;
  return sum;
}

/** Two decimals, so that a trace stays readable. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
