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

const leftRows = () => Array.from({ length: LEFT_ROWS }, (_, id) => makeRow(id));

/** What another process left: a segment that is complete. */
function leaveSegment(path: string, rows: readonly Row[]): void {
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

const copyOf = (table: string) => copyRows(table, { id: "int", text: "text" });

interface Changes {
  readonly statement?: string;
  readonly copy?: CopyRows;
}

/** The first table is filled by COPY where that can be, the second one never. */
function openLane(table: string, changes: Changes = {}, written: Row[] = leftRows()) {
  const folder = join(root, table);
  mkdirSync(folder);
  const left = join(folder, `${table}-1700000000000-00000000.${LEFT_ROWS}.ndjson`);
  leaveSegment(left, written);
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
  // More than one batch takes, and the last one is refused.
  const rows = leftRows().map(({ id }) => ({
    id,
    text: id < LEFT_ROWS - 1 ? "usual ".repeat(10_000) : null,
  }));
  const lane = openLane(TABLES[0], { statement: "SELECT $1::json, 1 / 0" }, rows);
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

/** The first two statements fail in this way: a sequence counts those that are rolled back, too. */
async function failTwice(how: string): Promise<void> {
  await database.query("DROP FUNCTION slow CASCADE");
  await database.query("CREATE SEQUENCE tries");
  await database.query(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF nextval('tries') <= 2 THEN ${how}; END IF; RETURN NULL; END $$`);
  await database.query(
    "CREATE TRIGGER fail BEFORE INSERT ON first_rows FOR EACH STATEMENT EXECUTE FUNCTION fail()",
  );
  await database.query(`ALTER DATABASE ${database.name} SET statement_timeout = '2s'`);
}

test.each([
  ["takes too long", "PERFORM pg_sleep(10)"],
  ["is cancelled", "PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(10)"],
  ["finds a server that goes down", "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10)"],
  ["finds a server that only reads", "RAISE SQLSTATE '25006'"],
  ["is in a deadlock", "RAISE SQLSTATE '40P01'"],
  ["finds a disk that is full", "RAISE SQLSTATE '53100'"],
  ["finds no memory", "RAISE SQLSTATE '53200'"],
  ["gets no lock in time", "RAISE SQLSTATE '55P03'"],
  ["finds a disk that fails", "RAISE SQLSTATE '58030'"],
])("Drain tries COPY again, and not its statement, where COPY %s", async (_name, how) => {
  await failTwice(how);
  answerTimeoutMs = 60_000;
  const usual = leftRows().map(({ id }) => ({ id, text: "usual" }));
  const lane = openLane(TABLES[0], { statement: "SELECT $1::json, 1 / 0" }, usual);
  await until(() => lane.rows.waiting === 0);
  await lane.drain.close(10_000);
  expect(lane.rows.flow()).toMatchObject({ stored: LEFT_ROWS, dropped: {} });
  expect((await database.query("SELECT last_value > 2 AS done FROM tries"))[0]).toEqual({ done: true });
});
