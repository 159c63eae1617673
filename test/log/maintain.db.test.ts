import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type MaintainOptions, maintain } from "../../src/log/maintain.ts";
import { uuidLowerBound } from "../../src/log/uuid-lower-bound.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";

const DAY_MS = 86_400_000;
const TABLES = ["routing_logs", "routing_outcomes", "routing_feedback", "routing_labels"];

let database: TestDatabase;
let client: Client;
beforeEach(async () => {
  database = await cloneDatabase();
  client = await connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

async function connect(): Promise<Client> {
  const made = new Client({ connectionString: database.url });
  await made.connect();
  return made;
}

function run(changes: Partial<MaintainOptions> = {}) {
  return maintain(client, { aheadDays: 2, retentionDays: 90, oldestWaiting: null, ...changes });
}

/** A day of UTC, so many days from today. */
function day(offset: number): Date {
  return new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS + offset * DAY_MS);
}

const partition = (table: string, offset: number) =>
  `${table}_${day(offset).toISOString().slice(0, 10).replaceAll("-", "")}`;

async function partitions(): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = ANY ($1::regclass[])",
    [TABLES],
  );
  return rows.map(({ name }) => name).sort();
}

/** @returns id of the row. */
async function insertDecision(at: Date): Promise<string> {
  const id = uuidLowerBound(at).replace("-0000-0000-", "-7000-8000-");
  await client.query(
    `INSERT INTO routing_logs
       (id, timestamp, token_count, conversation_turns, code_block_count, code_lines, has_error_trace, tool_count,
        original_model, resolved_model, method, reason, pick, candidates, propensity, policy_revision,
        classifier_revision, mode, trace, tags, turn, input_tokens_estimate, decide_us, redactions)
     VALUES ($1, $2, 1, 1, 0, 0, false, 0, 'auto', 'small', 'auto', 'x', 'first', '[]', 1, 'p', 'c', 'enforce',
       '[]', '{}', 1, 1, 1, 0)`,
    [id, at],
  );
  return id;
}

async function whereIs(id: string): Promise<unknown> {
  const { rows } = await client.query(
    "SELECT tableoid::regclass::text AS place FROM routing_logs WHERE id = $1",
    [id],
  );
  return rows[0]?.place;
}

describe("maintain() makes partitions", () => {
  test("of all four tables from yesterday to the days ahead", async () => {
    const report = await run();
    const wanted = TABLES.flatMap((table) => [-1, 0, 1, 2].map((offset) => partition(table, offset)));
    expect(report?.made.toSorted()).toEqual(wanted.toSorted());
    expect(report).toMatchObject({
      partitionsAhead: 2,
      defaultRows: 0,
      movedRows: 0,
      dropped: [],
      blocked: [],
    });
    expect(await partitions()).toEqual([...wanted, ...TABLES.map((table) => `${table}_default`)].sort());
  });

  test("none the second time", async () => {
    await run();
    expect(await run()).toMatchObject({ made: [], partitionsAhead: 2 });
  });

  test("of the days since the oldest decision that waits, and of none that is expired", async () => {
    const report = await run({ oldestWaiting: day(-40), retentionDays: 33 });
    expect(report?.made).toHaveLength(TABLES.length * (33 + 1 + 2));
    expect(report?.made).toContain(partition("routing_outcomes", -33));
  });

  test("that take the rows of their day, from its first millisecond to its last", async () => {
    await run();
    const first = await insertDecision(day(0));
    const last = await insertDecision(new Date(day(1).getTime() - 1));
    expect(await whereIs(first)).toBe(partition("routing_logs", 0));
    expect(await whereIs(last)).toBe(partition("routing_logs", 0));
  });

  test("while a long read of another day and inserts go on", async () => {
    await run({ aheadDays: 0 });
    const other = await connect();
    await other.query("BEGIN");
    await other.query(`SELECT count(*) FROM ${partition("routing_logs", -1)}`);
    await other.query(`INSERT INTO routing_feedback
      VALUES (gen_random_uuid(), '${uuidLowerBound(day(0))}', now(), 'up', NULL, NULL, 'api')`);
    expect(await run()).toMatchObject({ blocked: [], partitionsAhead: 2 });
    await other.query("COMMIT");
    await other.end();
  });
});

