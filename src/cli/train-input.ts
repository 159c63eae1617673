import { createStaticClassifier } from "../classify/static.ts";
import { STATIC_DEFAULTS } from "../classify/static-defaults.ts";
import { parseLogRecord, TRAINING_COLUMNS } from "../learn/dataset/log-record.ts";
import { createRowCollector, type RowCollector } from "../learn/dataset/merge-rows.ts";
import { logRow, outcomeRow } from "../learn/dataset/read-row.ts";
import type { TrainingRow } from "../learn/dataset/training-row.ts";
import { type Parsed, parseOutcome } from "../learn/outcomes.ts";
import { isObject } from "../request/json.ts";
import { type FileRecord, readRecords } from "./read-records.ts";
import { readTrainingView } from "./read-training-view.ts";

/** Most texts that are learned from: 100,000 take about 1 GB and a few minutes. */
export const MAX_TRAINING_ROWS = 100_000;

/** What reading tells meanwhile. */
export interface TrainWatch {
  readonly tiers: readonly string[];
  readonly onBadLine: (line: number, problem: string) => void;
  /** @param rows read so far. */
  readonly onRows: (rows: number) => void;
}

/** What was read to learn from. */
export interface TrainInput {
  readonly rows: readonly TrainingRow[];
  /** Records that were read. */
  readonly read: number;
  /** More texts were there than are learned from. */
  readonly isCut: boolean;
}

/** Keywords by rules, as a control. */
const keywords = createStaticClassifier(STATIC_DEFAULTS);

/** Reads a file to learn from: an export of routing_training, or outcomes of models. */
export async function readTrainingFile(path: string, watch: TrainWatch): Promise<TrainInput> {
  return collect(
    readRecords(path, [...TRAINING_COLUMNS, "prompt", "body", "models", "suite", "group"]),
    watch,
  );
}

/** Reads routing_training to learn from, by rising id. */
export async function readTrainingLog(
  databaseUrl: string,
  since: Date | null,
  watch: TrainWatch,
): Promise<TrainInput> {
  return collect(readTrainingView(databaseUrl, { since, until: null }), watch);
}

async function collect(records: AsyncIterable<FileRecord>, watch: TrainWatch): Promise<TrainInput> {
  const collector = createRowCollector();
  let read = 0;
  for await (const found of records) {
    read += 1;
    const problem = "problem" in found ? found.problem : addRecord(collector, found.record, watch.tiers);
    if (problem !== null) watch.onBadLine(found.line, problem);
    watch.onRows(read);
    if (collector.size() >= MAX_TRAINING_ROWS) return { rows: collector.rows(), read, isCut: true };
  }
  return { rows: collector.rows(), read, isCut: false };
}

/** @returns what is wrong with the record, null where nothing is. */
function addRecord(collector: RowCollector, record: unknown, tiers: readonly string[]): string | null {
  const row = isObject(record) && "models" in record ? readOutcome(record) : readLogged(record, tiers);
  if (!row.ok) return row.problem;
  if (row.value !== null) collector.add(row.value);
  return null;
}

function readOutcome(record: unknown): Parsed<TrainingRow | null> {
  const parsed = parseOutcome(record);
  return parsed.ok ? { ok: true, value: outcomeRow(parsed.value, keywords) } : parsed;
}

function readLogged(record: unknown, tiers: readonly string[]): Parsed<TrainingRow | null> {
  const parsed = parseLogRecord(record, tiers);
  if (!parsed.ok) return parsed;
  const { outcomes, needs } = parsed.value;
  const isTold = outcomes.size > 0 || needs.length > 0;
  return { ok: true, value: isTold ? logRow(parsed.value, keywords) : null };
}
