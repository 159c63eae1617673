import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prose } from "../../bench/prose.ts";
import { withoutPastedProse } from "../../src/classify/pasted-prose.ts";
import { meanCpuMs } from "../support/cpu-time.ts";

const QUESTION = "What is the capital of France?";

describe("withoutPastedProse()", () => {
  test.each([500, 4_000])("leaves the question of %i characters of prose", (chars) => {
    const text = prose(chars, 1);
    expect(withoutPastedProse(`${text}\n\n${QUESTION}`)).toBe(QUESTION);
    expect(withoutPastedProse(`${QUESTION}\n\n${text}`)).toBe(QUESTION);
  });

  test.each([
    ["prose alone", prose(600, 1)],
    ["short prose", `${prose(200, 1)}\n\n${QUESTION}`],
    ["prose without an empty line", `${prose(600, 1)}\n${QUESTION}`],
    ["code", `${"let x = f(y);\n".repeat(50)}\n\n${QUESTION}`],
    ["figures", `${"In 1998 it was 3,456 of 7,810 people. ".repeat(20)}\n\n${QUESTION}`],
    ["a question at length", `${prose(600, 1)} So which one is it?\n\nA) one\nB) two`],
  ])("leaves %s as it is", (_what, text) => {
    expect(withoutPastedProse(text)).toBe(text);
  });

  test("is total, and never longer than the text", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 300 })), (paragraphs) => {
        const text = paragraphs.join("\n\n");
        expect(withoutPastedProse(text).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test.each(["\n", "a\n\n", "word ", " \n"])("takes under 5 ms for 16,000 characters of %j", (unit) => {
    const text = unit.repeat(16_000 / unit.length);
    expect(meanCpuMs(() => withoutPastedProse(text))).toBeLessThan(5);
  });
});
