import { describe, expect, it } from "vitest";
import { estimateTokens } from "../../src/classify/estimate-tokens.ts";
import { estimateCachedTokens } from "../../src/decide/cached-tokens.ts";
import { read } from "../request/read.ts";

const ASK = { role: "user", content: "Tell me of the wombat." };
const REPLY = { role: "assistant", content: "It digs." };
const NEXT = { role: "user", content: "And of the quokka, which lives on islands?" };
const LATER = read({ messages: [ASK, REPLY, NEXT] });

describe("estimateCachedTokens()", () => {
  it("is nothing at the first call of a conversation", () => {
    expect(estimateCachedTokens(read({ messages: [ASK] }), 50_000)).toBe(0);
  });

  it("is all but the newest human turn", () => {
    expect(estimateCachedTokens(LATER, 50_000)).toBe(50_000 - estimateTokens(NEXT.content));
  });

  it("counts a turn that was cut by its whole length", () => {
    const turns = LATER.turns.map((turn) => ({ ...turn, chars: 10 * turn.text.length }));
    expect(estimateCachedTokens({ ...LATER, turns }, 50_000)).toBe(
      50_000 - 10 * estimateTokens(NEXT.content),
    );
  });

  it("is all where nothing of the newest turn is known", () => {
    const turns = LATER.turns.map((turn) => ({ ...turn, text: "" }));
    expect(estimateCachedTokens({ ...LATER, turns }, 50_000)).toBe(50_000);
    expect(estimateCachedTokens({ ...LATER, turns: [] }, 50_000)).toBe(50_000);
  });

  it("is all but the newest result of a tool within a loop, at the first turn too", () => {
    const call = { role: "assistant", tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }] };
    const result = { role: "tool", tool_call_id: "a", content: "a list of all of the files in this folder" };
    const loop = read({ messages: [ASK, call, result] });
    expect(estimateCachedTokens(loop, 50_000)).toBe(50_000 - estimateTokens(result.content));
    expect(estimateCachedTokens({ ...loop, otherTexts: [] }, 50_000)).toBe(50_000);
  });

  it("is nothing where less than providers keep came before", () => {
    const fresh = estimateTokens(NEXT.content);
    expect(estimateCachedTokens(LATER, 1_023 + fresh)).toBe(0);
    expect(estimateCachedTokens(LATER, 1_024 + fresh)).toBe(1_024);
  });
});
