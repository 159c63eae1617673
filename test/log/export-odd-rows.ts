import type { TestDatabase } from "../support/database.ts";

/** Texts that files, and those who read them, get wrong. */
const ODD_TEXTS: readonly string[] = [
  "",
  " ",
  "\n",
  "a\nb\r\nc\rd\n",
  'say "hi", "',
  '""',
  ",;\t|",
  "  spaces around  ",
  "你好，世界 日本語 한국어 العربية עברית हिन्दी ไทย Ελληνικά Кириллица",
  "👩‍👩‍👧‍👦 🏳️‍🌈 😀 e\u0301 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
  "\u2028\u2029\u0085\u00a0\ufeff\ufffd\u0001\u001f\u007f",
  "\\ \\n \\u0041 \\x41 \\N",
  "NULL",
  "null",
  "None",
  "NA",
  "nan",
  "N/A",
  "true",
  "1",
  "007",
  "-1e5",
  "0x1F",
  "2026-01-01",
  "=1+1",
  "{}",
  "[1, 2]",
  "{a,b}",
  "'; DROP TABLE routing_logs; --",
  "x".repeat(100_000),
  '𝕏,\n"'.repeat(20_000),
];

/** Numbers of float8, "-0" as a text for JSON has no other, that lose something on the way through carelessness. */
const ODD_NUMBERS = [0.1 + 0.2, -1.5, 1e-300, 5e-324, Number.MAX_VALUE, "-0", 1 / 3, 123_456_789.123_456_78];
/** The same of float4: its least, its greatest, and what is not exact in it. */
const ODD_REALS = ["0.1", "-2.5", "1e-45", "3.4028235e38", "NaN", "Infinity", "-0"];
const ODD_TIMES = [
  "2026-01-01T00:00:00.000001Z",
  "1970-01-01T00:00:00Z",
  "1969-12-31T23:59:59.999999Z",
  "2200-12-31T23:59:59.123456Z",
  "2024-02-29T12:00:00+05:30",
];

const DIMENSIONS = 384;

const idOf = (index: number) => `01f00000-0000-7000-8000-${index.toString(16).padStart(12, "0")}`;
const pickOf = <T>(list: readonly T[], index: number): T | undefined => list[index % list.length];

function rowOf(value: string, index: number): Record<string, unknown> {
  return {
    id: idOf(index),
    timestamp: pickOf(ODD_TIMES, index),
    user_text: value,
    system_prompt: pickOf([null, value], index),
    reason: value.slice(0, 100),
    original_model: value.slice(0, 100),
    resolved_model: "m",
    token_count: 2 ** 31 - 1,
    conversation_turns: -(2 ** 31),
    code_block_count: 0,
    code_lines: 0,
    has_error_trace: pickOf([true, false], index),
    tool_count: 0,
    score: pickOf(ODD_NUMBERS, index),
    confidence: pickOf([null, 0.1, -0.1], index),
    embedding: pickOf([null, embeddingOf(index), "\\x"], index),
    method: "auto",
    pick: "first",
    candidates: [{ model: value, nested: { list: [value, null, 1e-7, true] } }],
    trace: pickOf<unknown>([[], { [value.slice(0, 50)]: value, big: [] }], index),
    propensity: 1,
    policy_revision: "p",
    classifier_revision: "c",
    mode: "enforce",
    features: pickOf([null, [], ODD_REALS], index),
    tags: pickOf([[], [value.slice(0, 1_000), null, "", "NULL", 'a,"b"', "{}"]], index),
    turn: 1,
    input_tokens_estimate: 1,
    decide_us: 1,
    redactions: 0,
  };
}

function embeddingOf(index: number): string {
  const numbers = Float32Array.from({ length: DIMENSIONS }, (_, at) => Math.sin(at + index));
  return `\\x${Buffer.from(numbers.buffer).toString("hex")}`;
}

function outcomeOf(value: string, index: number): Record<string, unknown> {
  return {
    decision_id: idOf(index),
    reported_at: pickOf(ODD_TIMES, index),
    status: "failure",
    error_class: value.slice(0, 100),
    tool_calls: [value.slice(0, 1_000)],
    denied_models: pickOf([null, []], index),
    cost_usd: pickOf(ODD_NUMBERS, index),
    stream: pickOf([null, true], index),
    source: "callback",
  };
}

/** Adds a decision for each of the odd texts, an outcome for most, and comments with the texts. */
export async function insertOddRows(database: TestDatabase): Promise<void> {
  await insert(database, "routing_logs", ODD_TEXTS.map(rowOf));
  await insert(database, "routing_outcomes", ODD_TEXTS.map(outcomeOf).slice(2));
  const feedback = ODD_TEXTS.map((comment, index) => ({
    id: `01f00000-0000-7000-9000-${index.toString(16).padStart(12, "0")}`,
    decision_id: idOf(index),
    created_at: "2026-01-01T00:00:00Z",
    rating: "down",
    expected_tier: comment.slice(0, 100),
    comment,
    source: "cli",
  }));
  await insert(database, "routing_feedback", feedback);
}

async function insert(database: TestDatabase, table: string, rows: readonly Record<string, unknown>[]) {
  const columns = Object.keys(rows[0] ?? {}).join(", ");
  await database.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`,
    [JSON.stringify(rows)],
  );
}
