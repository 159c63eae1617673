import { describe, expect, it } from "vitest";
import { isShortReply } from "../../src/decide/short-reply.ts";

describe("isShortReply()", () => {
  it.each([
    "yes",
    "Yes!",
    "  go on  ",
    "OK.",
    "👍",
    "...",
    "",
    "Danke!",
    "好的",
    "はい。",
    "네",
    "да",
    "d'accord",
  ])("sees no signal in %j", (text) => {
    expect(isShortReply(text)).toBe(true);
  });

  it.each([
    "yes, and prove it",
    "no way to do this in O(n)?",
    "why",
    "2",
    "go on and refactor it",
    "хорошо, почему?",
  ])("sees a signal in %j", (text) => {
    expect(isShortReply(text)).toBe(false);
  });
});
