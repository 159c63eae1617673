import { mkdtempSync, type NoParamCallback, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DiskBudget } from "../../../src/log/outbox/disk-budget.ts";
import { Outbox } from "../../../src/log/outbox/outbox.ts";

/** Milliseconds of these tests, in which the disk takes no time; they pass as the tests say. */
let nowMs = 0;

/** When the disk was asked to keep a file, and when a folder, in those milliseconds; and what it has not answered yet. */
const asked = vi.hoisted(() => ({
  file: [] as number[],
  folder: [] as number[],
  underWay: new Set<Promise<void>>(),
}));

// Sees the calls to the system, and makes them.
vi.mock("node:fs", async (importActual) => {
  const fs = await importActual<typeof import("node:fs")>();
  const seen = <T extends unknown[]>(done: (...answer: T) => void) => {
    const call = Promise.withResolvers<void>();
    asked.underWay.add(call.promise);
    return (...answer: T) => {
      done(...answer);
      asked.underWay.delete(call.promise);
      call.resolve();
    };
  };
  return {
    ...fs,
    fdatasync: (fd: number, done: NoParamCallback) => {
      asked.file.push(performance.now());
      fs.fdatasync(fd, seen(done));
    },
    fsync: (fd: number, done: NoParamCallback) => {
      asked.folder.push(performance.now());
      fs.fsync(fd, seen(done));
    },
    open: (path: string, flags: string, done: (error: Error | null, fd: number) => void) =>
      fs.open(path, flags, seen(done)),
    close: (fd: number, done: NoParamCallback) => fs.close(fd, seen(done)),
  };
});

let folder: string;
let outbox: Outbox;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  asked.file.length = 0;
  asked.folder.length = 0;
  folder = mkdtempSync(join(tmpdir(), "signalbox-sync-"));
  const budget = new DiskBudget(2 ** 30);
  outbox = new Outbox({ table: "rows", budget, now: Date.now, maxAgeMs: 2 ** 40 });
  outbox.useFolder(folder);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** Lets time pass for a process that gets to its timers, and lets the disk end what it was asked for. */
async function pass(ms: number): Promise<void> {
  nowMs += ms;
  vi.advanceTimersByTime(ms);
  while (asked.underWay.size > 0) await Promise.all(asked.underWay);
}

test("each row is followed within 100 ms by a call that has the disk keep it, under load too", async () => {
  const appended: number[] = [];
  while (appended.length < 300) {
    expect(outbox.append(Buffer.from('{"id":1}\n'))).toBe("kept");
    appended.push(nowMs);
    await pass(2);
  }
  await pass(100);
  const waits = appended.map(
    (at) => (asked.file.find((call) => call >= at) ?? Number.POSITIVE_INFINITY) - at,
  );
  expect(Math.max(...waits)).toBe(100);
  expect(asked.file.length, "calls for 300 rows in 600 ms").toBe(6);
  await outbox.close();
});

test("a process that does not get to its timers has the disk keep rows as it appends others", async () => {
  for (let row = 0; row < 350; row += 1) {
    outbox.append(Buffer.from('{"id":1}\n'));
    nowMs += 1;
  }
  expect(asked.file.length, "calls before the loop of events goes on").toBe(1);
  await pass(0);
  expect(asked.file.length, "calls once it does").toBe(2);
  await outbox.close();
});

test("a new file is followed by a call that has the disk keep its entry in the folder", async () => {
  outbox.append(Buffer.from('{"id":1}\n'));
  await pass(100);
  expect(asked.folder).toHaveLength(1);
  outbox.append(Buffer.from('{"id":2}\n'));
  await pass(100);
  expect(asked.file).toHaveLength(2);
  await outbox.close();
  expect(asked.folder).toHaveLength(1);
});
