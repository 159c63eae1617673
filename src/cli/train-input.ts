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

/** Most texts that `signalbox train` learns from: 100,000 take about 1 GB and a few minutes. */
export const MAX_TRAINING_ROWS = 100_000;

/** How it is read, and what reading tells meanwhile. */
export interface TrainWatch {
  /** Most texts that are learned from: of more the newest. */
  readonly most: number;
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

/** Reads a file to learn from: an export of routing_training, or outcomes of models. What is last in it counts as the newest. */
export async function readTrainingFile(path: string, watch: TrainWatch): Promise<TrainInput> {
  const collector = createRowCollector(watch.most);
  const columns = [...TRAINING_COLUMNS, "prompt", "body", "models", "suite", "group"];
  const read = await collect(readRecords(path, columns), collector, watch);
  return { rows: collector.rows(), read, isCut: collector.isCut() };
}

/** Reads routing_training to learn from, from the newest decision on until there are enough. Rows are by rising id. */
export async function readTrainingLog(
  databaseUrl: string,
  since: Date | null,
  watch: TrainWatch,
): Promise<TrainInput> {
  const collector = createRowCollector();
  const isEnough = () => collector.size() >= watch.most;
  const records = readTrainingView(databaseUrl, { since, until: null, newestFirst: true });
  const read = await collect(untilEnough(records, isEnough), collector, watch);
  return { rows: collector.rows().reverse(), read, isCut: isEnough() };
}

async function collect(
  records: AsyncIterable<FileRecord>,
  collector: RowCollector,
  watch: TrainWatch,
): Promise<number> {
  let read = 0;
  for await (const found of records) {
    read += 1;
    const problem = "problem" in found ? found.problem : addRecord(collector, found.record, watch.tiers);
    if (problem !== null) watch.onBadLine(found.line, problem);
    watch.onRows(read);
  }
  return read;
}

async function* untilEnough(
  records: AsyncIterable<FileRecord>,
  isEnough: () => boolean,
): AsyncGenerator<FileRecord> {
  for await (const record of records) {
    yield record;
    if (isEnough()) return;
  }
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
