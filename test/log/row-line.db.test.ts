import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toRow } from "../../src/log/row.ts";
import { toLine } from "../../src/log/row-line.ts";
import { cloneDatabase, type TestDatabase } from "../support/database.ts";
import { makeRecord, type RecordChanges } from "./decision-record.ts";

const full = { storeText: "full", hashKey: Buffer.alloc(32, 1) } as const;
const COLUMNS = Object.keys(toRow(makeRecord(), full)).join(", ");
const INSERT = `INSERT INTO routing_logs (${COLUMNS})
  SELECT ${COLUMNS} FROM json_populate_recordset(NULL::routing_logs, $1)`;

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(() => database.drop());

async function store(changes: RecordChanges): Promise<Record<string, unknown> | undefined> {
  const record = makeRecord(changes);
  await database.query(INSERT, [Buffer.from(`[${toLine(record, full)}]`)]);
  const [row] = await database.query("SELECT * FROM routing_logs WHERE id = $1", [record.id]);
  return row;
}

describe("toLine() in PostgreSQL", () => {
  test("fills every column that it names", async () => {
    const record = makeRecord();
    const row = await store({ id: record.id, at: record.at });
    expect(row).toMatchObject({ ...toRow(record, full), timestamp: record.at, features: [20, 0.7, 0.05] });
  });

  test.each([
    ["NUL and lone surrogates", "a\u0000\ud800", "a\ufffd\ufffd"],
    ["newlines, quotes and braces", '\n"{a,b}\\,NULL', '\n"{a,b}\\,NULL'],
    ["text beyond ASCII", "é 你好 😀 \u2028", "é 你好 😀 \u2028"],
    ["nothing", "", ""],
  ])("takes %s in texts, arrays and JSON", async (_name, given, stored) => {
    const notes = [{ path: given, note: given }];
    const row = await store({
      text: given,
      request: { tags: [given, "b"], sessionId: given },
      decision: { reason: given, trace: [{ step: "read", wire: "chat", notes }] },
    });
    expect(row).toMatchObject({
      user_text: stored,
      tags: [stored, "b"],
      conversation_id: stored,
      reason: stored,
      trace: [{ step: "read", wire: "chat", notes: [{ path: stored, note: stored }] }],
    });
  });

  test("takes names and ids of any length, as the key's index carries them along", async () => {
    // Different code points: PostgreSQL compresses what repeats itself before it measures an index row.
    const long = Array.from({ length: 20_000 }, (_, at) =>
      String.fromCodePoint(0x4e00 + ((at * 7919) % 20_000)),
    ).join("");
    const row = await store({
      request: { sessionId: long },
      caller: { keyHash: long, teamId: long, userId: long, endUserId: long },
      decision: { requestedModel: long, model: long },
    });
    expect(row).toMatchObject({
      original_model: long.slice(0, 128),
      resolved_model: long.slice(0, 128),
      user_id: expect.stringMatching(/^hmac:/),
      conversation_id: expect.stringMatching(/^hmac:/),
    });
  });

  test("takes numbers at the edges of what a request and a price can say", async () => {
    const row = await store({
      facts: { humanTurns: Number.MAX_VALUE },
      decision: { inputTokens: -1, estimatedCostUsd: 5e-324, score: 1e-320, propensity: Number.MAX_VALUE },
    });
    expect(row).toMatchObject({
      conversation_turns: 2 ** 31 - 1,
      input_tokens_estimate: 0,
      estimated_cost_usd: 5e-324,
      score: 1e-320,
      propensity: Number.MAX_VALUE,
    });
  });
});
