import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const KEY_BYTES = 32;

/**
 * Reads the key of the log's keyed hashes from `hash.key` in the state folder, and makes it the first time.
 * Whoever has it can test guesses against the hashes, so it is readable for its owner alone.
 *
 * @returns a key of 32 bytes.
 * @throws {Error} where the file holds something else than 32 bytes.
 */
export function loadHashKey(stateDir: string): KeyObject {
  mkdirSync(stateDir, { recursive: true });
  const file = hashKeyFile(stateDir);
  createOnce(file);
  const key = readFileSync(file);
  if (key.length !== KEY_BYTES) {
    throw new Error(`Cannot use ${file}: found ${key.length} bytes, expected ${KEY_BYTES}`);
  }
  return createSecretKey(key);
}

/** Path of the key, which is there once something was logged. */
export function hashKeyFile(stateDir: string): string {
  return join(stateDir, "hash.key");
}

/** A hard link appears with its content at once: of two that start together both read the same key. */
function createOnce(file: string): void {
  // A full disk has no room for a draft, and must not keep the sidecar from starting.
  if (existsSync(file)) return;
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(KEY_BYTES), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
