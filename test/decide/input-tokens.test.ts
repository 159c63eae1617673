import { describe, expect, it } from "vitest";
import { estimateInputTokens } from "../../src/decide/input-tokens.ts";
import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";
import { read } from "../request/read.ts";

function tokensOf(content: string, facts: Readonly<Record<string, unknown>> = {}): number {
  const parsed = parseEnvelope({
    body: { messages: [{ role: "user", content }] },
    facts: { messages: 0, ...facts },
  });
  if (!parsed.ok) throw new Error(parsed.message);
  return estimateInputTokens(readRequest(parsed.envelope));
}

describe("estimateInputTokens()", () => {
  it("counts each common word of English prose once", () => {
    expect(tokensOf("The quick brown fox jumps over the lazy dog. ".repeat(20))).toBe(201);
  });

  it("looks at a sample of a long text, and counts as many characters as the whole body has", () => {
    const text = "The quick brown fox jumps over the lazy dog. ".repeat(2_000);
    expect(tokensOf(text) / 20_000).toBeCloseTo(1, 1);
    expect(tokensOf(text, { chars: 10 * text.length }) / 200_000).toBeCloseTo(1, 1);
  });

  it("looks at a text of 2,048 characters as a whole, and at slices of a longer one", () => {
    // A word of so many letters, and eight of 256 of them: each takes a token, and one more for four letters beyond nine.
    expect(tokensOf("a".repeat(2_048))).toBe(Math.ceil(1 + (2_048 - 9) / 4));
    expect(tokensOf("a".repeat(2_049))).toBe(Math.ceil((8 * (1 + (256 - 9) / 4) * 2_049) / 2_048));
  });

  it("looks at eight slices that begin at even distances, wherever one text ends and another begins", () => {
    // Digits take a third of a token each, words less: only slices at the right places see as much of both.
    const texts = ["1".repeat(3_000), "a".repeat(5_000), "2".repeat(8_000)];
    const request = read({ messages: [] });
    const total = 16_000;
    const starts = Array.from({ length: 8 }, (_, index) => Math.floor((index * (total - 256)) / 7));
    const ends = [3_000, 8_000, 16_000];
    const seen = starts.map((start) => {
      const text = ends.findIndex((end) => start < end);
      const length = Math.min(256, (ends[text] ?? 0) - start);
      return { length, tokens: text === 1 ? 1 + (length - 9) / 4 : Math.ceil(length / 3) };
    });
    const units = seen.reduce((sum, { length }) => sum + length, 0);
    const tokens = seen.reduce((sum, one) => sum + one.tokens, 0);
    const facts = { ...request.facts, chars: total, messages: 0 };
    const estimated = estimateInputTokens({ ...request, otherTexts: texts, facts });
    expect(estimated).toBe(Math.ceil((tokens * total) / units));
  });

  it("looks at the newest 64 turns and other texts", () => {
    const request = read({ messages: [] });
    const facts = { ...request.facts, chars: 1_000, messages: 0 };
    const newest = Array.from({ length: 64 }, () => "word ");
    const withOldest = (oldest: string) => {
      const otherTexts = [oldest, ...newest];
      const turns = otherTexts.map((text) => ({ text, chars: text.length }));
      return [
        estimateInputTokens({ ...request, otherTexts, facts }),
        estimateInputTokens({ ...request, turns, facts }),
      ];
    };
    expect(withOldest("1 2 3 4 5 6 7 8 9")).toEqual([200, 200]);
  });

  it("goes by characters and bytes where no text was sent", () => {
    expect(tokensOf("", { chars: 4_000, utf8_bytes: 4_000 })).toBe(1_000);
    expect(tokensOf("", { chars: 1_000, utf8_bytes: 3_000 })).toBe(850);
  });

  it("adds images, tools and messages", () => {
    expect(tokensOf("", { chars: 0, utf8_bytes: 0, images: 2, tool_schema_chars: 400, messages: 3 })).toBe(
      2 * 1_200 + 100 + 12,
    );
  });
});
