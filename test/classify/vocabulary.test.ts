import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileVocabulary } from "../../src/classify/vocabulary.ts";

function found(words: readonly string[], text: string): readonly string[] {
  const find = compileVocabulary(words.map((word) => ({ word, group: "any" as const })));
  return find(text).get("any") ?? [];
}

describe("compileVocabulary()", () => {
  test.each([
    [["hi"], "What is this? His chin", []],
    [["hi"], "hi", ["hi"]],
    [["hi"], "(Hi!)", ["hi"]],
    [["art"], "the start of art_work", []],
    [["design"], "Designing designs, designed", ["design"]],
    [["optimize"], "optimizing", ["optimize"]],
    [["optimize"], "optimizes and optimized", ["optimize"]],
    [["debug", "plan"], "debugging what was planned", ["debug", "plan"]],
    [["test"], "testament", []],
    [["architektur*"], "Softwarearchitektur, Architekturen", ["architektur"]],
    [["докаж*"], "Докажите это", ["докаж"]],
    [["what is"], "what   \n is it", ["what is"]],
    [["what's"], "What’s up", ["what's"]],
    [["trade-off"], "the trade-offs", ["trade-off"]],
    [["c++"], "in C++17", ["c++"]],
    [["système"], "Le SYSTÈME", ["système"]],
    [["设计"], "请设计一个系统", ["设计"]],
    [["証明"], "これを証明してください", ["証明"]],
    [["증명"], "무리수임을 증명하세요", ["증명"]],
    [["ออกแบบ"], "ช่วยออกแบบระบบ", ["ออกแบบ"]],
    [["design", "design system"], "a design system", ["design system"]],
    [["b", "a", "b"], "a b a", ["a", "b"]],
    [["b", "a"], "", []],
    [[], "a", []],
    [["", " ", "*"], "anything", []],
    [["go"], "gone, ago, go", ["go"]],
    [["da*"], "Das darf es", ["da"]],
    [["code"], "coding", ["code"]],
    [["x y z"], "x  y\nz", ["x y z"]],
    [["'s"], "that’s", ["'s"]],
    [["日本"], "a日本b", ["日本"]],
    [["a日本"], "a日本b", ["a日本"]],
    [["of"], "日of本", ["of"]],
    [["-", "a-b"], "a-b", ["a-b", "-"]],
    [["ζωή"], "Ζωή", ["ζωή"]],
    [["ta*", "тест*"], "тестами", ["тест"]],
  ])("of %j finds in %j: %j", (words, text, expected) => {
    expect(found(words, text)).toEqual(expected);
  });

  test("finds every word that stands by itself, in the order of the text", () => {
    // The digit keeps endings away.
    const word = fc.stringMatching(/^[a-cяß]{1,6}[0-9]$/);
    const gap = fc.constantFrom(" ", "  ", ", ", "-", "\n", "日");
    const part = fc.tuple(word, gap).map(([text, between]) => ({ text, between }));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), fc.array(part, { maxLength: 20 }), (strange, parts) => {
        const words = [...strange, ...parts.filter((_, i) => i % 2 === 0).map(({ text }) => text)];
        const standing = parts.map(({ text }) => text).filter((text) => words.includes(text));
        const text = parts.map(({ text, between }) => text + between).join("");
        expect(found(words, text)).toEqual([...new Set(standing)]);
      }),
    );
  });

  test("finds in a short text nothing of a longer one before", () => {
    const find = compileVocabulary([{ word: "step by step", group: "any" }]);
    expect(find("step by step").get("any")).toEqual(["step by step"]);
    expect(find("step by").get("any")).toBeUndefined();
    expect(find("").size).toBe(0);
  });

  test("keeps groups apart, also for the same word", () => {
    const find = compileVocabulary([
      { word: "refactor", group: "one" },
      { word: "refactor", group: "two" },
      { word: "proof", group: "two" },
    ]);
    expect([...find("a proof of the refactor")]).toEqual([
      ["two", ["proof", "refactor"]],
      ["one", ["refactor"]],
    ]);
  });
});
