import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DiskBudget } from "../../../src/log/outbox/disk-budget.ts";
import { Outbox } from "../../../src/log/outbox/outbox.ts";
import { until } from "../../support/until.ts";

let folder: string;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-outbox-"));
  nowMs = 1_700_000_000_000;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function open(maxBytes = 2 ** 30): { outbox: Outbox; budget: DiskBudget } {
  const budget = new DiskBudget(maxBytes);
  const outbox = new Outbox({ table: "rows", budget, now: () => nowMs, maxAgeMs: 90 * DAY_MS });
  outbox.useFolder(folder);
  return { outbox, budget };
}

const line = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`);
const files = () => readdirSync(folder).sort();

async function read(outbox: Outbox, maxBytes = 1_000): Promise<unknown[] | null> {
  const pending = await outbox.next(maxBytes);
  return pending === null ? null : JSON.parse(pending.batch.json().toString());
}

async function drain(outbox: Outbox, maxBytes = 1_000): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let pending = await outbox.next(maxBytes); pending !== null; pending = await outbox.next(maxBytes)) {
    rows.push(...JSON.parse(pending.batch.json().toString()));
    pending.settle(pending.batch.rows);
  }
  return rows;
}

describe("append()", () => {
  test("has the line on the disk when it returns, where jq can read it", () => {
    const { outbox } = open();
    expect(outbox.append(line({ id: 1, text: "é😀" }))).toBe("kept");
    const [file = ""] = files();
    expect(file).toMatch(/^rows-1700000000000-[0-9a-f]{8}\.ndjson$/);
    expect(readFileSync(join(folder, file), "utf8")).toBe('{"id":1,"text":"é😀"}\n');
  });

  test("begins a new segment after a second where rows are stored, and names the old one with its rows", async () => {
    const { outbox } = open();
    outbox.append(line(1));
    outbox.append(line(2));
    const pending = await outbox.next(3);
    pending?.settle(1);
    nowMs += 1_000;
    outbox.append(line(3));
    expect(files().map((file) => file.replace(/-[0-9a-f]{8}(?=\.)/, ""))).toEqual([
      "rows-1700000000000.2.ndjson",
      "rows-1700000001000.ndjson",
    ]);
  });

  test("goes on with a segment for an hour where no rows are stored", () => {
    const { outbox } = open();
    for (let minute = 0; minute <= 60; minute += 1) {
      outbox.append(line(minute));
      nowMs += 60_000;
    }
    expect(files().map((file) => /\.(\d+)\.ndjson$/.exec(file)?.[1])).toEqual(["60", undefined]);
  });

  test("begins a new segment after 16 MiB", () => {
    const { outbox } = open();
    const large = line("x".repeat(2 ** 20 - 3));
    for (let count = 0; count < 17; count += 1) outbox.append(large);
    expect(
      files()
        .map((file) => /\.(\d+)\.ndjson$/.exec(file)?.[1])
        .sort(),
    ).toEqual(["16", undefined]);
  });

  test("refuses what does not fit, and takes rows again once others are settled", async () => {
    const { outbox, budget } = open(25);
    expect([1, 2, 3].map((id) => outbox.append(line({ id })))).toEqual(["kept", "kept", "full"]);
    expect(budget.usedBytes).toBe(18);
    await drain(outbox);
    nowMs += 1_000;
    outbox.tidy();
    await until(() => budget.usedBytes === 0);
    expect(outbox.append(line({ id: 4 }))).toBe("kept");
    expect(await drain(outbox)).toEqual([{ id: 4 }]);
  });

  test("fails while the folder is gone, says why, and works again by itself", () => {
    const { outbox } = open();
    rmSync(folder, { recursive: true });
    expect(outbox.append(line(1))).toBe("failed");
    expect(outbox.diskError).toContain("ENOENT");
    mkdirSync(folder);
    expect(outbox.append(line(2)), "too early to try again").toBe("failed");
    nowMs += 100;
    expect(outbox.append(line(3))).toBe("kept");
    expect(outbox.diskError).toBeNull();
    expect(outbox.waiting).toBe(1);
  });

  test("tries a disk that refused again after a clock that went back", () => {
    const { outbox } = open();
    rmSync(folder, { recursive: true });
    expect(outbox.append(line(1))).toBe("failed");
    mkdirSync(folder);
    nowMs -= 3_600_000;
    expect(outbox.append(line(2))).toBe("kept");
  });
});

describe("next()", () => {
  test("gives the oldest rows in whole lines, again and again until they are settled", async () => {
    const { outbox } = open();
    for (const id of [1, 2, 3]) outbox.append(line({ id }));
    expect(await read(outbox, 20)).toEqual([{ id: 1 }, { id: 2 }]);
    const pending = await outbox.next(20);
    pending?.settle(1);
    expect(await read(outbox, 20)).toEqual([{ id: 2 }, { id: 3 }]);
    expect(outbox.waiting).toBe(2);
  });

  test("waits for no fewer than no rows where a complete file has more of them than its name says", async () => {
    const { outbox } = open();
    const path = join(folder, "rows-1700000000000-0a1b2c3d.1.ndjson");
    writeFileSync(path, Buffer.concat([line(1), line(2)]));
    expect(outbox.adopt(path)).toBe(1);
    expect(await drain(outbox)).toEqual([1, 2]);
    expect(outbox.waiting).toBe(0);
    expect(await outbox.next(1_000)).toBeNull();
  });

  test("gives a line that is longer than asked for", async () => {
    const { outbox } = open();
    outbox.append(line("x".repeat(5_000)));
    outbox.append(line("y"));
    expect(await drain(outbox, 10)).toEqual(["x".repeat(5_000), "y"]);
  });

  test("reads on across segments in the order of their rows", async () => {
    const { outbox } = open();
    for (let id = 0; id < 50; id += 1) {
      outbox.append(line(id));
      nowMs += 1_000_000;
    }
    expect(files().length).toBeGreaterThan(10);
    expect(await drain(outbox, 7)).toEqual(Array.from({ length: 50 }, (_, id) => id));
    await until(() => files().length === 1);
  });

  test("gives nothing where all is settled, and what is appended then", async () => {
    const { outbox } = open();
    outbox.append(line(1));
    expect(await drain(outbox)).toEqual([1]);
    expect(await outbox.next(1_000)).toBeNull();
    outbox.append(line(2));
    expect(await drain(outbox)).toEqual([2]);
  });

  test("gives up segments that are older than rows are kept, and counts them", async () => {
    const { outbox } = open();
    outbox.append(line(1));
    outbox.append(line(2));
    nowMs += 91 * DAY_MS;
    outbox.append(line(3));
    expect(await drain(outbox)).toEqual([3]);
    expect(outbox.givenUp).toEqual({ expired: 2, torn: 0 });
    expect(outbox.waiting).toBe(0);
  });

  test("counts rows that the disk lost, and goes on behind them", async () => {
    const { outbox } = open();
    outbox.append(line({ id: 1 }));
    outbox.append(line({ id: 2 }));
    nowMs += HOUR_MS;
    outbox.append(line({ id: 3 }));
    const [first = ""] = files();
    truncateSync(join(folder, first), 12);
    expect(await drain(outbox)).toEqual([{ id: 1 }, { id: 3 }]);
    expect(outbox.givenUp).toEqual({ expired: 0, torn: 1 });
    expect(outbox.waiting).toBe(0);
  });

  test("goes on behind a file that somebody deleted, and counts its rows", async () => {
    const { outbox, budget } = open();
    outbox.append(line(1));
    outbox.append(line(2));
    nowMs += HOUR_MS;
    outbox.append(line(3));
    rmSync(join(folder, files()[0] ?? ""));
    expect(await drain(outbox)).toEqual([3]);
    expect(outbox.givenUp).toEqual({ expired: 0, torn: 2 });
    await until(() => budget.usedBytes === 2);
  });

  test("goes on with others while a file cannot be read, says why, and reads it later", async () => {
    const { outbox } = open();
    outbox.append(line(1));
    nowMs += HOUR_MS;
    outbox.append(line(2));
    const first = join(folder, files()[0] ?? "");
    renameSync(first, join(folder, "aside"));
    mkdirSync(first);
    expect(await drain(outbox)).toEqual([2]);
    expect(outbox.diskError).toContain("EISDIR");
    expect(outbox.waiting).toBe(1);
    rmdirSync(first);
    renameSync(join(folder, "aside"), first);
    expect(await drain(outbox), "too early to try again").toEqual([]);
    nowMs += 5_000;
    expect(await drain(outbox)).toEqual([1]);
    expect(outbox.diskError).toBeNull();
  });

  test("gives up nothing that is appended while it reads", async () => {
    const { outbox } = open();
    outbox.append(line(0));
    const seen: unknown[] = await drain(outbox);
    for (let id = 1; id < 200; id += 2) {
      const reading = drain(outbox);
      outbox.append(line(id));
      nowMs += 1_000;
      outbox.append(line(id + 1));
      seen.push(...(await reading), ...(await drain(outbox)));
    }
    expect(seen).toEqual(Array.from({ length: 201 }, (_, id) => id));
    expect(outbox.givenUp.torn).toBe(0);
  });
});

describe("settle()", () => {
  test("lets go of a file once all of its rows are settled, never before", async () => {
    const { outbox } = open();
    outbox.append(line(1));
    outbox.append(line(2));
    nowMs += HOUR_MS;
    outbox.append(line(3));
    const pending = await outbox.next(1_000);
    pending?.settle(1);
    expect(files()).toHaveLength(2);
    pending?.settle(1);
    await until(() => files().length === 1);
  });
});

describe("adopt()", () => {
  test("takes over what a killed process left, without a line that is not whole", async () => {
    const killed = open().outbox;
    killed.append(line({ id: 1 }));
    killed.append(line({ id: 2 }));
    const [file = ""] = files();
    appendFileSync(join(folder, file), '{"id":3,"te');
    const { outbox, budget } = open();
    expect(outbox.adopt(join(folder, file)), "the torn line is counted").toBe(3);
    expect(outbox.waiting).toBe(2);
    expect(outbox.givenUp.torn).toBe(1);
    expect(budget.usedBytes).toBe(18);
    expect(files()[0]).toMatch(/\.2\.ndjson$/);
    expect(await drain(outbox)).toEqual([{ id: 1 }, { id: 2 }]);
    await until(() => files().length === 0);
  });

  test("takes nothing over twice", async () => {
    const { outbox } = open();
    outbox.append(line(1));
    nowMs += HOUR_MS;
    outbox.append(line(2));
    expect(outbox.adopt(join(folder, files()[0] ?? ""))).toBeNull();
    expect(await drain(outbox)).toEqual([1, 2]);
  });

  test.each([
    ["whose rows were counted", ".3"],
    ["that was written to", ""],
  ])("survives NUL bytes that a loss of power leaves at the end of a segment %s", async (_, count) => {
    const path = join(folder, `rows-1700000000000-0123abcd${count}.ndjson`);
    writeFileSync(path, Buffer.concat([line({ id: 1 }), line({ id: 2 }), Buffer.alloc(5_000)]));
    const { outbox } = open();
    expect(outbox.adopt(path)).toBe(3);
    expect(await drain(outbox)).toEqual([{ id: 1 }, { id: 2 }]);
    expect(outbox.givenUp).toEqual({ expired: 0, torn: 1 });
    expect(outbox.waiting).toBe(0);
    await until(() => files().length === 0);
  });

  test("survives an empty segment", async () => {
    writeFileSync(join(folder, "rows-1700000000000-0123abcd.ndjson"), "");
    const { outbox } = open();
    expect(outbox.adopt(join(folder, files()[0] ?? ""))).toBe(0);
    await until(() => files().length === 0);
    expect(outbox.segmentCount).toBe(0);
  });

  test("puts older segments before those of its own", async () => {
    const earlier = open().outbox;
    earlier.append(line("earlier"));
    await earlier.close();
    const [file = ""] = files();
    nowMs += 5_000;
    const { outbox } = open();
    outbox.append(line("later"));
    outbox.adopt(join(folder, file));
    expect(await drain(outbox)).toEqual(["earlier", "later"]);
  });
});

describe("close()", () => {
  test("leaves rows that wait on the disk, for the next process", async () => {
    const first = open().outbox;
    for (const id of [1, 2]) first.append(line(id));
    await first.close();
    expect(first.append(line(3))).toBe("failed");
    const { outbox } = open();
    for (const file of files()) outbox.adopt(join(folder, file));
    expect(await drain(outbox)).toEqual([1, 2]);
  });

  test("leaves no file where all rows are settled", async () => {
    const { outbox } = open();
    outbox.append(line(1));
    await drain(outbox);
    await outbox.close();
    expect(files()).toEqual([]);
  });
});
