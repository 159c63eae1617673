import type { HumanTurn, RouteRequest } from "../request/route-request.ts";
import type { CodeFacts } from "./code-signals.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import type { StaticConfig } from "./static-config.ts";
import type { Structure } from "./structure.ts";
import type { Found } from "./vocabulary.ts";

/** What one signal reads, 0..100, and why. */
export interface Reading {
  readonly raw: number;
  /** Put into words for the trace alone. */
  readonly found: () => string;
}

/** Most words that a trace names of one kind. */
const MAX_NAMED = 8;

/** What the token signal reads at the three thresholds, at its end, and how far beyond the last one that lies. */
const TOKENS_AT = { low: 35, medium: 60, high: 85, end: 100 };
const TOKENS_END_FACTOR = 10;

/** The size of the turn: logarithmic between the thresholds. */
export function tokenSignal(turn: HumanTurn, thresholds: StaticConfig["tokenThresholds"]): Reading {
  const cut = turn.text.length === 0 ? 1 : turn.chars / turn.text.length;
  const tokens = Math.ceil(estimateTokens(turn.text) * cut);
  const { low, medium, high } = thresholds;
  const raw =
    tokens <= low
      ? onLogScale(tokens, { from: 0, to: low, low: 0, high: TOKENS_AT.low })
      : tokens <= medium
        ? onLogScale(tokens, { from: low, to: medium, low: TOKENS_AT.low, high: TOKENS_AT.medium })
        : tokens <= high
          ? onLogScale(tokens, { from: medium, to: high, low: TOKENS_AT.medium, high: TOKENS_AT.high })
          : onLogScale(tokens, {
              from: high,
              to: high * TOKENS_END_FACTOR,
              low: TOKENS_AT.high,
              high: TOKENS_AT.end,
            });
  return { raw, found: () => `about ${tokens} tokens` };
}

function onLogScale(value: number, span: { from: number; to: number; low: number; high: number }): number {
  const start = Math.log1p(span.from);
  const width = Math.log1p(span.to) - start;
  const share = width > 0 ? (Math.log1p(value) - start) / width : 1;
  return span.low + clamp(share, 0, 1) * (span.high - span.low);
}

/** Length of the system prompt, and words in it that announce demanding work. */
export function systemSignal(systemText: string, words: readonly string[]): Reading {
  if (systemText === "") return { raw: 0, found: () => "no system prompt" };
  // Readings of system texts are kept, and must not keep the texts.
  const { length } = systemText;
  const raw = Math.min(40, Math.floor(length / 50)) + Math.min(60, 15 * words.length);
  return { raw, found: () => `${length} characters${named(words)}` };
}

/** The configured keywords: each complex one up, each simple one down; in the middle where there are none or both. */
export function keywordSignal(complex: readonly string[], simple: readonly string[]): Reading {
  const found = () =>
    `${count(complex.length, "complex keyword")}${named(complex)}; ${count(simple.length, "simple keyword")}${named(simple)}`;
  return { raw: keywordRaw(complex.length, simple.length), found };
}

function keywordRaw(complex: number, simple: number): number {
  if (complex > 0 && simple === 0) return Math.min(100, 50 + 10 * complex);
  if (simple > 0 && complex === 0) return Math.max(0, 15 - 3 * simple);
  return clamp(30 + 8 * (complex - simple), 0, 100);
}

/** How many turns the human has written so far. */
export function conversationSignal(humanTurns: number): Reading {
  const raw = humanTurns <= 1 ? 10 : humanTurns <= 3 ? 30 : humanTurns <= 5 ? 50 : 70;
  return { raw, found: () => count(humanTurns, "human turn") };
}

/** Code in the turn, fenced or not, and error traces. */
export function codeSignal(code: CodeFacts): Reading {
  const lines = Math.min(60, 2 * code.lines);
  const error = code.hasErrorTrace ? 25 : 0;
  const blocks = Math.min(15, 5 * Math.max(0, code.blocks - 1));
  const found = () =>
    `${count(code.blocks, "code block")}, ${count(code.lines, "line")}${code.hasErrorTrace ? ", an error trace" : ""}`;
  return { raw: Math.min(100, lines + error + blocks), found };
}

/** How many tools the model may call. */
export function toolSignal(request: RouteRequest): Reading {
  const tools = request.facts.toolNames.length;
  return { raw: tools === 0 ? 0 : Math.min(80, 30 + 10 * tools), found: () => count(tools, "tool") };
}

/** What the wording of a turn asks for, the most demanding first. */
export const DEMANDS = ["proof", "design", "work", "lookup", "greeting"] as const;
export type Demand = (typeof DEMANDS)[number];

/** What the reasoning signal reads for the first word of a kind, for each further one, and at most. */
const TASKS = [
  { demand: "proof", first: 85, further: 5, most: 100 },
  { demand: "design", first: 60, further: 8, most: 84 },
  { demand: "work", first: 36, further: 5, most: 56 },
] as const;

/** "What is an architecture?" asks for a fact: this share of what the word would read without the question. */
const LOOKUP_SHARE = 0.4;

/** A question for a fact is short, has few demanding words and nothing to calculate. */
const LOOKUP_MAX = { chars: 200, taskWords: 2, numbers: 1 };

/** What it reads where no word says anything; a look-up or a greeting alone reads 0. */
const NO_DEMAND = 18;

/** Lists of parts ("with a, b, c and d") and mathematical marks ask for more: points each, and at most. */
const POINTS_PER_PART = 5;
const MAX_PART_POINTS = 25;
const MATHS_POINTS = 8;

/** The strongest kind of demand among the words, lifted by further words, listed parts and mathematical marks. */
export function reasoningSignal(words: Found<string>, structure: Structure): Reading {
  const parts = Math.min(MAX_PART_POINTS, POINTS_PER_PART * Math.max(0, structure.parts - 1));
  const maths = structure.hasMaths ? MATHS_POINTS : 0;
  const raw = clamp(demandOf(words, structure) + parts + maths, 0, 100);
  return { raw, found: () => reasoningFound(words, structure) };
}

function reasoningFound(words: Found<string>, structure: Structure): string {
  const found = DEMANDS.flatMap((demand) => {
    const list = words.get(demand);
    return list ? [`${demand}${named(list)}`] : [];
  });
  if (structure.parts > 1) found.push(`${structure.parts} listed parts`);
  if (structure.hasMaths) found.push("mathematical marks");
  return found.join("; ") || "no word that asks for much";
}

function demandOf(words: Found<string>, structure: Structure): number {
  const asksForFact = isLookup(words, structure);
  const task = TASKS.find(({ demand }) => words.has(demand));
  if (task === undefined) return asksForFact || words.has("greeting") ? 0 : NO_DEMAND;
  const count = words.get(task.demand)?.length ?? 0;
  const demand = Math.min(task.most, task.first + task.further * (count - 1));
  return asksForFact ? demand * LOOKUP_SHARE : demand;
}

function isLookup(words: Found<string>, { chars, numbers, hasMaths }: Structure): boolean {
  const isShort = chars <= LOOKUP_MAX.chars && taskWords(words) <= LOOKUP_MAX.taskWords;
  return words.has("lookup") && isShort && numbers <= LOOKUP_MAX.numbers && !hasMaths;
}

function taskWords(words: Found<string>): number {
  return TASKS.reduce((sum, { demand }) => sum + (words.get(demand)?.length ?? 0), 0);
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function named(words: readonly string[]): string {
  if (words.length === 0) return "";
  const more = words.length - MAX_NAMED;
  return `: ${words.slice(0, MAX_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
