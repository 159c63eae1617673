import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FEATURE_NAMES } from "../../../src/classify/features/feature-list.ts";
import { readFeatures } from "../../../src/classify/features/read-features.ts";
import { read } from "../../request/read.ts";
import { meanCpuMs } from "../../support/cpu-time.ts";
import { featureOf, featuresOf } from "./features-of.ts";

describe("FEATURE_NAMES", () => {
  test("names each feature once", () => {
    expect(new Set(FEATURE_NAMES).size).toBe(FEATURE_NAMES.length);
  });
});

describe("readFeatures()", () => {
  test("gives finite numbers from 0 up for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        const { numbers } = featuresOf(text);
        expect(numbers.length).toBe(FEATURE_NAMES.length);
        expect(numbers.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      }),
    );
  });

  test("gives numbers that the log keeps to the bit", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.nat(2 ** 31 - 1), (text, toolSchemaChars) => {
        const request = read(
          { messages: [{ role: "user", content: text }] },
          { facts: { tool_schema_chars: toolSchemaChars } },
        );
        const turn = { text, chars: text.length };
        const { numbers } = readFeatures(request, turn);
        const logged = Array.from(numbers, (value) => Math.round(value * 1_000) / 1_000);
        expect(Float32Array.from(logged)).toEqual(numbers);
      }),
    );
  });

  test("reads the same of the same text, whatever was read before", () => {
    const first = featuresOf("Prove that there are infinitely many primes.");
    featuresOf("An entirely different text, with 12 numbers (3.14), CODE_NAMES and more words than before.");
    expect(featuresOf("Prove that there are infinitely many primes.")).toEqual(first);
  });

  test("reads a turn once", () => {
    const request = read({ messages: [{ role: "user", content: "hello" }] });
    const [turn] = request.turns;
    if (turn === undefined) throw new Error("no turn");
    expect(readFeatures(request, turn)).toBe(readFeatures(request, turn));
  });

  test.each(["a", "[", "9", "\n", "A) ", "证", "e ", "\\frac{"])(
    "takes under 5 ms for a million characters of %j",
    (part) => {
      const text = part.repeat(1_000_000 / part.length);
      const request = read({ messages: [{ role: "user", content: "x" }] });
      expect(meanCpuMs(() => readFeatures(request, { text, chars: text.length }))).toBeLessThan(5);
    },
  );

  test("reads the head and the tail of a long text", () => {
    const long = `Prove it. ${"filler ".repeat(10_000)}Then compare it.`;
    expect(featureOf("asks_proof_words", long)).toBe(1);
    expect(featureOf("asks_work_words", long)).toBeGreaterThan(0);
    expect(featureOf("chars", long)).toBe(long.length);
  });

  test("takes white space, case, a greeting and thanks for no other words", () => {
    const plain = featuresOf("What is the capital of France?").words;
    expect(plain.length).toBe(6);
    expect(featuresOf("  WHAT is\n the capital\tof FRANCE ?").words).toEqual(plain);
    expect(featuresOf("Hello! What is the capital of France? Thanks").words).toEqual(plain);
  });

  test("reads what stands around the turn", () => {
    const tools = [{ type: "function", function: { name: "get_weather", parameters: { type: "object" } } }];
    expect(featureOf("tools", "hello", { tools })).toBe(1);
    expect(featureOf("tool_schema_chars", "hello", { tools })).toBeGreaterThan(10);
    expect(featureOf("structured_output", "hello", { response_format: { type: "json_object" } })).toBe(1);
  });

  test.each([
    ["digit_share", "1234abcd", 0.5],
    ["numbers", "12 apples and 3.5 pears, x1", 4],
    ["tex_commands", "\\frac{1}{2} + \\sqrt{2}", 2],
    ["letter_then_bracket", "f(x) = g(h(x))", 3],
    ["han_share", "什么ab", 0.5],
    ["cyrillic_share", "да!!", 0.5],
    ["latin_marked_share", "éa", 0.5],
    ["maths_symbols", "2 × 3 ≤ 7", 2],
    ["option_lines", "Which?\nA) one\nB. two\n(C) three\nD: four\nE1 five", 4],
    ["options_in_order", "Which? A) one B) two C) three", 3],
    ["numbered_lines", "1. one\n2) two\n3.5 is no item", 2],
    ["bullet_lines", "- one\n* two\n-three", 2],
    ["code_lines", "int x = 1;\nif (x) {\n}\ndone", 3],
    ["fence_lines", "```js\nx\n```", 2],
    ["last_line_chars", "one\nthree\n\n  ", 5],
    ["capitalised_share", "We met Anna. They left", 0.2],
    ["all_capitals_share", "The NASA", 0.5],
    ["identifier_share", "has_close lowerCase word Word", 0.5],
    ["single_letter_share", "x plus y", 0.667],
    ["sentences", "One. Two! Three?", 3],
    ["distinct_word_share", "the cat the dog", 0.75],
    ["begins_what", "please tell me what is it", 1],
    ["begins_find", "Could you compute the sum", 1],
    ["logic_puzzle_words", "Clue: she lives directly left of the zebra", 5],
    ["asks_proof_words", "Докажите теорему: доказательство", 3],
  ])("reads %s of %j", (name, text, wanted) => {
    expect(featureOf(name, text)).toBeCloseTo(wanted, 3);
  });

  test("tells rare words from common ones", () => {
    expect(featureOf("rarity_mean", "the of and")).toBeLessThan(3);
    expect(featureOf("rarity_mean", "enantiomeric sarcolemma qwxyzt")).toBeGreaterThan(9);
  });
});
