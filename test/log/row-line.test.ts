import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toRow } from "../../src/log/row.ts";
import { toJsonLine, toLine } from "../../src/log/row-line.ts";
import { makeRecord } from "./decision-record.ts";

const full = { storeText: "full", hashKey: Buffer.alloc(32, 1) } as const;

function noteOf(path: string) {
  return { trace: [{ step: "read", wire: "chat", notes: [{ path, note: path }] }] } as const;
}

describe("toLine()", () => {
  test("is the row as JSON, candidates and trace as values", () => {
    const record = makeRecord();
    expect(JSON.parse(toLine(record, full))).toEqual({ ...toRow(record, full) });
  });

  test("is one line, whatever is in the texts", () => {
    const line = toLine(makeRecord({ text: "a\nb\r\nc\u2028d", request: { tags: ["\n"] } }), full);
    expect(line).not.toMatch(/[\r\n]/);
    expect(JSON.parse(line).user_text).toBe("a\nb\r\nc\u2028d");
  });

  test("replaces what PostgreSQL refuses: NUL and lone surrogates, in every text", () => {
    const hostile = "a\u0000b\ud800c😀d\udc00";
    const clean = "a\ufffdb\ufffdc😀d\ufffd";
    const request = { requestedModel: hostile, tags: [hostile], sessionId: hostile, callType: hostile };
    const record = makeRecord({
      text: hostile,
      request,
      decision: noteOf(hostile),
      caller: { userId: hostile },
    });
    expect(JSON.parse(toLine(record, full))).toMatchObject({
      user_text: clean,
      tags: [clean],
      conversation_id: clean,
      call_type: clean,
      user_id: clean,
      trace: [{ step: "read", wire: "chat", notes: [{ path: clean, note: clean }] }],
    });
  });

  test("leaves text alone that only looks like an escape", () => {
    const text = "a\\u0000b \\ud800";
    const row = JSON.parse(toLine(makeRecord({ text, decision: noteOf(text) }), full));
    expect(row.user_text).toBe(text);
    expect(row.trace[0].notes[0].path).toBe(text);
  });

  test("writes no number that is none", () => {
    const decision = {
      score: Number.NaN,
      propensity: Number.NaN,
      estimatedCostUsd: Number.POSITIVE_INFINITY,
    };
    const row = JSON.parse(toLine(makeRecord({ decision }), full));
    expect(row).toMatchObject({ score: null, propensity: 1, estimated_cost_usd: null });
  });
});

describe("toJsonLine()", () => {
  test("is well-formed, one line and free of NUL for any text, and keeps what is neither", () => {
    const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
    fc.assert(
      fc.property(anyText, (text) => {
        const line = toJsonLine({ text, list: [text] });
        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toMatch(/[\n\0]|(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
        const clean = text.toWellFormed().replaceAll("\0", "\ufffd");
        expect(JSON.parse(line)).toEqual({ text: clean, list: [clean] });
      }),
    );
  });
});
