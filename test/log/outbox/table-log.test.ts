import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DiskBudget } from "../../../src/log/outbox/disk-budget.ts";
import { Outbox } from "../../../src/log/outbox/outbox.ts";
import { TableLog } from "../../../src/log/outbox/table-log.ts";

let parent: string;
let folder: string;
let nowMs: number;
let rows: TableLog;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "signalbox-table-"));
  folder = join(parent, "1");
  nowMs = 1_700_000_000_000;
  const budget = new DiskBudget(2 ** 30);
  rows = new TableLog(new Outbox({ table: "rows", budget, now: () => nowMs, maxAgeMs: 2 ** 40 }));
  rows.outbox.useFolder(folder);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** Lines that are on the disk. */
function onDisk(): string[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), "utf8").trimEnd().split("\n"),
  );
}

function repairDisk(): void {
  mkdirSync(folder);
  nowMs += 100;
}

function addMany(from: number, to: number): string[] {
  const lines = Array.from({ length: to - from }, (_, at) => JSON.stringify({ id: from + at }));
  for (const line of lines) rows.add(line);
  return lines;
}

describe("add()", () => {
  test("keeps rows in memory while the disk refuses, and writes them to it with the next row that it takes", () => {
    const lines = addMany(0, 10);
    repairDisk();
    lines.push(...addMany(10, 11));
    expect(onDisk().sort()).toEqual(lines.sort());
    expect(rows.flow()).toEqual({ accepted: 11, stored: 0, waiting: 11, dropped: {} });
  });

  test("never throws and never counts a row twice where neither disk nor memory takes it", () => {
    const large = "x".repeat(2 ** 19);
    for (let count = 0; count < 40; count += 1) rows.add(large);
    const { accepted, waiting, dropped } = rows.flow();
    expect(accepted).toBe(40);
    expect(waiting).toBeGreaterThan(25);
    expect(dropped).toEqual({ disk: 40 - waiting });
  });

  test("drops a row that is too large for any reader, and counts it", () => {
    repairDisk();
    rows.add("é".repeat(2 ** 19));
    expect(rows.flow()).toEqual({ accepted: 1, stored: 0, waiting: 0, dropped: { too_large: 1 } });
  });
});

describe("tidy()", () => {
  test("writes what is in memory to the disk, though no row comes", () => {
    const lines = addMany(0, 10);
    repairDisk();
    rows.tidy();
    expect(onDisk()).toEqual(lines);
    expect(rows.waiting).toBe(10);
  });

  test("leaves rows in memory that are on their way to the database", async () => {
    addMany(0, 3);
    const pending = await rows.next(1_000);
    repairDisk();
    rows.tidy();
    expect(readdirSync(folder)).toEqual([]);
    pending?.settle(2);
    pending?.release();
    rows.tidy();
    expect(onDisk()).toEqual(['{"id":2}']);
    expect(rows.waiting).toBe(1);
  });
});

describe("next()", () => {
  test("takes turns between memory and the disk, whose room is needed", async () => {
    repairDisk();
    const onDisk = addMany(0, 2);
    const aside = join(parent, "aside");
    renameSync(folder, aside);
    // An hour later a new file is due, and there is no folder for it.
    nowMs += 3_600_000;
    const inMemory = addMany(2, 4);
    renameSync(aside, folder);
    const order: string[] = [];
    for (let pending = await rows.next(9); pending !== null; pending = await rows.next(9)) {
      order.push(pending.batch.line(0));
      pending.settle(pending.batch.rows);
      pending.release();
    }
    expect(order).toEqual([inMemory[0], onDisk[0], inMemory[1], onDisk[1]]);
    expect(rows.waiting).toBe(0);
  });
});

describe("close()", () => {
  test("writes what is in memory to the disk, for the next start", async () => {
    const lines = addMany(0, 10);
    repairDisk();
    await rows.close();
    expect(onDisk()).toEqual(lines);
    expect(rows.flow()).toEqual({ accepted: 10, stored: 0, waiting: 10, dropped: {} });
  });
});
