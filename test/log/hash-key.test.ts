import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadHashKey } from "../../src/log/hash-key.ts";

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), "signalbox-key-"));
});
afterEach(() => rmSync(stateDir, { recursive: true }));

test("loadHashKey() makes a key for its owner alone, and gives the same one afterwards", () => {
  const dir = join(stateDir, "not", "there", "yet");
  const key = loadHashKey(dir);
  expect(key.symmetricKeySize).toBe(32);
  expect(loadHashKey(dir).equals(key)).toBe(true);
  expect(statSync(join(dir, "hash.key")).mode & 0o777).toBe(0o600);
});

test("loadHashKey() gives each state folder a key of its own", () => {
  expect(loadHashKey(join(stateDir, "a")).equals(loadHashKey(join(stateDir, "b")))).toBe(false);
});

test("loadHashKey() refuses a file that holds no key", () => {
  writeFileSync(join(stateDir, "hash.key"), "short");
  expect(() => loadHashKey(stateDir)).toThrow(/found 5 bytes, expected 32/);
});
