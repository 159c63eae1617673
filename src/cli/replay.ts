import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command, InvalidArgumentError } from "commander";
import { chooseClassifier } from "../classify/choose-classifier.ts";
import { ConversationMemory } from "../explain/logged/conversation-memory.ts";
import {
  LOGGED_COLUMNS,
  type LoggedDecision,
  type ParsedRow,
  parseLogged,
} from "../explain/logged/logged-decision.ts";
import { createRedecider } from "../explain/logged/redecide.ts";
import { type ChangedRow, ReplayTally } from "../explain/replay/replay-tally.ts";
import type { Policy } from "../policy/policy.ts";
import { readSettings, type Settings } from "../settings.ts";
import { readCatalogHere } from "./catalog-here.ts";
import { CliError, EXIT } from "./cli-error.ts";
import { findDatabase } from "./database.ts";
import { describeReplay } from "./describe-replay.ts";
import { type ExportOutput, openExportOutput } from "./export-output.ts";
import { createExportProgress } from "./export-progress.ts";
import { parseTime } from "./parse-time.ts";
import { loadPolicyOrFail } from "./policy-file.ts";
import { printText } from "./print-text.ts";
import { printable } from "./printable.ts";
import { type FileRecord, readRecords } from "./read-records.ts";
import { readTrainingView } from "./read-training-view.ts";

interface ReplayOptions {
  readonly policy: string;
  readonly in?: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly changes: number;
  readonly json?: true;
  readonly out?: string;
}

/** `signalbox replay`: what another gateway.yaml would have done with the requests of the log. */
export function replayCommand(): Command {
  return new Command("replay")
    .description("Decide the requests of the log again under another gateway.yaml, and say what would change")
    .requiredOption("--policy <file>", "gateway.yaml to decide by")
    .option("--in <file>", "an export of routing_training (JSON lines, CSV, Parquet) instead of the database")
    .option(
      "--since <time>",
      "decisions at or after this time, 2026-01-31 or 2026-01-31T12:00:00Z",
      parseTime,
    )
    .option("--until <time>", "decisions before this time", parseTime)
    .option("--changes <count>", "rows that changed and are printed, the first ones", parseCount, 10)
    .option("--json", "print the difference as JSON")
    .option("--out <file>", "where to write every row that changed, as JSON lines")
    .addHelpText(
      "after",
      `
Nothing is sent, and nothing in the log is changed. A row is decided by what is logged of it: its text where it is
stored, else its features or its score. What cannot be decided so is counted by why.

Examples:
  $ signalbox replay --policy new.yaml
  $ signalbox replay --policy new.yaml --since 2026-05-01 --until 2026-05-02 --changes 50
  $ signalbox replay --policy new.yaml --in decisions.parquet --out changed.jsonl
  $ signalbox replay --policy new.yaml --json | jq .tiers`,
    )
    .action(replay);
}

async function replay(given: ReplayOptions): Promise<void> {
  const settings = readSettings(process.env);
  const policy = loadPolicyOrFail(given.policy);
  const records =
    given.in === undefined ? await fromLog(settings, given) : readRecords(given.in, LOGGED_COLUMNS);
  const output = given.out === undefined ? null : openChanges(given.out);
  const { report, changes, unreadable } = await replayAll(records, { policy, settings, given, output });
  await output?.finish();
  const found = { ...report, unreadable, policy_revision: policy.revision };
  const text = given.json
    ? JSON.stringify({ ...found, changes }, null, 2)
    : printable(describeReplay(found, { changes, tiers: policy.tiers }));
  await printText(`${text}\n`);
}

async function fromLog(
  settings: Settings,
  { since, until }: ReplayOptions,
): Promise<AsyncGenerator<FileRecord>> {
  return readTrainingView(await findDatabase(settings), { since: since ?? null, until: until ?? null });
}

function openChanges(path: string): ExportOutput {
  if (path === "-")
    throw new CliError(EXIT.misused, "Cannot write changes to standard output: expected --out FILE");
  return openExportOutput(path);
}

interface Replaying {
  readonly policy: Policy;
  readonly settings: Settings;
  readonly given: ReplayOptions;
  readonly output: ExportOutput | null;
}

/** Most rows that cannot be read and are named one by one. */
const MAX_NAMED = 20;

async function replayAll(records: AsyncIterable<FileRecord>, { policy, settings, given, output }: Replaying) {
  const catalog = readCatalogHere(settings.SIGNALBOX_STATE_DIR);
  const classifier = chooseClassifier(policy.classifier);
  const memory = new ConversationMemory();
  const redeciding = { policy, classifier, catalog, memory };
  const tally = new ReplayTally(
    createRedecider(redeciding),
    createRedecider({ ...redeciding, lots: "none" }),
  );
  const reading = { given, unreadable: 0 };
  const changes: ChangedRow[] = [];
  async function* linesOfChanges(): AsyncGenerator<string> {
    for await (const row of readRows(records, reading)) {
      const change = tally.add(row);
      if (change === null) continue;
      if (changes.length < given.changes) changes.push(change);
      yield `${JSON.stringify(change)}\n`;
    }
  }
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(Readable.from(linesOfChanges()), output?.stream ?? nowhere, { end: false });
  return { report: tally.report(), changes, unreadable: reading.unreadable };
}

interface Reading {
  readonly given: ReplayOptions;
  /** Rows that were passed over. */
  unreadable: number;
}

/** The rows that can be read; the others are named, the first of them, and counted. */
async function* readRows(
  records: AsyncIterable<FileRecord>,
  reading: Reading,
): AsyncGenerator<LoggedDecision> {
  const { isTTY } = process.stderr;
  const progress = createExportProgress(isTTY ? (text) => process.stderr.write(text) : null);
  let read = 0;
  for await (const found of records) {
    read += 1;
    progress.update(read);
    const parsed = readRow(found);
    if (!parsed.ok) passOver(parsed, found.line, reading);
    else if (isWithin(parsed.row.timestamp, reading.given)) yield parsed.row;
  }
  process.stderr.write(isTTY ? ERASE_LINE : "");
}

function passOver(
  { id, problem }: Extract<ParsedRow, { readonly ok: false }>,
  line: number,
  reading: Reading,
): void {
  reading.unreadable += 1;
  if (reading.unreadable <= MAX_NAMED) process.stderr.write(`${id ?? `line ${line}`}: ${problem}\n`);
}

const ERASE_LINE = "\r\u001b[2K";

function readRow(found: FileRecord): ParsedRow {
  return "problem" in found ? { ok: false, id: null, problem: found.problem } : parseLogged(found.record);
}

/** A file may hold more than is asked for; the database gave what is. */
function isWithin(time: Date, { in: file, since, until }: ReplayOptions): boolean {
  if (file === undefined) return true;
  return (since === undefined || time >= since) && (until === undefined || time < until);
}

/** @throws {InvalidArgumentError} where it is none, or so many that they would fill the memory. */
function parseCount(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number in 0..99999; --out takes all of them.");
}
