import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newSegmentName } from "../../../src/log/outbox/segment-name.ts";
import { claimSlot, takeOverSegments } from "../../../src/log/outbox/slot.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "signalbox-slot-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A process that holds a slot until it is killed. */
async function holdInOtherProcess(): Promise<{ folder: string; kill: () => Promise<void> }> {
  const module = new URL("../../../src/log/outbox/slot.ts", import.meta.url).href;
  const program = `import { claimSlot } from ${JSON.stringify(module)};
    const slot = claimSlot(${JSON.stringify(root)});
    console.log(slot.folder);
    setInterval(() => slot.folder, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
  const [output] = await once(child.stdout, "data");
  const kill = async () => {
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  return { folder: String(output).trim(), kill };
}

describe("claimSlot()", () => {
  test("gives each process a folder of its own, and one again whose process was killed", async () => {
    const other = await holdInOtherProcess();
    try {
      expect(other.folder).toBe(join(root, "1"));
      const own = claimSlot(root);
      expect(own.folder).toBe(join(root, "2"));
      own.release();
    } finally {
      await other.kill();
    }
    const next = claimSlot(root);
    expect(next.folder).toBe(join(root, "1"));
    next.release();
  });

  test("throws where the folder cannot be made", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    expect(() => claimSlot(file)).toThrow("ENOTDIR");
  });
});

describe("takeOverSegments()", () => {
  test("moves segments of folders that nobody uses, and leaves those in use and other files alone", async () => {
    const other = await holdInOtherProcess();
    const own = claimSlot(root);
    const left = join(root, "7");
    mkdirSync(left);
    const name = newSegmentName("routing_logs", 1_700_000_000_000);
    const inUse = join(other.folder, newSegmentName("routing_logs", 1_700_000_000_001));
    writeFileSync(join(left, name), "{}\n");
    writeFileSync(join(left, "notes.txt"), "mine");
    writeFileSync(inUse, "{}\n");
    const moved: string[] = [];
    takeOverSegments(root, own, (path) => moved.push(path));
    expect(moved).toEqual([join(own.folder, name)]);
    expect(existsSync(join(own.folder, name))).toBe(true);
    expect(readdirSync(left).sort()).toEqual(["lock", "notes.txt"]);
    expect(existsSync(inUse)).toBe(true);
    own.release();
    await other.kill();
  });

  test("takes over the other folders where one refuses, and says that it did", () => {
    const own = claimSlot(root);
    writeFileSync(join(root, "3"), "no folder");
    mkdirSync(join(root, "4"));
    const name = newSegmentName("routing_logs", 1_700_000_000_000);
    writeFileSync(join(root, "4", name), "{}\n");
    const moved: string[] = [];
    expect(() => takeOverSegments(root, own, (path) => moved.push(path))).toThrow("ENOTDIR");
    expect(moved).toEqual([join(own.folder, name)]);
    own.release();
  });
});
