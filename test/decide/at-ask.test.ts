import { describe, expect, it } from "vitest";
import { atAsk, isInLoop } from "../../src/decide/at-ask.ts";
import { read } from "../request/read.ts";

const ASK = { role: "user", content: "hello" };
const CALL = {
  role: "assistant",
  content: "wait",
  tool_calls: [{ id: "a", function: { name: "f", arguments: "{}" } }],
};
const RESULT = { role: "tool", tool_call_id: "a", content: "seen" };

/** One human turn of 5 characters, with other figures over the whole body. */
const grown = (facts: Record<string, unknown>) =>
  read(
    { messages: [ASK] },
    { facts: { asks: [[5, 5, 1, 0]], chars: 5, utf8_bytes: 5, messages: 1, ...facts } },
  );

describe("atAsk()", () => {
  it("leaves a request as it is to which nobody has answered", () => {
    for (const request of [read({ messages: [ASK] }), read({ messages: [] })])
      expect(atAsk(request)).toBe(request);
  });

  it("takes away what was said since the newest human turn", () => {
    const request = { ...read({ messages: [ASK, CALL, RESULT] }), inputTokens: 7 };
    expect(request).toMatchObject({ endsInToolResult: true, facts: { messages: 3 } });
    const asked = atAsk(request);
    expect(asked).toMatchObject({
      otherTexts: [],
      endsInToolResult: false,
      facts: request.facts.asks[0] ?? {},
    });
    expect(asked).not.toHaveProperty("inputTokens");
    expect(asked.turns).toEqual(request.turns);
  });

  it("goes by the sizes where the extract holds nothing of what was said since", () => {
    expect(atAsk(grown({ chars: 500 })).facts.chars).toBe(5);
    expect(atAsk(grown({ messages: 3 })).facts.messages).toBe(1);
  });

  it("goes by the texts where the sizes do not tell", () => {
    const request = { ...grown({}), otherTexts: ["an answer"] };
    expect(atAsk(request).otherTexts).toEqual([]);
  });
});

describe("isInLoop()", () => {
  it("tells whether the model was called since the newest human turn", () => {
    expect(isInLoop(read({ messages: [ASK, CALL, RESULT] }))).toBe(true);
    expect(isInLoop(read({ messages: [ASK, CALL, RESULT, ASK] }))).toBe(false);
    expect(isInLoop(read({ messages: [] }))).toBe(false);
  });
});
