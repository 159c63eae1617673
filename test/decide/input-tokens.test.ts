import { describe, expect, it } from "vitest";
import { atAsk } from "../../src/decide/at-ask.ts";
import { estimateInputTokens } from "../../src/decide/input-tokens.ts";
import { countTokens } from "../../src/decide/text-tokens.ts";
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

  it("looks at eight slices that begin at even distances, as if the texts stood one behind the other", () => {
    // Digits take a third of a token each, words less: only slices at the right places see as much of both.
    const texts = ["1".repeat(1_000), `${"2".repeat(1_100)}${"a".repeat(1_900)}`, `${"b".repeat(3_200)}3456`];
    const request = read({ messages: [] });
    // Begin at 0, at 1,000 as the second text does, and so on.
    const total = 7 * 1_000 + 256;
    texts.push("4".repeat(total - texts.join("").length));
    const ends = texts.map((_, index) => texts.slice(0, index + 1).join("").length);
    const pieces = Array.from({ length: 8 }, (_, index) => {
      const end = ends.find((one) => one > index * 1_000) ?? total;
      return texts.join("").slice(index * 1_000, Math.min(end, index * 1_000 + 256));
    });
    const tokens = pieces.reduce((sum, piece) => sum + countTokens(piece), 0);
    const facts = { ...request.facts, chars: total, messages: 0 };
    const estimated = estimateInputTokens({ ...request, otherTexts: texts, facts });
    expect(estimated).toBe(Math.ceil((tokens * total) / pieces.join("").length));
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

  it("counts each token id of a prompt, of one prompt or of several", () => {
    const ids = Array.from({ length: 5_000 }, (_, id) => id);
    const perMessage = 4;
    expect(estimateInputTokens(read({ prompt: ids }))).toBe(5_000 + perMessage);
    expect(estimateInputTokens(read({ prompt: [ids, ids] }))).toBe(10_000 + perMessage);
  });

  it("goes by characters and bytes where no text was sent", () => {
    expect(tokensOf("", { chars: 4_000, utf8_bytes: 4_000 })).toBe(1_000);
    expect(tokensOf("", { chars: 1_000, utf8_bytes: 3_000 })).toBe(850);
  });

  it("adds files, 40 characters of base64 being a token, at the turn as well", () => {
    const base64 = "JVBERi0x".repeat(50_000);
    const pdf = { type: "document", source: { type: "base64", media_type: "application/pdf", data: base64 } };
    const text = { type: "text", text: "sum up" };
    const ask = { role: "user", content: [text, pdf] };
    const estimate = (messages: readonly unknown[]) => estimateInputTokens(read({ system: "", messages }));
    expect(estimate([ask]) - estimate([{ role: "user", content: [text] }])).toBeCloseTo(400_000 / 40, -3);
    const answered = read({
      system: "",
      messages: [ask, { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] }],
    });
    expect(estimateInputTokens(atAsk(answered))).toBe(estimate([ask]));
    const loop = [
      ask,
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: [pdf] }] },
    ];
    expect(estimateInputTokens(atAsk(read({ system: "", messages: loop })))).toBe(estimate([ask]));
    expect(estimate(loop)).toBeGreaterThan(1.9 * estimate([ask]));
  });

  it("lets files of whatever size leave room in a model of 200,000 tokens", () => {
    expect(tokensOf("", { chars: 0, utf8_bytes: 0, file_chars: 40_000_000 })).toBe(100_000);
  });

  it("adds images, tools and messages", () => {
    expect(tokensOf("", { chars: 0, utf8_bytes: 0, images: 2, tool_schema_chars: 400, messages: 3 })).toBe(
      2 * 1_200 + 100 + 12,
    );
  });
});
