import { test } from "vitest";
import { fullDisk, readOnlyFolder, refusedWrites } from "../support/faults/disk-faults.ts";
import { progress } from "../support/faults/progress.ts";

const MINUTES_MS = 60_000;
/** Longer than memory has room for: rows are dropped then, and counted. */
const options = { holdMs: 45_000, progress };

test("a full file system", () => fullDisk(options), 5 * MINUTES_MS);
test("a disk that refuses every write", () => refusedWrites(options), 5 * MINUTES_MS);
test("a folder that became read-only", () => readOnlyFolder(options), 5 * MINUTES_MS);
