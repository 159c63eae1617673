import { basename } from "node:path";
import { type OutcomeLine, type Parsed, parseOutcomeLine, parseScoreLine } from "../learn/outcomes.ts";
import { readQuestion } from "../learn/score-prompt.ts";
import type { ScoredRow } from "../learn/scored-row.ts";
import type { Classifier } from "../learn/scorer.ts";
import { readLines } from "./read-lines.ts";

/** A classifier as a column of the evaluation. */
export interface Column extends Classifier {
  /** Higher = needs the strong model; null where it has no score for the prompt. */
  readonly scoreOf: (line: OutcomeLine) => number | null | Promise<number | null>;
}

/** What reading tells meanwhile. */
export interface Watch {
  /** @param line 1-based. */
  readonly onBadLine: (file: string, line: number, problem: string) => void;
  /** @param prompts so far. */
  readonly onPrompts?: (prompts: number) => void;
}

/** What was read of an outcomes file. */
export interface ScoredOutcomes {
  readonly rows: readonly ScoredRow[];
  /** Prompts that a column has no score for; they are in no row, so that all are measured on the same ones. */
  readonly unscored: number;
}

/**
 * Reads outcomes and scores every prompt, one line at a time: the texts are not kept.
 *
 * @throws {CliError} where the file cannot be read.
 */
export async function readScoredOutcomes(
  path: string,
  columns: readonly Column[],
  watch: Watch,
): Promise<ScoredOutcomes> {
  const rows: ScoredRow[] = [];
  let unscored = 0;
  for await (const line of readParsed(path, parseOutcomeLine, watch)) {
    const row = await scoreRow(line, columns);
    if (row === null) unscored += 1;
    else rows.push(row);
    watch.onPrompts?.(rows.length);
  }
  return { rows, unscored };
}

async function scoreRow(line: OutcomeLine, columns: readonly Column[]): Promise<ScoredRow | null> {
  const scores: number[] = [];
  for (const { scoreOf } of columns) {
    const score = await scoreOf(line);
    if (score === null) return null;
    scores.push(score);
  }
  const { suite, group, prompt, body, models } = line;
  const length = body === null ? prompt.length : (readQuestion(line)?.turn.chars ?? 0);
  return { suite, group, length, models, scores };
}

/**
 * Reads scores that were made elsewhere, such as the output of `signalbox score`.
 *
 * @throws {CliError} where the file cannot be read.
 */
export async function readScoresColumn(
  path: string,
  { isChance, ...watch }: Watch & Pick<Classifier, "isChance">,
): Promise<Column> {
  const scores = new Map<string, number>();
  for await (const { id, score } of readParsed(path, parseScoreLine, watch)) scores.set(id, score);
  const name = basename(path)
    .replace(/\.gz$/, "")
    .replace(/\.jsonl$/, "");
  return { name, isChance, scoreOf: ({ id }) => scores.get(id) ?? null };
}

async function* readParsed<T>(
  path: string,
  parse: (line: string) => Parsed<T>,
  { onBadLine }: Pick<Watch, "onBadLine">,
): AsyncGenerator<T> {
  let number = 0;
  for await (const line of readLines(path)) {
    number += 1;
    // trim() takes a byte order mark too.
    const text = line.trim();
    if (text === "") continue;
    const parsed = parse(text);
    if (parsed.ok) yield parsed.value;
    else onBadLine(path, number, parsed.problem);
  }
}
