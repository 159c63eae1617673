import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ExportOptions, exportTable } from "../../src/log/export.ts";
import { EXPORT_TABLES } from "../../src/log/export-query.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { FIRST_AT, fillLogs, fillOthers } from "./export-rows.ts";
import { parseCsv } from "./parse-csv.ts";

const ROWS = 8_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
  await fillLogs(database, ROWS);
  await fillOthers(database);
  await database.query("ANALYZE");
});
afterAll(() => database.drop());

class Collector extends Writable {
  readonly chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    setImmediate(done);
  }
  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

const all = {
  table: "routing_logs",
  since: null,
  until: null,
  tier: null,
  method: null,
  withText: true,
} as const;

async function exportBytes(options: Partial<ExportOptions> = {}): Promise<Buffer> {
  const out = new Collector();
  await exportTable({ databaseUrl: database.url, format: "jsonl", ...all, out, ...options });
  return out.bytes;
}

const exportText = async (options: Partial<ExportOptions> = {}) =>
  (await exportBytes(options)).toString("utf8");
const linesOf = (text: string) => text.split("\n").slice(0, -1);
const readRow = (line: string | undefined): Record<string, unknown> => JSON.parse(line ?? "null");
const readRows = async (options: Partial<ExportOptions> = {}) =>
  linesOf(await exportText(options)).map(readRow);
const minutesAfterFirst = (minutes: number) => new Date(FIRST_AT.getTime() + minutes * 60_000);

