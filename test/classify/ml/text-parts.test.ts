import { describe, expect, test } from "vitest";
import { textParts } from "../../../src/classify/ml/text-parts.ts";

const turnOf = (text: string) => ({ text, chars: text.length });
const partsOf = (text: string) => textParts(turnOf(text)).map((part) => part.text);

/** Numbered words, so that a part tells where it stood. */
const numbered = (chars: number) =>
  Array.from({ length: chars / 5 }, (_, at) => `w${String(at).padStart(3, "0")}`).join(" ");

describe("textParts()", () => {
  test.each([40, 100, 240, 300, 595, 605, 1_000, 1_195])(
    "has a part without what stands at either end of %d characters",
    (chars) => {
      const text = numbered(chars);
      const parts = partsOf(text);
      const free = Math.min(200, text.length - 20);
      const [first, last] = [text.slice(0, free), text.slice(-free)];
      expect(parts.some((part) => text.indexOf(part) + part.length <= text.length - last.length)).toBe(true);
      expect(parts.some((part) => text.indexOf(part) >= first.length)).toBe(true);
    },
  );

  test("cuts no word and is short", () => {
    for (const chars of [40, 300, 1_000]) {
      const words = new Set(numbered(chars).split(" "));
      for (const part of partsOf(numbered(chars))) {
        expect(part.split(" ").every((word) => words.has(word))).toBe(true);
        expect(part.length).toBeLessThanOrEqual(200);
        expect(part.length).toBeGreaterThan(10);
      }
    }
  });

  test("reads the middle alone of what is long: one more text instead of two", () => {
    expect(partsOf(numbered(595))).toHaveLength(2);
    expect(partsOf(numbered(605))).toHaveLength(1);
  });

  test("has none of what is too short or too long to be held down", () => {
    expect(partsOf("Who wrote Faust, and when?")).toEqual([]);
    expect(partsOf(numbered(1_250))).toEqual([]);
  });

  test("leaves out what nobody asks: greetings and thanks", () => {
    const parts = partsOf(
      "Hi there! Which rivers flow through the capital of Austria, and where do they end? Thanks!",
    );
    expect(parts[0]).toMatch(/^Which rivers/);
    expect(parts.at(-1)).toMatch(/end\?$/);
  });
});
