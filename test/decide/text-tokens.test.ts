import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countTokens } from "../../src/decide/text-tokens.ts";

describe("countTokens()", () => {
  // Wanted: what the vocabulary o200k_base makes of each.
  it.each([
    ["hello world", 2],
    ["Hello, world!", 4],
    ["1234567", 3],
    ["a\n\n    b", 4],
    ["x = y + 1", 5],
    ['{"a":"b","c":1}', 9],
    ["", 0],
  ])("%j takes about %d", (text, wanted) => {
    expect(Math.abs(countTokens(text) - wanted)).toBeLessThanOrEqual(1);
  });

  it("counts a word within a word for less than one of its own, and a long word for more", () => {
    expect(countTokens("maxTokens")).toBeLessThan(countTokens("max Tokens"));
    expect(countTokens("internationalisation")).toBeGreaterThan(2);
  });

  it("gives any text a number of at least 0, and more text no fewer", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(countTokens(text)).toBeGreaterThanOrEqual(0);
        expect(countTokens(`${text} word`)).toBeGreaterThanOrEqual(countTokens(text));
      }),
    );
  });
});
