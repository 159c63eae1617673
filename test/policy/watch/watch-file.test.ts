import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { watchFile } from "../../../src/policy/watch/watch-file.ts";
import { until } from "../../support/until.ts";

const INTERVAL_MS = 20;
const SETTLE_MS = 60;

let folder: string;
let file: string;
let calls: number;
let close: () => void;

function watch(path: string, sinceMs = Number.POSITIVE_INFINITY): void {
  const onChange = () => calls++;
  close = watchFile(path, { onChange, sinceMs, intervalMs: INTERVAL_MS, settleMs: SETTLE_MS });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-watch-"));
  file = join(folder, "gateway.yaml");
  calls = 0;
});

afterEach(() => {
  close();
  rmSync(folder, { recursive: true });
});

/** Time in which a change would surely be seen. */
const watched = () => sleep(10 * INTERVAL_MS + SETTLE_MS);

describe("watchFile()", () => {
  it("sees a plain write, one of the same size too, and is quiet otherwise", async () => {
    writeFileSync(file, "a: 1");
    watch(file);
    await watched();
    expect(calls).toBe(0);
    writeFileSync(file, "a: 2");
    await until(() => calls === 1);
    await watched();
    expect(calls).toBe(1);
  });

  it("sees an editor that writes another file and renames it, again and again", async () => {
    writeFileSync(file, "a: 1");
    watch(file);
    await watched();
    for (const round of [1, 2, 3]) {
      writeFileSync(join(folder, "new"), "a: 2");
      renameSync(join(folder, "new"), file);
      await until(() => calls === round);
    }
  });

  it("sees the symbolic link of a mounted ConfigMap swapped", async () => {
    for (const version of ["..1", "..2"]) {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, "gateway.yaml"), "a: 1");
    }
    symlinkSync("..1", join(folder, "..data"));
    symlinkSync(join("..data", "gateway.yaml"), file);
    watch(file);
    await watched();
    symlinkSync("..2", join(folder, "..next"));
    renameSync(join(folder, "..next"), join(folder, "..data"));
    await until(() => calls === 1);
  });

  it("sees a change between the moment it was read and the beginning of the watch", async () => {
    writeFileSync(file, "a: 1");
    watch(file, Date.now() - 60_000);
    await until(() => calls === 1);
    await watched();
    expect(calls).toBe(1);
  });

  it("sees the file go and come back", async () => {
    writeFileSync(file, "a: 1");
    watch(file);
    await watched();
    rmSync(file);
    await until(() => calls === 1);
    writeFileSync(file, "a: 1");
    await until(() => calls === 2);
  });

  it("waits for the end of a write that comes in parts", async () => {
    writeFileSync(file, "a: 1");
    watch(file);
    await watched();
    for (let part = 0; part < 20; part += 1) {
      writeFileSync(file, "\n", { flag: "a" });
      await sleep(INTERVAL_MS);
    }
    expect(calls).toBe(0);
    await until(() => calls === 1);
  });

  it("calls nobody once it is closed", async () => {
    writeFileSync(file, "a: 1");
    watch(file);
    await watched();
    writeFileSync(file, "a: 2");
    close();
    await watched();
    expect(calls).toBe(0);
  });
});
