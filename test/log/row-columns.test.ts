import { expect, test } from "vitest";
import { batchOf } from "../../src/log/outbox/batch.ts";
import { copyRows } from "../../src/log/outbox/copy-rows.ts";
import { toRow } from "../../src/log/row.ts";
import { ROW_COLUMNS } from "../../src/log/row-columns.ts";
import { toLine } from "../../src/log/row-line.ts";
import { makeRecord, type RecordChanges } from "./decision-record.ts";

const full = { storeText: "full", hashKey: Buffer.alloc(32, 1) } as const;

test("ROW_COLUMNS has the columns of a row in their order", () => {
  expect(Object.keys(ROW_COLUMNS)).toEqual(Object.keys(toRow(makeRecord(), full)));
});

test.each<[string, RecordChanges]>([
  ["an everyday row", {}],
  ["one without features", { features: null }],
  ["one without tags", { request: { tags: [] } }],
  ["one with quotes, newlines and the colours of a terminal", { text: 'a\n"b"\\ \u001b[31m\u0000' }],
])("ROW_COLUMNS lets COPY take %s", (_name, changes) => {
  const { parts } = copyRows("routing_logs", ROW_COLUMNS);
  const line = Buffer.from(`${toLine(makeRecord(changes), full)}\n`);
  expect([...parts(batchOf([line]))]).toHaveLength(1);
});
