import fc from "fast-check";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { createPatternSet, createTextFinder, refusePattern } from "../../src/policy/text-patterns.ts";
import { meanCpuMs } from "../support/cpu-time.ts";

function setOf(...sources: string[]) {
  const set = createPatternSet();
  const patterns = sources.map((source) => set.add(source));
  set.seal();
  return patterns;
}

const HOSTILE = ["(a+)+$", "(a|a)+$", ".*.*=.*", "(a*)*b", "(?:a|b)*a(?:a|b){12}c"];
const TEXTS = {
  "one letter": `${"a".repeat(65_535)}!`,
  "two letters": "ab".repeat(32_768),
  words: "foo = bar. ".repeat(6_000),
  accents: "é".repeat(65_536),
};

/** Letters that are one, whatever their case and whether their accents stand in them or behind them. */
const ALIKE = [
  ["Invoice", "the INVOICE"],
  ["iptal", "İptal etmek istiyorum"],
  ["İPTAL", "aboneliği iptal et"],
  ["ısıtıcı", "Isıtıcı çalışmıyor"],
  ["Prüfung", "Die Pru\u0308fung"],
  ["Pru\u0308fung", "Die PRÜFUNG"],
] as const;

describe("createTextFinder()", () => {
  it.each(ALIKE)("finds %s in %s", (source, text) => {
    expect(createTextFinder()(source).matches(text)).toBe(true);
  });

  it("tells texts apart, and answers for the text that is asked about", () => {
    const finder = createTextFinder();
    const [invoice, receipt] = [finder("invoice"), finder("a.b")];
    expect([invoice.matches("my Invoice"), receipt.matches("my Invoice")]).toEqual([true, false]);
    expect([invoice.matches("acb"), receipt.matches("acb"), receipt.matches("A.B")]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it("takes no longer for a text of accents alone", () => {
    const finder = createTextFinder();
    const accents = "\u0301\u0316".repeat(32_768);
    let run = 0;
    const ms = meanCpuMs(() => {
      run += 1;
      finder("needle").matches(`a${accents}${run}`);
    });
    expect(ms).toBeLessThan(20);
    expect(finder("needle é").matches(`${accents} needle e\u0301`)).toBe(true);
  });
});

describe("createPatternSet()", () => {
  it.each(HOSTILE.flatMap((source) => Object.entries(TEXTS).map(([name, text]) => ({ source, name, text }))))(
    "matches $source against 64 KB of $name in less than a millisecond",
    ({ source, text }) => {
      const [pattern] = setOf(source);
      // A text is matched once, and then at hand.
      let run = 0;
      const ms = meanCpuMs(() => {
        run += 1;
        pattern?.matches(text + run);
      });
      expect(ms).toBeLessThan(1);
    },
  );

  it("tells each pattern of the set apart, and answers for the text that is asked about", () => {
    const [title, summary, digits] = setOf("a (short )?title", "summar(y|ise)", "\\d{3}");
    expect([title?.matches("write a TITLE"), summary?.matches("write a TITLE")]).toEqual([true, false]);
    expect([title?.matches("summarise 123"), summary?.matches("summarise 123")]).toEqual([false, true]);
    expect(digits?.matches("summarise 123")).toBe(true);
    expect(digits?.matches("write a title")).toBe(false);
  });

  it.each(ALIKE)("finds %s in %s", (source, text) => {
    expect(setOf(source).map((pattern) => pattern.matches(text))).toEqual([true]);
  });

  it("remembers what it found in some texts, and is right of any", () => {
    const [pattern] = setOf("needle [0-9]*7$");
    const texts = Array.from({ length: 400 }, (_, at) => `needle ${at}`);
    for (const text of [...texts, ...texts]) expect(pattern?.matches(text)).toBe(text.endsWith("7"));
  });

  it("reads head and tail of a long text, and nothing between", () => {
    const [pattern] = setOf("needle");
    const hay = "x".repeat(10_000);
    expect(pattern?.matches(`needle${hay}`)).toBe(true);
    expect(pattern?.matches(`${hay}needle`)).toBe(true);
    expect(pattern?.matches(`${hay}needle${hay}`)).toBe(false);
  });

  it("finds what each pattern finds alone, on any text", () => {
    const sources = [
      "a+b",
      "^a",
      "b$",
      "\\bb\\b",
      "(a|b)*abb",
      "[^a]{2}",
      "a.b",
      "é|ß",
      "(?:a|b)*a(?:a|b){8}c",
    ];
    const patterns = setOf(...sources);
    const alone = sources.map((source) => RE2JS.compile(source, RE2JS.CASE_INSENSITIVE));
    const unit = fc.constantFrom("a", "b", "A", "c", " ", "\n", "é", "😀");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        expect(patterns.map((pattern) => pattern.matches(text))).toEqual(alone.map((one) => one.test(text)));
      }),
      { numRuns: 500 },
    );
  });

  it("still tells the truth where the automaton outgrows its memory", () => {
    const [pattern] = setOf("(?:a|b)*a(?:a|b){40}c");
    let seed = 1;
    const bits = Array.from({ length: 7_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % 65_536 < 32_768 ? "a" : "b";
    }).join("");
    expect(pattern?.matches(bits)).toBe(false);
    expect(pattern?.matches(`${bits}a${"b".repeat(40)}c`)).toBe(true);
  });
});

describe("refusePattern()", () => {
  it.each([...HOSTILE, "generate a (short )?title", "(?s)plan.*mode", "\\p{Greek}"])("takes %s", (source) => {
    expect(refusePattern(source)).toBeNull();
  });

  it.each(["[s-ı]", "(?=a)", "(?<!a)b", "(a)\\1", "(a", "a**", "a{2000}", "(((a{100}){100}){100})"])(
    "refuses %s as no regular expression of RE2",
    (source) => {
      expect(refusePattern(source)).toMatch(/^a regular expression that RE2 takes; it says: /);
    },
  );

  it("refuses a pattern that is large once it is compiled", () => {
    expect(refusePattern("(a{9}){9}")).toBeNull();
    expect(refusePattern("(a{20}){20}")).toContain("at most 250 steps");
  });
});
