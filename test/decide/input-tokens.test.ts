import { describe, expect, it } from "vitest";
import { estimateInputTokens } from "../../src/decide/input-tokens.ts";
import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";

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
