import type { HumanTurn, RouteRequest } from "../../request/route-request.ts";
import type { Characters } from "./characters.ts";
import type { Lines } from "./lines.ts";
import type { ToolWords } from "./tool-words.ts";
import type { KindCounts } from "./word-kinds.ts";
import type { Words } from "./words.ts";

/** What features are read from. */
export interface FeatureReading {
  readonly request: RouteRequest;
  readonly turn: HumanTurn;
  /** Of the turn's first 16,000 characters or so, as are the lines. */
  readonly characters: Characters;
  readonly lines: Lines;
  /** Of the turn's first and last 1,000 characters, as are the kinds. */
  readonly words: Words;
  readonly kinds: KindCounts;
  readonly tools: ToolWords;
}

/** A number that is read of every request: its name in models and documents, and how it is read. Finite, 0 and up. */
export type Feature = readonly [name: string, read: (reading: FeatureReading) => number];

/** A part of a whole, 0 where there is no whole. */
export function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
