import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setInterval as everyMs } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DiskBudget } from "../../../src/log/outbox/disk-budget.ts";
import { Outbox } from "../../../src/log/outbox/outbox.ts";
import { until } from "../../support/until.ts";

/** When the disk was asked to keep a file, and when a folder, as performance.now() says. */
const asked = vi.hoisted(() => ({ file: [] as number[], folder: [] as number[] }));

// Sees the calls to the system, and makes them.
vi.mock("node:fs", async (importActual) => {
  const fs = await importActual<typeof import("node:fs")>();
  return {
    ...fs,
    fdatasync: (fd: number, done: (error: Error | null) => void) => {
      asked.file.push(performance.now());
      fs.fdatasync(fd, done);
    },
    fsync: (fd: number, done: (error: Error | null) => void) => {
      asked.folder.push(performance.now());
      fs.fsync(fd, done);
    },
  };
});

/** What may be between the end of 100 ms and a call on a machine that has other things to do. */
const BUSY_MS = 150;

let folder: string;
let outbox: Outbox;
beforeEach(() => {
  asked.file.length = 0;
  asked.folder.length = 0;
  folder = mkdtempSync(join(tmpdir(), "signalbox-sync-"));
  const budget = new DiskBudget(2 ** 30);
  outbox = new Outbox({ table: "rows", budget, now: Date.now, maxAgeMs: 2 ** 40 });
  outbox.useFolder(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("each row is followed within 100 ms by a call that has the disk keep it, under load too", async () => {
  const appended: number[] = [];
  for await (const _ of everyMs(2)) {
    expect(outbox.append(Buffer.from('{"id":1}\n'))).toBe("kept");
    appended.push(performance.now());
    if (appended.length === 300) break;
  }
  await until(() => (asked.file.at(-1) ?? 0) > (appended.at(-1) ?? 0));
  const waits = appended.map(
    (at) => (asked.file.find((call) => call >= at) ?? Number.POSITIVE_INFINITY) - at,
  );
  expect(Math.max(...waits)).toBeLessThan(100 + BUSY_MS);
  expect(asked.file.length, "calls for 300 rows").toBeLessThan(20);
  await outbox.close();
});

test("a process that does not get to its timers has the disk keep rows as it appends others", async () => {
  const endMs = performance.now() + 350;
  while (performance.now() < endMs) outbox.append(Buffer.from('{"id":1}\n'));
  expect(asked.file.length, "calls before the loop of events goes on").toBe(1);
  await until(() => asked.file.length >= 2);
  await outbox.close();
});

test("a new file is followed by a call that has the disk keep its entry in the folder", async () => {
  outbox.append(Buffer.from('{"id":1}\n'));
  await until(() => asked.folder.length === 1);
  outbox.append(Buffer.from('{"id":2}\n'));
  await until(() => asked.file.length === 2);
  await outbox.close();
  expect(asked.folder).toHaveLength(1);
});
