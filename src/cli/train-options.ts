import { InvalidArgumentError } from "commander";
import type { RangeGoal } from "../learn/own/choose-ranges.ts";
import { CliError, EXIT } from "./cli-error.ts";

/** Default part of the strong model's quality that the ranges keep. */
const KEEP_QUALITY = 0.97;

/** Arguments of `signalbox train`. */
export interface TrainOptions {
  readonly data?: string;
  readonly since?: Date;
  readonly out?: string;
  readonly base?: string;
  readonly weak?: string;
  readonly strong?: string;
  readonly keepQuality?: number;
  readonly budgetShare?: number;
  readonly maxSharePerKey: number;
  readonly seed: number;
  readonly config?: string;
}

/** The two models of the labels. */
export interface Pair {
  readonly weak: string;
  readonly strong: string;
}

/**
 * The two models of the labels, null where none are named.
 *
 * @throws {CliError} where one alone is named.
 */
export function readPair({ weak, strong }: TrainOptions): Pair | null {
  if (weak === undefined && strong === undefined) return null;
  if (weak !== undefined && strong !== undefined) return { weak, strong };
  throw new CliError(EXIT.misused, "Cannot train: expected --weak and --strong together");
}

/**
 * What the ranges are to reach.
 *
 * @throws {CliError} where two goals are given.
 */
export function readGoal({ keepQuality, budgetShare }: TrainOptions): RangeGoal {
  if (budgetShare === undefined) return { keepQuality: keepQuality ?? KEEP_QUALITY };
  if (keepQuality === undefined) return { budgetShare };
  throw new CliError(EXIT.misused, "Cannot train: expected --keep-quality or --budget-share, not both");
}

/**
 * Refuses what would be left out without a word.
 *
 * @throws {CliError} where a time is given for a file.
 */
export function checkSource({ data, since }: TrainOptions): void {
  if (data === undefined || since === undefined) return;
  throw new CliError(
    EXIT.misused,
    "Cannot train: found --since beside --data, expected one of them: `signalbox export --since` writes a file from a time on",
  );
}

/** Reads a share above 0, at most 1. */
export function parseShare(text: string): number {
  const share = Number(text);
  if (text.trim() !== "" && share > 0 && share <= 1) return share;
  throw new InvalidArgumentError("Expected a number above 0, at most 1.");
}

/** Reads a seed, a whole number from 0 on. */
export function parseSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number from 0 on.");
}
