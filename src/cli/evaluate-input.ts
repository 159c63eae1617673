import { scoredTurn } from "../decide/conversation.ts";
import { conversationOf } from "../learn/dataset/conversation-of.ts";
import { type OutcomeLine, type Parsed, parseOutcomeLine, parseScoreLine } from "../learn/outcomes.ts";
import { readAsked } from "../learn/score-prompt.ts";
import type { ScoredRow } from "../learn/scored-row.ts";
import type { Policy } from "../policy/policy.ts";
import type { Column } from "./evaluate-column.ts";
import { readLines } from "./read-lines.ts";

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

interface ScoredBy extends Watch {
  readonly columns: readonly Column[];
  readonly policy: Policy;
}

/**
 * Reads outcomes and scores every prompt, one line at a time: the texts are not kept.
 *
 * @throws {CliError} where the file cannot be read.
 */
export async function readScoredOutcomes(
  path: string,
  { onPrompts, ...scored }: ScoredBy,
): Promise<ScoredOutcomes> {
  const rows: ScoredRow[] = [];
  let unscored = 0;
  for await (const line of readParsed(path, parseOutcomeLine, scored)) {
    const row = scoreRow(line, scored);
    if (row === null) unscored += 1;
    else rows.push(row);
    onPrompts?.(rows.length);
  }
  return { rows, unscored };
}

function scoreRow(
  line: OutcomeLine,
  { columns, policy }: Pick<ScoredBy, "columns" | "policy">,
): ScoredRow | null {
  const { id, suite, group, prompt, body, models } = line;
  const asked = readAsked(line);
  const judged = columns.flatMap(({ judge }) => judge(asked, id) ?? []);
  if (judged.length < columns.length) return null;
  const length = body === null ? prompt.length : (scoredTurn(asked, policy)?.chars ?? 0);
  const scores = judged.map(({ score }) => score);
  const tiers = judged.map(({ tier }) => policy.tiers.findIndex(({ name }) => name === tier.name));
  return { suite, group, length, conversation: conversationOf(asked, id), models, scores, tiers };
}

/**
 * Reads scores that were made elsewhere, such as the output of `signalbox score`, by id.
 *
 * @throws {CliError} where the file cannot be read.
 */
export async function readScores(path: string, watch: Watch): Promise<ReadonlyMap<string, number>> {
  const scores = new Map<string, number>();
  for await (const { id, score } of readParsed(path, parseScoreLine, watch)) scores.set(id, score);
  return scores;
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
