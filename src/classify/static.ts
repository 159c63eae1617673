import type { HumanTurn, RouteRequest } from "../request/route-request.ts";
import { calibrate } from "./calibration.ts";
import { readCode } from "./code-signals.ts";
import { withoutCourtesies } from "./courtesy.ts";
import { RecentlyUsed } from "./recently-used.ts";
import type { Floor, StaticConfig, StaticWeights } from "./static-config.ts";
import {
  codeSignal,
  conversationSignal,
  DEMANDS,
  type Demand,
  keywordSignal,
  type Reading,
  reasoningSignal,
  systemSignal,
  tokenSignal,
  toolSignal,
} from "./static-signals.ts";
import { readStructure } from "./structure.ts";
import type { Classify, Signal } from "./verdict.ts";
import { compileVocabulary, type Entry, type FindWords } from "./vocabulary.ts";
import { LANGUAGES } from "./words/languages.ts";

/** Which static classifier a decision was made by; changes whenever the same request may score differently. */
export const STATIC_REVISION = "static-2";

/** Most UTF-16 code units of a turn that are read: its head and its tail, as the callback cuts it. */
const MAX_READ = 16_000;
const HEAD_SHARE = 0.3;

/** Code units of the system text in which words are looked for. */
const MAX_SYSTEM_READ = 4_000;

/** System texts whose reading is remembered. */
const SYSTEM_TEXTS = 128;

/** Words of a system prompt that announce demanding work. */
const SYSTEM_WORDS = ["architect", "design", "analyze", "review", "plan", "refactor", "security", "optimize"];

const SIGNALS = [
  ["tokenCount", "token_count"],
  ["systemPrompt", "system_prompt"],
  ["keywordPatterns", "keyword_patterns"],
  ["conversationLength", "conversation_length"],
  ["codeComplexity", "code_complexity"],
  ["toolUsage", "tool_usage"],
  ["reasoning", "reasoning"],
] as const satisfies readonly (readonly [keyof StaticWeights, string])[];

type Readings = Readonly<Record<keyof StaticWeights, Reading>>;
type Word = Demand | "complex" | "simple";

/**
 * Makes the static classifier: seven weighted signals, their sum calibrated to 0..100, then floors. The contributions
 * of a verdict's signals add up to its score. Manners around what a turn asks for count for nothing. Time is bounded: at most 16,000 code units of a turn are read.
 */
export function createStaticClassifier(config: StaticConfig): Classify {
  const findWords = compileVocabulary<Word>(turnWords(config));
  const readSystem = systemReader();
  const weights = shares(config.weights);
  return (request, turn) => {
    const readings = read(request, withoutCourtesies(turn), { config, findWords, readSystem });
    const sum = weightedSum(readings, weights);
    const calibrated = round(calibrate(sum));
    const floor = highestFloor(calibrated, readings, config.floors);
    return {
      strategy: "static",
      confidence: null,
      score: floor?.score ?? calibrated,
      signals: () => [
        ...weigh(readings, weights),
        calibration(sum, calibrated),
        ...(floor === null ? [] : [lift(floor, calibrated, readings)]),
      ],
    };
  };
}

interface Tools {
  readonly config: StaticConfig;
  readonly findWords: FindWords<Word>;
  readonly readSystem: (text: string) => Reading;
}

/** Reads system texts, and each of the last ones only once: the turns and the requests of an application share theirs. */
function systemReader(): (text: string) => Reading {
  const findWords = compileVocabulary(SYSTEM_WORDS.map((word) => ({ word, group: "system" as const })));
  const known = new RecentlyUsed<Reading>(SYSTEM_TEXTS);
  const read = (text: string): Reading => {
    const words = findWords(text.slice(0, MAX_SYSTEM_READ)).get("system") ?? [];
    const reading = systemSignal(text, words);
    known.set(text, reading);
    return reading;
  };
  return (text) => known.get(text) ?? read(text);
}

function turnWords(config: StaticConfig): Entry<Word>[] {
  const demands = LANGUAGES.flatMap((words) =>
    DEMANDS.flatMap((group) => words[group].map((word) => ({ word, group }))),
  );
  return [
    ...config.complexKeywords.map((word) => ({ word, group: "complex" as const })),
    ...config.simpleKeywords.map((word) => ({ word, group: "simple" as const })),
    ...demands,
  ];
}

/** Each weight as a share of all; all alike where every weight is 0. */
function shares(weights: StaticWeights): StaticWeights {
  const total = SIGNALS.reduce((sum, [key]) => sum + weights[key], 0);
  const share = (key: keyof StaticWeights) => (total > 0 ? weights[key] / total : 1 / SIGNALS.length);
  return {
    tokenCount: share("tokenCount"),
    systemPrompt: share("systemPrompt"),
    keywordPatterns: share("keywordPatterns"),
    conversationLength: share("conversationLength"),
    codeComplexity: share("codeComplexity"),
    toolUsage: share("toolUsage"),
    reasoning: share("reasoning"),
  };
}

function read(request: RouteRequest, turn: HumanTurn, tools: Tools): Readings {
  const code = readCode(readable(turn.text));
  const words = tools.findWords(code.prose);
  return {
    tokenCount: tokenSignal(turn, tools.config.tokenThresholds),
    systemPrompt: tools.readSystem(request.systemText),
    keywordPatterns: keywordSignal(words.get("complex") ?? [], words.get("simple") ?? []),
    conversationLength: conversationSignal(request.facts.humanTurns),
    codeComplexity: codeSignal(code),
    toolUsage: toolSignal(request),
    reasoning: reasoningSignal(words, readStructure(code.prose)),
  };
}

function readable(text: string): string {
  if (text.length <= MAX_READ) return text;
  const head = MAX_READ * HEAD_SHARE;
  return `${text.slice(0, head)}\n${text.slice(head - MAX_READ)}`;
}

/** Of the contributions as signals tell them, so that these add up to it. */
function weightedSum(readings: Readings, weights: StaticWeights): number {
  let sum = 0;
  for (const [key] of SIGNALS) sum += contributionOf(key, readings, weights);
  return round(sum);
}

function contributionOf(key: keyof StaticWeights, readings: Readings, weights: StaticWeights): number {
  return round(readings[key].raw * weights[key]);
}

function weigh(readings: Readings, weights: StaticWeights): Signal[] {
  return SIGNALS.map(([key, name]) => {
    const { raw, found } = readings[key];
    const contribution = contributionOf(key, readings, weights);
    return { name, raw: round(raw), weight: round(weights[key]), contribution, found: found() };
  });
}

function calibration(sum: number, score: number): Signal {
  const found = `a weighted sum of ${sum} means a score of ${score}`;
  return { name: "calibration", raw: sum, weight: 0, contribution: round(score - sum), found };
}

/** The highest floor that is reached and lies above the score; null where none does. */
function highestFloor(score: number, readings: Readings, floors: readonly Floor[]): Floor | null {
  let highest: Floor | null = null;
  for (const floor of floors) {
    const isReached = readings[floor.signal].raw >= floor.atLeast;
    if (isReached && floor.score > (highest?.score ?? score)) highest = floor;
  }
  return highest;
}

function lift({ signal, atLeast, score: lifted }: Floor, score: number, readings: Readings): Signal {
  const name = SIGNALS.find(([key]) => key === signal)?.[1] ?? signal;
  return {
    name: `floor:${name}`,
    raw: round(readings[signal].raw),
    weight: 0,
    contribution: round(lifted - score),
    found: `${name} of at least ${atLeast} lifts the score to ${lifted}`,
  };
}

/** Two decimals, so that a trace stays readable. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
