import { describe, expect, it } from "vitest";
import { estimateInputTokens } from "../../src/decide/input-tokens.ts";
import type { Facts } from "../../src/request/route-request.ts";

const NOTHING: Facts = {
  chars: 0,
  utf8Bytes: 0,
  humanTurns: 0,
  messages: 0,
  images: 0,
  toolNames: [],
  toolSchemaChars: 0,
  signedThinkingBy: null,
  previousResponseBy: null,
  conversationHash: null,
};

const tokensOf = (text: string) =>
  estimateInputTokens({ ...NOTHING, chars: text.length, utf8Bytes: Buffer.byteLength(text) });

describe("estimateInputTokens()", () => {
  it("counts English prose at about four characters a token", () => {
    expect(tokensOf("The quick brown fox jumps over the lazy dog. ".repeat(100))).toBe(1125);
  });

  it("counts Chinese at close to a token a character", () => {
    const chars = 1_000;
    const ratio = tokensOf("设".repeat(chars)) / chars;
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.1);
  });

  it("adds images, tools and messages", () => {
    expect(estimateInputTokens({ ...NOTHING, images: 2, toolSchemaChars: 400, messages: 3 })).toBe(
      2 * 1_200 + 100 + 12,
    );
  });
});
