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
  ])("of %j finds in %j: %j", (words, text, expected) => {
    expect(found(words, text)).toEqual(expected);
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
