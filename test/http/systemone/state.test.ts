import { describe, expect, it } from "vitest";
import { readState } from "../../../src/http/systemone/state.ts";

describe("readState()", () => {
  it("takes apart what LiteLLM writes of a conversation with a system prompt", () => {
    const state =
      "\nCaller system prompt, quoted as task context:\nBe brief.\nAlways.\n" +
      "\nRecent conversation (context only, do not classify these):\n[1] first\nof two lines\n[2] second\n" +
      "\nConversation so far: ~37 tokens across the request\n\nClassify this message:\nthird\nask";
    expect(readState(state)).toEqual({
      system: "Be brief.\nAlways.",
      earlier: ["first\nof two lines", "second"],
      message: "third\nask",
    });
  });

  it("takes a message alone", () => {
    expect(readState("\nClassify this message:\nhi")).toEqual({ system: null, earlier: [], message: "hi" });
  });

  it("leaves the answers of the assistant out where the roles are told", () => {
    const state =
      "\nRecent conversation (context only, do not classify these):\n[1] user: a\n[2] assistant: b\n[3] user: c\n" +
      "\nClassify this message:\nd";
    expect(readState(state).earlier).toEqual(["a", "c"]);
  });

  it.each(["", "just a text", "[1] x"])("takes %j, which has another form, for the message", (state) => {
    expect(readState(state)).toEqual({ system: null, earlier: [], message: state });
  });
});
