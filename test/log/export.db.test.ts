import { Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ExportOptions, exportLogs } from "../../src/log/export.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { parseCsv } from "./parse-csv.ts";

const ROWS = 20_000;
/** Every kind of value there is, in rows of 1 KB and more. */
const FILL = `
  INSERT INTO routing_logs (id, timestamp, user_text, system_prompt, token_count, conversation_turns,
    code_block_count, code_lines, has_error_trace, tool_count, tier, strategy, score, original_model,
    resolved_model, embedding, method, confidence, reason, pick, candidates, propensity, policy_revision,
    classifier_revision, mode, trace, features, tags, turn, input_tokens_estimate, estimated_cost_usd,
    decide_us, redactions)
  SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
    timestamptz '2026-01-01 00:00:00.5+00' + n * interval '1 minute',
    CASE WHEN n % 5 = 0 THEN NULL ELSE E'line "one",\\r\\nzwei 😀 日本 ' || n || repeat(' fill', 200) END,
    CASE WHEN n % 2 = 0 THEN '' ELSE ' =1+1' END, n, 1, 0, 0, n % 3 = 0, 0,
    CASE WHEN n % 4 = 0 THEN 'complex' ELSE 'simple' END, 'static', n / 7.0::float8, 'auto', 'gpt-5-mini',
    CASE WHEN n % 10 = 0 THEN '\\x0001ff80'::bytea END,
    CASE WHEN n % 8 = 0 THEN 'pattern' ELSE 'auto' END, NULL, 'because', 'first',
    jsonb_build_array(jsonb_build_object('model', 'm"1', 'eligible', true, 'cost', 0.1)), 1, 'p', 'c', 'enforce', '[]',
    CASE WHEN n % 10 = 0 THEN ARRAY[0.5, -1.25]::real[] END,
    ARRAY['a,b', 'c"d', 'é'], 1, 10, 1e-7, 3, 0
  FROM generate_series(1, $1::int) AS n`;

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
  await database.query(FILL, [ROWS]);
});
afterAll(() => database.drop());

class Collector extends Writable {
  readonly chunks: Buffer[] = [];
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    setImmediate(done);
  }
  get text(): string {
    return Buffer.concat(this.chunks).toString("utf8");
  }
}

const all = { since: null, until: null, tier: null, method: null } as const;

async function exportText(format: "jsonl" | "csv", options: Partial<ExportOptions> = {}): Promise<string> {
  const out = new Collector();
  await exportLogs({ databaseUrl: database.url, format, ...all, out, ...options });
  return out.text;
}

const linesOf = (text: string) => text.split("\n").slice(0, -1);
const readRow = (line: string | undefined): Record<string, unknown> => JSON.parse(line ?? "null");

describe("exportLogs()", () => {
  test("writes each row as a JSON object whose values are those of the table", async () => {
    const lines = linesOf(await exportText("jsonl"));
    expect(lines).toHaveLength(ROWS);
    expect(new Set(lines.map((line) => readRow(line).id)).size).toBe(ROWS);
    expect(readRow(lines[9])).toEqual({
      ...readRow(lines[9]),
      id: "01900000-0000-7000-8000-00000000000a",
      timestamp: "2026-01-01T00:10:00.500Z",
      user_text: null,
      system_prompt: "",
      token_count: 10,
      has_error_trace: false,
      score: 10 / 7,
      embedding: "AAH/gA==",
      features: [0.5, -1.25],
      candidates: [{ model: 'm"1', eligible: true, cost: 0.1 }],
      tags: ["a,b", 'c"d', "é"],
      estimated_cost_usd: 1e-7,
    });
    expect(readRow(lines[0]).user_text).toMatch(/^line "one",\r\nzwei 😀 日本 1 fill/);
  });

  test("writes the same rows as CSV that reads back to the same values", async () => {
    const [header = [], ...records] = parseCsv(await exportText("csv"));
    const lines = linesOf(await exportText("jsonl"));
    expect(header).toEqual(Object.keys(readRow(lines[0])));
    expect(records).toHaveLength(ROWS);
    for (const at of [0, 1, 4, 9, ROWS - 1]) {
      const values = Object.values(readRow(lines[at]));
      expect(records[at]).toEqual(values.map((value) => asField(value)));
    }
  });

  test("tells null from an empty text in CSV, as COPY does, and changes no value", async () => {
    const csv = await exportText("csv", { until: new Date("2026-01-01T00:03:00Z") });
    expect(csv.startsWith("id,timestamp,")).toBe(true);
    expect(csv).toContain(',"",,2,1,');
    expect(csv).toContain('," =1+1",,1,1,');
    expect(csv.endsWith("\r\n")).toBe(true);
  });

  test("picks by time, tier and method", async () => {
    const count = async (options: Partial<ExportOptions>) =>
      linesOf(await exportText("jsonl", options)).length;
    const since = new Date("2026-01-01T00:10:00.500Z");
    const until = new Date("2026-01-01T00:20:00.500Z");
    expect(await count({ since, until })).toBe(10);
    expect(await count({ tier: "complex" })).toBe(ROWS / 4);
    expect(await count({ tier: "complex", method: "pattern" })).toBe(ROWS / 8);
    expect(await count({ tier: "no such tier" })).toBe(0);
  });

  test("writes the header alone where there are no rows", async () => {
    expect(linesOf(await exportText("csv", { tier: "none" }))).toHaveLength(1);
  });

  test("says how far it is, and returns the number of rows", async () => {
    const seen: number[] = [];
    const out = new Collector();
    const onProgress = (rows: number) => seen.push(rows);
    expect(await exportLogs({ databaseUrl: database.url, format: "jsonl", ...all, out, onProgress })).toBe(
      ROWS,
    );
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
    const exported = exportLogs({ databaseUrl: database.url, format: "jsonl", ...all, out, onProgress });
    // The server would have sent all of it in a fraction of the time that another whole export takes.
    await exportText("jsonl");
    rowsWhileBlocked = rows;
    release();
    expect(await exported).toBe(ROWS);
    expect(rowsWhileBlocked).toBeLessThanOrEqual(4_000);
  });

  test("ends after a whole row when it is told to stop", async () => {
    const stop = new AbortController();
    const text = await exportText("jsonl", { signal: stop.signal, onProgress: () => stop.abort() });
    const lines = linesOf(text);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(ROWS);
    expect(text.endsWith("\n")).toBe(true);
    for (const line of lines) expect(readRow(line).id).toBeTypeOf("string");
  });

  test("takes a reader that goes away for the end", async () => {
    const gone = Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
    const out = new Writable({ write: (_chunk, _encoding, done) => done(gone) });
    expect(await exportLogs({ databaseUrl: database.url, format: "jsonl", ...all, out })).toBeLessThan(ROWS);
  });

  test("fails where the output does, and where the database is away", async () => {
    const full = Object.assign(new Error("no space left"), { code: "ENOSPC" });
    const out = new Writable({ write: (_chunk, _encoding, done) => done(full) });
    const options = { databaseUrl: database.url, format: "jsonl", ...all, out } as const;
    await expect(exportLogs(options)).rejects.toThrow("no space left");
    const databaseUrl = "postgres://nobody@127.0.0.1:1/nothing";
    await expect(exportLogs({ ...options, databaseUrl, out: new Collector() })).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });
});

function asField(value: unknown): string | null {
  if (value === null || typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
