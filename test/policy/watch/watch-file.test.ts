import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchFile } from "../../../src/policy/watch/watch-file.ts";

/** Looks at the file that are under way. */
const looks = vi.hoisted(() => new Set<Promise<unknown>>());

// Sees the calls to the system, and makes them.
vi.mock("node:fs/promises", async (importActual) => {
  const fs = await importActual<typeof import("node:fs/promises")>();
  const stat = (path: string, options: { bigint: true }) => {
    const look = fs.stat(path, options);
    looks.add(look);
    return look;
  };
  return { ...fs, stat };
});

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
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  folder = mkdtempSync(join(tmpdir(), "signalbox-watch-"));
  file = join(folder, "gateway.yaml");
  calls = 0;
});

afterEach(() => {
  close();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

/** Lets time pass in which the machine looks at files at once. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += INTERVAL_MS) {
    vi.advanceTimersByTime(INTERVAL_MS);
    await Promise.allSettled(looks);
    looks.clear();
    // What waits for the look goes on before this does.
    await new Promise(setImmediate);
  }
}

/** Time in which a change would surely be seen. */
const watched = () => pass(10 * INTERVAL_MS + SETTLE_MS);

/** Writes what may have the size of what is there: until the clock of the file system has gone on. */
function write(text: string): void {
  const { ctimeNs } = statSync(file, { bigint: true });
  do writeFileSync(file, text);
  while (statSync(file, { bigint: true }).ctimeNs === ctimeNs);
}

describe("watchFile()", () => {
  it("sees a plain write, one of the same size too, and is quiet otherwise", async () => {
    writeFileSync(file, "a: 1");
    watch(file);
    await watched();
    expect(calls).toBe(0);
    write("a: 2");
    await watched();
    expect(calls).toBe(1);
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
      await watched();
      expect(calls).toBe(round);
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
    await watched();
    expect(calls).toBe(1);
  });

  it("sees a change between the moment it was read and the beginning of the watch", async () => {
    writeFileSync(file, "a: 1");
    watch(file, Date.now() - 60_000);
    await watched();
    expect(calls).toBe(1);
  });

  it("sees the file go and come back", async () => {
    writeFileSync(file, "a: 1");
    watch(file);
    await watched();
    rmSync(file);
    await watched();
    expect(calls).toBe(1);
    writeFileSync(file, "a: 1");
    await watched();
    expect(calls).toBe(2);
  });

  it("waits for the end of a write that comes in parts", async () => {
    writeFileSync(file, "a: 1");
    watch(file);
    await watched();
    for (let part = 0; part < 20; part += 1) {
      writeFileSync(file, "\n", { flag: "a" });
      await pass(INTERVAL_MS);
    }
    expect(calls).toBe(0);
    await watched();
    expect(calls).toBe(1);
  });

  it("calls nobody once it is closed", async () => {
    writeFileSync(file, "a: 1");
    watch(file);
    await watched();
    write("a: 2");
    await pass(2 * INTERVAL_MS);
    close();
    await watched();
    expect(calls).toBe(0);
  });
});
