import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { OutboxFolder } from "../../../src/log/outbox/outbox-folder.ts";
import { newSegmentName } from "../../../src/log/outbox/segment-name.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-folder-"));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

/** How often it looks, in milliseconds. */
const LOOK_MS = 5_000;

function open(read: (path: string) => void = () => undefined) {
  const claimed: string[] = [];
  const found: string[] = [];
  const folder = new OutboxFolder({
    root,
    onClaimed: (path) => claimed.push(path),
    onFound: (_table, path) => {
      read(path);
      found.push(path);
    },
  });
  return { folder, claimed, found };
}

function leave(number: string, createdMs: number): string {
  mkdirSync(join(root, number), { recursive: true });
  const path = join(root, number, newSegmentName("rows", createdMs));
  writeFileSync(path, "{}\n");
  return path;
}

describe("OutboxFolder", () => {
  test("reports the segments after one that cannot be read, and that one when it can", () => {
    const bad = leave("1", 1);
    const good = leave("1", 2);
    let isBroken = true;
    const { folder, found } = open((path) => {
      if (isBroken && path === bad) throw new Error("EIO: i/o error");
    });
    expect(found).toEqual([good]);
    expect(folder.error).toBe("EIO: i/o error");
    isBroken = false;
    vi.advanceTimersByTime(LOOK_MS);
    expect(found).toEqual([good, bad]);
    expect(folder.error).toBeNull();
    folder.close();
  });

  test("reports what it takes over where one of it cannot be read", () => {
    const { folder, found } = open((path) => {
      if (path.includes("-0000000000001-")) throw new Error("EIO: i/o error");
    });
    leave("7", 1);
    leave("7", 2);
    leave("8", 3);
    vi.advanceTimersByTime(LOOK_MS);
    expect(found).toHaveLength(2);
    expect(found.every((path) => path.startsWith(join(root, "1")))).toBe(true);
    folder.close();
  });

  test("takes a folder when the disk works again", () => {
    rmSync(root, { recursive: true });
    writeFileSync(root, "in the way");
    const { folder, claimed } = open();
    expect(folder.error).toContain("ENOTDIR");
    rmSync(root);
    vi.advanceTimersByTime(LOOK_MS);
    expect(claimed).toEqual([join(root, "1")]);
    expect(folder.error).toBeNull();
    folder.close();
  });

  test("takes a folder anew where somebody deleted it", () => {
    const { folder, claimed } = open();
    rmSync(join(root, "1"), { recursive: true });
    vi.advanceTimersByTime(LOOK_MS);
    expect(claimed).toEqual([join(root, "1"), join(root, "1")]);
    folder.close();
  });
});
