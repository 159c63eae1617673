import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { connect } from "../../../src/log/connection.ts";
import { type CopyRows, copyRows } from "../../../src/log/outbox/copy-rows.ts";
import { DiskBudget } from "../../../src/log/outbox/disk-budget.ts";
import { Drain } from "../../../src/log/outbox/drain.ts";
import { Outage } from "../../../src/log/outbox/outage.ts";
import { Outbox } from "../../../src/log/outbox/outbox.ts";
import { TableLog } from "../../../src/log/outbox/table-log.ts";
import { emptyDatabase, type TestDatabase } from "../../support/database.ts";
import { until } from "../../support/until.ts";

const APPLICATION = "drain_test";
const TABLES = ["first_rows", "second_rows"] as const;
/** Longer than a batch, a batch, and what most rows are, in characters. */
const LENGTHS = [700_000, 262_000, 40_000, 3_000, 3_000, 800, 800, 800, 20, 0] as const;
const POISON_EVERY = 17;

let database: TestDatabase;
let root: string;
let answerTimeoutMs: number;
beforeEach(async () => {
  answerTimeoutMs = 100;
  database = await emptyDatabase();
  root = mkdtempSync(join(tmpdir(), "signalbox-drain-"));
  // A statement takes up to 120 ms, and 100 ms are too long.
  await database.query(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(random() * 0.12); RETURN NULL; END $$`);
  for (const table of TABLES) {
    await database.query(`CREATE TABLE ${table} (id int PRIMARY KEY, text text NOT NULL)`);
    await database.query(
      `CREATE TRIGGER slow AFTER INSERT ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION slow()`,
    );
  }
});
afterEach(() => database.drop());

interface Row {
  readonly id: number;
  /** null is refused. */
  readonly text: string | null;
}

/** No two rows have a text of the same letters, so that bytes of another row would be seen. */
function makeRow(id: number): Row {
  const length = LENGTHS[(id * 7) % LENGTHS.length] ?? 0;
  return { id, text: id % POISON_EVERY === 5 ? null : `é${id};`.repeat(length / 8) };
}

const LEFT_ROWS = 60;

/** What another process left: a segment that is complete. */
function leaveSegment(path: string): Row[] {
  const rows = Array.from({ length: LEFT_ROWS }, (_, id) => makeRow(id));
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return rows;
}

const copyOf = (table: string) => copyRows(table, { id: "value", text: "value" });

/** The first table is filled by COPY where that can be, the second one never. */
function openLane(table: string, changes: { readonly statement?: string; readonly copy?: CopyRows } = {}) {
  const folder = join(root, table);
  mkdirSync(folder);
  const left = join(folder, `${table}-1700000000000-00000000.${LEFT_ROWS}.ndjson`);
  const written = leaveSegment(left);
  const options = { budget: new DiskBudget(2 ** 30), now: Date.now, maxAgeMs: 2 ** 42 };
  const rows = new TableLog(new Outbox({ table, ...options }));
  rows.outbox.useFolder(folder);
  rows.adopt(left);
  const quarantinePath = join(root, `${table}.quarantine`);
  const logger = { info: () => undefined, warn: () => undefined };
  const drain = new Drain({
    name: table,
    rows,
    statement: `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1) ON CONFLICT DO NOTHING`,
    copy: table === TABLES[0] ? copyOf(table) : null,
    connect: (signal) => connect(database.url, APPLICATION, { signal, answerTimeoutMs }),
    quarantinePath,
    outage: new Outage(logger),
    logger,
    ...changes,
  });
  const add = (row: Row) => {
    written.push(row);
    rows.add(JSON.stringify(row));
    drain.ring();
  };
  return { table, rows, drain, add, written, quarantinePath };
}

const KILL = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE application_name = '${APPLICATION}' AND datname = current_database()`;
const LOCK = `BEGIN; LOCK TABLE ${TABLES.join(", ")} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.15); COMMIT`;

const digest = (text: string) => createHash("md5").update(text).digest("hex");

/** What is in the table and what was set aside, to be compared with what was written. */
async function storedOf({ table, quarantinePath }: ReturnType<typeof openLane>) {
  const stored = await database.query(`SELECT id, md5(text) AS digest FROM ${table} ORDER BY id`);
  const aside = readFileSync(quarantinePath, "utf8").trimEnd().split("\n");
  return { stored, refused: aside.map((entry) => JSON.parse(entry).row) };
}

function wantedOf({ written }: ReturnType<typeof openLane>) {
  const stored = written.flatMap(({ id, text }) => (text === null ? [] : [{ id, digest: digest(text) }]));
  return { stored, refused: written.filter(({ text }) => text === null) };
}

/** Adds rows to all tables by turns, while the database does what it should not. */
async function addWhileItFails(lanes: readonly ReturnType<typeof openLane>[]): Promise<void> {
  for (let id = LEFT_ROWS; id < 400; id += 1) {
    for (const { add } of lanes) add(makeRow(id));
    if (id % 80 === 0) await database.query(id % 160 === 0 ? KILL : LOCK);
    if (id % 4 === 0) await sleep(10);
  }
}

test("Drain stores each row once and as it was, while statements break, wait, take too long or hold rows that are refused", async () => {
  const lanes = TABLES.map((table) => openLane(table));
  await addWhileItFails(lanes);
  await database.query("DROP FUNCTION slow CASCADE");
  answerTimeoutMs = 60_000;
  for (const lane of lanes) {
    await until(() => lane.rows.waiting === 0);
    await lane.drain.close(10_000);
    await lane.rows.close();
    expect(await storedOf(lane)).toEqual(wantedOf(lane));
  }
}, 120_000);

test("Drain stores usual rows by COPY alone, batches with others by the statement alone", async () => {
  await database.query("DROP FUNCTION slow CASCADE");
  answerTimeoutMs = 60_000;
  const lane = openLane(TABLES[0], { statement: "SELECT $1::json, 1 / 0" });
  await until(() => lane.rows.waiting === 0);
  await lane.drain.close(10_000);
  const byCopy = lane.rows.flow();
  expect(byCopy.stored).toBeGreaterThan(0);
  expect(byCopy.dropped.poison).toBe(LEFT_ROWS - byCopy.stored);
});

test.each([
  ["is refused", "COPY nothing FROM STDIN"],
  ["finds a row that is there", undefined],
])("Drain stores all rows by its statement where COPY %s", async (_name, statement) => {
  await database.query("DROP FUNCTION slow CASCADE");
  answerTimeoutMs = 60_000;
  const stored = makeRow(0);
  await database.query("INSERT INTO first_rows VALUES ($1, $2)", [stored.id, stored.text]);
  const copy = copyOf(TABLES[0]);
  const lane = openLane(TABLES[0], { copy: { ...copy, statement: statement ?? copy.statement } });
  await until(() => lane.rows.waiting === 0);
  await lane.drain.close(10_000);
  expect(lane.drain.lastError).toBeNull();
  expect(await storedOf(lane)).toEqual(wantedOf(lane));
});
