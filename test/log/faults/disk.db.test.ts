import { describe, test } from "vitest";
import {
  fullDisk,
  fullDiskThenKilled,
  readOnlyFolder,
  refusedWrites,
} from "../../support/faults/disk-faults.ts";

const options = { holdMs: 2_000, progress: (line: string) => console.log(line) };

describe("no request fails, all is stored or counted, and the sidecar recovers by itself from", () => {
  test("a full file system", () => fullDisk(options), 180_000);
  test("a full file system, and a kill", () => fullDiskThenKilled(options), 180_000);
  test("a disk that refuses every write", () => refusedWrites(options), 180_000);
  test("a folder that became read-only", () => readOnlyFolder(options), 180_000);
});
