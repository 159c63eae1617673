import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { conversationHash } from "../../src/request/conversation-hash.ts";
import { HARNESS_PHRASES, HARNESS_TAGS } from "../../src/request/harness-tags.ts";
import { read } from "./read.ts";

const vectorsSchema = z.object({
  harness_tags: z.array(z.string()),
  harness_phrases: z.array(z.string()),
  vectors: z.array(
    z.object({
      title: z.string(),
      call_type: z.string(),
      body: z.record(z.string(), z.unknown()),
      hash: z.string().nullable(),
    }),
  ),
});

// The callback's tests read the same file, so that both sides keep to one definition.
const shared = vectorsSchema.parse(
  JSON.parse(readFileSync(new URL("./conversation-hash.json", import.meta.url), "utf8")),
);

describe("conversationHash()", () => {
  test.each(shared.vectors)("is the shared one for $title", ({ body, call_type, hash }) => {
    expect(read(body, { call_type }).facts.conversationHash).toBe(hash);
  });

  test("is the beginning of SHA-256 over the first turn", () => {
    const hex = createHash("sha256").update("Hello, world").digest("hex");
    expect(conversationHash("Hello, world")).toBe(hex.slice(0, 32));
  });

  test("stays the same while the conversation grows, and differs from another's", () => {
    const [first, later, reminded, other] = shared.vectors.map(({ hash }) => hash);
    expect(later).toBe(first);
    expect(reminded).toBe(first);
    expect(other).not.toBe(first);
  });

  test("is null without a human turn", () => {
    expect(conversationHash(null)).toBeNull();
  });

  test("shares its harness tags and phrases with the callback", () => {
    expect(shared.harness_tags).toEqual(HARNESS_TAGS);
    expect(shared.harness_phrases).toEqual(HARNESS_PHRASES);
  });
});
