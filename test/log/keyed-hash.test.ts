import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { keyedHash } from "../../src/log/keyed-hash.ts";

const key = Buffer.alloc(32, 1);
const other = Buffer.alloc(32, 2);

describe("keyedHash()", () => {
  test("is the beginning of an HMAC-SHA256, the first time and every other time", () => {
    const texts = Array.from({ length: 200 }, (_, index) => `text ${index} é😀`);
    const expected = texts.map((text) => {
      return `hmac:${createHmac("sha256", key).update(text).digest("hex").slice(0, 32)}`;
    });
    for (let round = 0; round < 3; round += 1) {
      expect(texts.map((text) => keyedHash(text, key))).toEqual(expected);
    }
  });

  test("differs by key, also for a text that came before", () => {
    expect(keyedHash("same", key)).not.toBe(keyedHash("same", other));
    expect(keyedHash("same", other)).toBe(keyedHash("same", other));
  });

  test("hashes a text that is too long to be remembered", () => {
    const long = "x".repeat(100_000);
    expect(keyedHash(long, key)).toBe(keyedHash(long, Buffer.from(key)));
  });
});