describe("maintain() empties the default partitions", () => {
  test("into partitions of their days, and drops what is expired", async () => {
    const kept = await insertDecision(new Date(day(-50).getTime() + 5_000));
    const gone = await insertDecision(day(-91));
    expect(await whereIs(kept)).toBe("routing_logs_default");
    expect(await run()).toMatchObject({ movedRows: 1, defaultRows: 0 });
    expect(await whereIs(kept)).toBe(partition("routing_logs", -50));
    expect(await whereIs(gone)).toBe(undefined);
  });

  test("but for rows of a time to come, which it counts", async () => {
    const odd = await insertDecision(day(400));
    expect(await run()).toMatchObject({ movedRows: 0, defaultRows: 1 });
    expect(await whereIs(odd)).toBe("routing_logs_default");
  });

  test("with any retention, one of a century too", async () => {
    const kept = await insertDecision(day(-300));
    expect(await run({ retentionDays: 36_500 })).toMatchObject({ movedRows: 1, defaultRows: 0 });
    expect(await whereIs(kept)).toBe(partition("routing_logs", -300));
  });
});

describe("maintain() drops partitions", () => {
  test("of days before the last retention days only", async () => {
    await run({ oldestWaiting: day(-40) });
    const report = await run({ retentionDays: 5 });
    expect(report?.dropped).toHaveLength(TABLES.length * 35);
    const left = await partitions();
    expect(left).toContain(partition("routing_labels", -5));
    expect(left).not.toContain(partition("routing_labels", -6));
  });

  test("later, where a long read is in the way, and keeps nobody waiting for long", async () => {
    await run({ oldestWaiting: day(-10) });
    const reader = await connect();
    await reader.query("BEGIN");
    await reader.query("SELECT count(*) FROM routing_logs");
    const inserted = await insertDuring(() => run({ retentionDays: 5, aheadDays: 3 }));
    expect(inserted.report).toMatchObject({ blocked: ["routing_logs drop", "routing_logs make"] });
    // Two times a fifth of a second, and what the machine takes; without a limit it would be for ever.
    expect(inserted.slowestMs).toBeLessThan(5_000);
    await reader.query("COMMIT");
    await reader.end();
    expect(await run({ retentionDays: 5, aheadDays: 3 })).toMatchObject({ blocked: [], partitionsAhead: 3 });
  });
});

/** Inserts rows one after the other while something runs. */
async function insertDuring<T>(work: () => Promise<T>): Promise<{ report: T; slowestMs: number }> {
  const other = await connect();
  let isOver = false;
  let slowestMs = 0;
  const running = work().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const started = performance.now();
    await other.query(`INSERT INTO routing_feedback
      VALUES (gen_random_uuid(), '${uuidLowerBound(day(0))}', now(), 'up', NULL, NULL, 'api')`);
    await other.query("UPDATE routing_logs SET redactions = 0 WHERE id = $1", [uuidLowerBound(day(0))]);
    slowestMs = Math.max(slowestMs, performance.now() - started);
  }
  await other.end();
  return { report: await running, slowestMs };
}

test("maintain() by many processes at once makes each partition once", async () => {
  const clients = await Promise.all(Array.from({ length: 6 }, connect));
  const wish = { aheadDays: 2, retentionDays: 90, oldestWaiting: null };
  const reports = await Promise.all(clients.map((each) => maintain(each, wish)));
  const made = reports.flatMap((report) => report?.made ?? []);
  expect(new Set(made).size).toBe(made.length);
  expect(await run()).toMatchObject({ partitionsAhead: 2 });
  await Promise.all(clients.map((each) => each.end()));
});

test("maintain() refuses what cannot be meant", async () => {
  await expect(run({ retentionDays: 0 })).rejects.toThrow(/found 2 days ahead and 0 days of retention/);
});
