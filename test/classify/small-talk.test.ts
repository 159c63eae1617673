import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withoutSmallTalk } from "../../src/classify/small-talk.ts";
import { meanCpuMs } from "../support/cpu-time.ts";

describe("withoutSmallTalk()", () => {
  test.each([
    ["Hope your week is going well. Explain tides.", "Explain tides."],
    ["I have to hand this in on Monday. You were of great help. Explain tides.", "Explain tides."],
    ["Explain tides. I really appreciate you taking the time.", "Explain tides."],
    ["Explain tides My teacher asked us to hand this in on Monday.", "Explain tides"],
    ["Explain tides.\nThank you for your help.", "Explain tides."],
  ])("takes off what asks for nothing: %s", (text, rest) => {
    expect(withoutSmallTalk(text)).toBe(rest);
  });

  test.each([
    "I hope you are well.",
    "Explain tides. Use no word twice.",
    "I have 3 apples. You take 2 of them. How many do I have?",
    "My query locks the table. Why?",
    "I want to know what you think. Explain tides.",
    "Show me how. Explain tides.",
    "The index is stale. Explain tides.",
    "",
  ])("leaves what a task may need: %s", (text) => {
    expect(withoutSmallTalk(text)).toBe(text);
  });

  test("is total, and leaves a part of the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        expect(text).toContain(withoutSmallTalk(text));
      }),
    );
  });

  test.each(["I am well. ", "My ", "\n", ". "])("takes no longer for a megabyte of %j", (unit) => {
    const text = unit.repeat(1_000_000 / unit.length);
    expect(meanCpuMs(() => withoutSmallTalk(text))).toBeLessThan(5);
  });
});
