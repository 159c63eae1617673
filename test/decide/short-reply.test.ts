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
    "ok, thanks",
    "Yes please, go ahead and continue.",
    "好的，谢谢",
    "ja, mach weiter bitte",
    // 40 characters, the most that can be a short reply.
    "yes yes yes yes yes yes yes yes yes yes.",
  ])("sees no signal in %j", (text) => {
    expect(isShortReply(text)).toBe(true);
  });

  it.each([
    "yes, and prove it",
    "no way to do this in O(n)?",
    "why",
    "2",
    "go on and refactor it",
    "yes, but faster",
    "continue with step 4",
    "хорошо, почему?",
    "yes yes yes yes yes yes yes yes yes yes..",
  ])("sees a signal in %j", (text) => {
    expect(isShortReply(text)).toBe(false);
  });
});