describe("exportTable()", () => {
  test("writes each row as a JSON object whose values are those of the table", async () => {
    const lines = linesOf(await exportText());
    expect(lines).toHaveLength(ROWS);
    expect(new Set(lines.map((line) => readRow(line).id)).size).toBe(ROWS);
    expect(readRow(lines[9])).toEqual({
      ...readRow(lines[9]),
      id: "019b76e3-d1b4-7000-8000-00000000000a",
      timestamp: "2026-01-01T00:10:00.500000Z",
      user_text: null,
      system_prompt: "",
      token_count: 10,
      has_error_trace: false,
      score: 10 / 7,
      embedding: "AAH/gA==",
      features: [0.5, -1.25],
      candidates: [{ model: 'm"1', eligible: true, cost: 0.1 }],
      trace: [1],
      tags: ["a,b", 'c"d', "é"],
      estimated_cost_usd: 1e-7,
    });
    expect(readRow(lines[0]).user_text).toMatch(/^line "one",\r\nzwei 😀 日本 1 fill/);
  });

  test("writes the same rows as CSV that reads back to the same values", async () => {
    const [header = [], ...records] = parseCsv(await exportText({ format: "csv" }));
    const lines = linesOf(await exportText());
    expect(header).toEqual(Object.keys(readRow(lines[0])));
    expect(records).toHaveLength(ROWS);
    for (const at of [0, 1, 4, 9, ROWS - 1]) {
      const values = Object.values(readRow(lines[at]));
      expect(records[at]?.map(compact)).toEqual(values.map((value) => asField(value)));
    }
  });

  test("tells null from an empty text in CSV, as COPY does, and changes no value", async () => {
    const csv = await exportText({ format: "csv", until: minutesAfterFirst(2) });
    expect(csv.startsWith("id,timestamp,")).toBe(true);
    expect(csv).toContain(',"",,2,1,');
    expect(csv).toContain('," =1+1",,1,1,');
    expect(csv.endsWith("\r\n")).toBe(true);
  });

  test("picks by time, tier and method", async () => {
    const count = async (options: Partial<ExportOptions>) => linesOf(await exportText(options)).length;
    expect(await count({ since: minutesAfterFirst(9), until: minutesAfterFirst(19) })).toBe(10);
    expect(await count({ tier: "complex" })).toBe(ROWS / 4);
    expect(await count({ tier: "complex", method: "pattern" })).toBe(ROWS / 8);
    expect(await count({ tier: "no such tier" })).toBe(0);
  });

  test("picks from every table by time, tier and method of the decision", async () => {
    const filter = {
      since: minutesAfterFirst(0),
      until: minutesAfterFirst(160),
      tier: "complex",
      method: "pattern",
    };
    for (const table of EXPORT_TABLES) {
      const rows = await readRows({ table, ...filter });
      expect([table, rows.length]).toEqual([table, 20]);
    }
    expect((await readRows({ table: "routing_labels", tier: "medium" })).length).toBe(0);
  });

  test("gives each row to one of the ranges of time that touch, and none to two", async () => {
    // On a decision's very millisecond, one before, one after, and between decisions.
    const cuts = [30, 30 - 1 / 60_000, 31 + 1 / 60_000, 47.3, 5_000, ROWS + 1].map(minutesAfterFirst);
    cuts.sort((a, b) => a.getTime() - b.getTime());
    const bounds = [null, ...cuts, null];
    for (const table of EXPORT_TABLES) {
      const ids: unknown[] = [];
      for (const [index, since] of bounds.slice(0, -1).entries()) {
        const rows = await readRows({ table, since, until: bounds[index + 1] ?? null, withText: false });
        ids.push(...rows.map(({ id, decision_id }) => decision_id ?? id));
      }
      const whole = (await readRows({ table, withText: false })).map(
        ({ id, decision_id }) => decision_id ?? id,
      );
      expect(ids).toEqual(whole);
    }
  });

  test("joins outcome, feedback and labels to the decision in routing_training", async () => {
    const rows = await readRows({ table: "routing_training", until: minutesAfterFirst(16) });
    expect(rows).toHaveLength(16);
    expect(rows[7]).toMatchObject({
      token_count: 8,
      reported_at: "2026-01-01T01:08:00.500000Z",
      status: "success",
      cost_usd: 0.5,
      outcome_source: "callback",
      feedback_up: 1,
      labels: { "implicit:error": 1 },
    });
    expect(rows[0]).toMatchObject({ token_count: 1, feedback_up: 0, labels: {} });
  });

  test.each([false, true])(
    "tells of each decision what the view tells, newest first: %s",
    async (newestFirst) => {
      const own = await cloneDatabase();
      await fillLogs(own, 200);
      await fillOthers(own);
      // Several opinions, two of one moment; labels with a tier and without, of a grader and of a guess, two of one moment.
      await own.query(
        `INSERT INTO routing_feedback (id, decision_id, created_at, rating, expected_tier, source)
       SELECT gen_random_uuid(), id, timestamp + (n / 2) * interval '1 s', (ARRAY['up', 'down'])[1 + n % 2],
         (ARRAY['simple', NULL, 'complex'])[1 + (token_count + n) % 3], 'api'
       FROM routing_logs, generate_series(0, 3) n WHERE token_count % 3 = 0`,
      );
      await own.query(
        `INSERT INTO routing_labels (decision_id, source, tier, value, created_at)
       SELECT id, source, (ARRAY['simple', NULL, 'complex', 'medium'])[1 + (token_count + place) % 4],
         nullif(place, 3) / 4.0, timestamp + (place / 2) * interval '1 s'
       FROM routing_logs, (VALUES ('label', 0), ('label:a"b', 1), ('label:b', 2), ('implicit:escalated', 3)) s (source, place)
       WHERE token_count % 5 = 0`,
      );
      const told = "token_count, feedback_up, feedback_down, expected_tier, labels";
      const wanted = await own.query(
        `SELECT ${told} FROM routing_training ORDER BY id ${newestFirst ? "DESC" : "ASC"}`,
      );
      const rows = await readRows({ databaseUrl: own.url, table: "routing_training", newestFirst });
      const names = told.split(", ");
      expect(rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])))).toEqual(wanted);
      expect(new Set(rows.map(({ expected_tier }) => expected_tier))).toEqual(
        new Set([null, "simple", "medium", "complex"]),
      );
      await own.drop();
    },
  );

  test("leaves the columns with texts out where they are not wanted", async () => {
    const [row] = await readRows({ table: "routing_training", withText: false });
    expect(Object.keys(row ?? {})).not.toEqual(expect.arrayContaining(["user_text"]));
    const whole = (await readRows({ table: "routing_training" }))[0] ?? {};
    const missing = Object.keys(whole).filter((name) => !(name in (row ?? {})));
    expect(missing).toEqual(["user_text", "system_prompt", "embedding", "trace"]);
    const text = await exportText({ table: "routing_feedback", withText: false });
    expect(text).not.toContain("fine");
  });

  test("writes the header alone where there are no rows", async () => {
    expect(linesOf(await exportText({ format: "csv", tier: "none" }))).toHaveLength(1);
    expect(await exportText({ tier: "none" })).toBe("");
  });

  test("writes Parquet between the marks of the format", async () => {
    for (const tier of [null, "none"]) {
      const bytes = await exportBytes({ format: "parquet", tier });
      expect(bytes.subarray(0, 4).toString()).toBe("PAR1");
      expect(bytes.subarray(-4).toString()).toBe("PAR1");
    }
  });

  test("says how far it is, and returns rows and bytes", async () => {
    const seen: number[] = [];
    const out = new Collector();
    const onProgress = (rows: number) => seen.push(rows);
    const result = await exportTable({ databaseUrl: database.url, format: "jsonl", ...all, out, onProgress });
    expect(result).toEqual({ rows: ROWS, bytes: out.bytes.length, isComplete: true });
    expect(seen.at(-1)).toBe(ROWS);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test("reads on only as fast as the reader takes it: a few batches are in memory, however many rows", async () => {
    let release = () => {};
    const blocked = new Promise<void>((resolve) => {
      release = resolve;
    });
    let rows = 0;
    let rowsWhileBlocked = 0;
    const out = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        void blocked.then(() => done());
      },
    });
    const onProgress = (sofar: number) => {
      rows = sofar;
    };
    const exported = exportTable({ databaseUrl: database.url, format: "jsonl", ...all, out, onProgress });
    // The server would have sent all of it in a fraction of the time that another whole export takes.
    await exportText();
    rowsWhileBlocked = rows;
    release();
    expect((await exported).rows).toBe(ROWS);
    expect(rowsWhileBlocked).toBeLessThanOrEqual(4_000);
  });

  test("ends after a whole row when it is told to stop, and is not complete", async () => {
    const stop = new AbortController();
    const out = new Collector();
    const result = await exportTable({
      databaseUrl: database.url,
      format: "jsonl",
      ...all,
      out,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(result.isComplete).toBe(false);
    const text = out.bytes.toString("utf8");
    const lines = linesOf(text);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(ROWS);
    expect(text.endsWith("\n")).toBe(true);
    for (const line of lines) expect(readRow(line).id).toBeTypeOf("string");
  });

  test("takes a reader that goes away for the end, not for the whole", async () => {
    const gone = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    const out = new Writable({ write: (_chunk, _encoding, done) => done(gone) });
    const result = await exportTable({ databaseUrl: database.url, format: "jsonl", ...all, out });
    expect(result.rows).toBeLessThan(ROWS);
    expect(result.isComplete).toBe(false);
  });

  test("fails where the output does", async () => {
    const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
    const out = new Writable({ write: (_chunk, _encoding, done) => done(full) });
    await expect(exportTable({ databaseUrl: database.url, format: "parquet", ...all, out })).rejects.toThrow(
      "no space left",
    );
  });

  test.each(["127.0.0.1", "localhost"])(
    "says which database on %s it did not reach and what to do, without the password",
    async (host) => {
      const databaseUrl = `postgres://nobody:canary@${host}:1/nothing`;
      const failed = exportTable({ databaseUrl, format: "jsonl", ...all, out: new Collector() });
      await expect(failed).rejects.toThrow(
        new RegExp(`PostgreSQL at ${host}:1, database nothing: .*ECONNREFUSED.*npm start.*DATABASE_URL`),
      );
      await expect(failed).rejects.not.toThrow("canary");
    },
  );

  test("fails, and says where it read, when the connection is cut on the way", async () => {
    let cut: Promise<unknown> | null = null;
    const cutOnce = () => {
      cut ??= database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'signalbox export' AND datname = current_database()`,
      );
      return cut;
    };
    // Nothing more is read until the first rows are taken, and then there is nothing to read from.
    const out = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => void cutOnce().then(() => done()),
    });
    const failed = exportTable({ databaseUrl: database.url, format: "jsonl", ...all, out });
    await expect(failed).rejects.toThrow(
      new RegExp(`^Cannot read routing_logs from PostgreSQL at .*, database ${database.name}: .+`),
    );
  });

  test("reads the days of a range of time only, of the outcomes too", async () => {
    const own = await cloneDatabase();
    for (const table of ["routing_logs", "routing_outcomes"]) {
      for (const day of ["2026-01-01", "2026-01-02", "2026-01-03"]) {
        await own.query("SELECT routing_make_partition($1, $2)", [table, day]);
      }
    }
    await fillLogs(own, 3_000);
    await fillOthers(own);
    await own.query("ANALYZE");
    const before = await countScans(own);
    const range = { since: new Date("2026-01-02"), until: new Date("2026-01-03") };
    const rows = await readRows({ databaseUrl: own.url, table: "routing_training", ...range });
    expect(rows).toHaveLength(24 * 60);
    const after = await countScans(own);
    const read = [...after].filter(([name, scans]) => scans > (before.get(name) ?? 0)).map(([name]) => name);
    expect(read).toEqual(["routing_logs_20260102", "routing_outcomes_20260102"]);
    await own.drop();
  });

  test("writes the same text whatever the database's own settings are", async () => {
    const before = await exportText({ until: minutesAfterFirst(20) });
    const settings = {
      timezone: "'Asia/Tokyo'",
      datestyle: "'German'",
      bytea_output: "'escape'",
      extra_float_digits: "-5",
    };
    for (const [name, value] of Object.entries(settings)) {
      await database.query(`ALTER DATABASE ${database.name} SET ${name} = ${value}`);
    }
    const after = await exportText({ until: minutesAfterFirst(20) });
    for (const name of Object.keys(settings)) {
      await database.query(`ALTER DATABASE ${database.name} RESET ${name}`);
    }
    expect(after).toBe(before);
  });

  test("refuses a column of a type that it has no form for, and a database without the schema", async () => {
    const own = await cloneDatabase();
    await own.query("ALTER TABLE routing_labels ADD COLUMN place point");
    const options = { databaseUrl: own.url, format: "jsonl", ...all, out: new Collector() } as const;
    await expect(exportTable({ ...options, table: "routing_labels" })).rejects.toThrow(
      "Cannot export routing_labels.place: found the type point",
    );
    await own.query("DROP VIEW routing_training");
    await expect(exportTable({ ...options, table: "routing_training" })).rejects.toThrow("signalbox migrate");
    await own.drop();
  });
});

/** How often each partition was read so far; a connection reports when it ends. */
async function countScans(of: TestDatabase): Promise<Map<string, number>> {
  const rows = await of.query(
    `SELECT relname, (seq_scan + coalesce(idx_scan, 0))::float8 AS scans FROM pg_stat_user_tables
     WHERE relname ~ '^routing_(logs|outcomes)_' ORDER BY relname`,
  );
  return new Map(rows.map(({ relname, scans }) => [String(relname), Number(scans)]));
}

function asField(value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** JSON of the database has spaces, and numbers the form of the database. */
function compact(field: string | null): string | null {
  if (field === null || !/^[[{]|^[\d.]+(e-\d+)?$/.test(field)) return field;
  return JSON.stringify(JSON.parse(field));
}
