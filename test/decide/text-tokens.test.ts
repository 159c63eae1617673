import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TOKEN_HUNDREDTHS } from "../../src/classify/script.ts";
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

  it.each([
    ["one space belongs to the word behind it", "a b", 2],
    ["more than one is a token", "a  b", 3],
    ["a line break is a token", "a\n", 2],
    ["a line break of two characters is one", "a\r\n", 2],
    ["but not behind a mark", ";\n", 1],
    ["three digits are a token", "1234567", 3],
    ["three marks are a token", "((((", 2],
    ["a digit ends where a letter begins", "1a", 2],
    ["a capital begins a word", "Hello", 1],
    ["capitals and the letters behind them are one word", "HTTPServer", 1.25],
    ["a word within a word is three quarters of one", "maxTokens", 1.75],
    ["each four letters beyond nine are a token", "internationalisation", 3.75],
  ])("%s", (_, text, wanted) => {
    expect(countTokens(text)).toBe(wanted);
  });

  it("ends with the text, whatever longer text came before it", () => {
    countTokens("x;".repeat(50));
    expect([countTokens(";"), countTokens("\0\0\0\0")]).toEqual([1, 4]);
    countTokens(";".repeat(50));
    expect([countTokens(";"), countTokens("\0\0\0\0")]).toEqual([1, 4]);
  });

  it("counts what lies beyond ASCII by its script, each character", () => {
    for (const text of ["привет", "你好", "\u0080", "é"]) {
      const hundredths = [...text].map((char) => TOKEN_HUNDREDTHS[char.charCodeAt(0)] ?? 0);
      expect(countTokens(text)).toBeCloseTo(hundredths.reduce((sum, one) => sum + one, 0) / 100, 9);
    }
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
