import { createStaticClassifier } from "../classify/static.ts";
import { STATIC_DEFAULTS } from "../classify/static-defaults.ts";
import { isSilent } from "../decide/conversation.ts";
import { parseLogRecord, TRAINING_COLUMNS } from "../learn/dataset/log-record.ts";
import { createRowCollector, type RowCollector } from "../learn/dataset/merge-rows.ts";
import { logRow, outcomeRow } from "../learn/dataset/read-row.ts";
import type { TrainingRow } from "../learn/dataset/training-row.ts";
import { type Parsed, parseOutcome } from "../learn/outcomes.ts";
import type { Policy } from "../policy/policy.ts";
import { isObject } from "../request/json.ts";
import { type FileRecord, readRecords } from "./read-records.ts";
import { readTrainingView } from "./read-training-view.ts";

/** Most texts that `signalbox train` learns from: 100,000 take about 1 GB and a few minutes. */
export const MAX_TRAINING_ROWS = 100_000;

/** How it is read, and what reading tells meanwhile. */
export interface TrainWatch {
  /** Most texts that are learned from: of more the newest. */
  readonly most: number;
  /** Its tiers are those of the log, and it says which turns are not scored. */
  readonly policy: Pick<Policy, "tiers" | "conversation">;
  readonly onBadLine: (line: number, problem: string) => void;
  /** @param rows read so far. */
  readonly onRows: (rows: number) => void;
}

interface Tally {
  /** Records that were read. */
  readonly read: number;
  /**
   * Those of them that were left out because they are of a turn that asks for nothing of its own, such as "go on": what
   * was said of it is said of the turn that was scored, whose features the log does not have there.
   */
  readonly silent: number;
  /** Those that have neither a text nor features of this version: text is not kept, and they are from before an upgrade. */
  readonly featureless: number;
  /** Rows by a tier that something was said by and the policy does not have. */
  readonly unknownTiers: ReadonlyMap<string, number>;
}

/** What was read to learn from. */
export interface TrainInput extends Tally {
  readonly rows: readonly TrainingRow[];
  /** More texts were there than are learned from. */
  readonly isCut: boolean;
}

/** Keywords by rules, as a control. */
const keywords = createStaticClassifier(STATIC_DEFAULTS);

/** Reads a file to learn from: an export of routing_training, or outcomes of models. What is last in it counts as the newest. */
export async function readTrainingFile(path: string, watch: TrainWatch): Promise<TrainInput> {
  const collector = createRowCollector(watch.most);
  const columns = [...TRAINING_COLUMNS, "prompt", "body", "models", "suite", "group"];
  const tally = await collect(readRecords(path, columns), collector, watch);
  return { rows: collector.rows(), ...tally, isCut: collector.isCut() };
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
  const tally = await collect(untilEnough(records, isEnough), collector, watch);
  return { rows: collector.rows().reverse(), ...tally, isCut: isEnough() };
}

async function collect(
  records: AsyncIterable<FileRecord>,
  collector: RowCollector,
  watch: TrainWatch,
): Promise<Tally> {
  let read = 0;
  const leftOut = { silent: 0, featureless: 0 };
  const unknownTiers = new Map<string, number>();
  const reading: Reading = {
    policy: watch.policy,
    onUnknownTier: (tier) => void unknownTiers.set(tier, (unknownTiers.get(tier) ?? 0) + 1),
  };
  for await (const found of records) {
    read += 1;
    const row: ReadRow = "problem" in found ? { ok: false, ...found } : readRow(found.record, reading);
    if (!row.ok) watch.onBadLine(found.line, row.problem);
    else if (typeof row.value === "string") leftOut[row.value] += 1;
    else if (row.value !== null) collector.add(row.value);
    watch.onRows(read);
  }
  return { read, ...leftOut, unknownTiers };
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

interface Reading extends Pick<TrainWatch, "policy"> {
  readonly onUnknownTier: (tier: string) => void;
}

/** Null where there is nothing to learn. */
type ReadRow = Parsed<TrainingRow | "silent" | "featureless" | null>;

function readRow(record: unknown, reading: Reading): ReadRow {
  return isObject(record) && "models" in record ? readOutcome(record, reading) : readLogged(record, reading);
}

function readOutcome(record: unknown, { policy }: Reading): ReadRow {
  const parsed = parseOutcome(record);
  return parsed.ok ? { ok: true, value: outcomeRow(parsed.value, { keywords, policy }) } : parsed;
}

function readLogged(record: unknown, { policy, onUnknownTier }: Reading): ReadRow {
  const parsed = parseLogRecord(
    record,
    policy.tiers.map(({ name }) => name),
  );
  if (!parsed.ok) return parsed;
  const { outcomes, needs, userText: text, turn, unknownTier } = parsed.value;
  if (unknownTier !== null) onUnknownTier(unknownTier);
  if (outcomes.size === 0 && needs.length === 0) return { ok: true, value: null };
  // The first turn of a conversation is scored, whatever it says.
  if (text && turn !== 1 && isSilent({ text }, policy)) return { ok: true, value: "silent" };
  return { ok: true, value: logRow(parsed.value, keywords) ?? "featureless" };
}
