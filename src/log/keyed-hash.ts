import { createHmac, type KeyObject } from "node:crypto";

/** 128 bits of the hash, so that no two names of a lifetime meet. */
const HASH_HEX_DIGITS = 32;
/** The same system text comes with most requests of a client, and a hash costs as much as the rest of a row. */
const MAX_REMEMBERED = 64;
const MAX_REMEMBERED_CHARS = 32_768;

/** Hashes of texts that came lately, the newest last, by the key that they were made with. */
const remembered = new WeakMap<KeyObject | Buffer, Map<string, string>>();

/** Keyed hash of a text, `hmac:` and 32 hex digits: the same text has the same hash, and no text is seen. */
export function keyedHash(text: string, hashKey: KeyObject | Buffer): string {
  if (text.length > MAX_REMEMBERED_CHARS) return computeHash(text, hashKey);
  const hashes = remembered.get(hashKey) ?? new Map<string, string>();
  remembered.set(hashKey, hashes);
  const hash = hashes.get(text) ?? computeHash(text, hashKey);
  hashes.delete(text);
  hashes.set(text, hash);
  if (hashes.size > MAX_REMEMBERED) hashes.delete(hashes.keys().next().value ?? "");
  return hash;
}

function computeHash(text: string, hashKey: KeyObject | Buffer): string {
  const digest = createHmac("sha256", hashKey).update(text, "utf8").digest("hex");
  return `hmac:${digest.slice(0, HASH_HEX_DIGITS)}`;
}
