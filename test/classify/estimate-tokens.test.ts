import { describe, expect, test } from "vitest";
import { estimateTokens } from "../../src/classify/estimate-tokens.ts";

describe("estimateTokens()", () => {
  // The same sentence; tokenizers with 100 to 200 thousand entries need between these numbers of tokens.
  test.each([
    ["English", "The quick brown fox jumps over the lazy dog and runs away.", 11, 17],
    ["Chinese", "敏捷的棕色狐狸跳过了懒狗然后跑开了。", 12, 24],
    ["Japanese", "素早い茶色の狐がのろまな犬を飛び越えて走り去った。", 15, 30],
    ["Korean", "빠른 갈색 여우가 게으른 개를 뛰어넘어 달아난다.", 13, 26],
    ["Thai", "สุนัขจิ้งจอกสีน้ำตาลกระโดดข้ามสุนัขขี้เกียจแล้ววิ่งหนีไป", 18, 45],
    ["Russian", "Быстрая коричневая лиса перепрыгивает через ленивую собаку и убегает.", 15, 30],
    ["Arabic", "الثعلب البني السريع يقفز فوق الكلب الكسول ويهرب بعيدا.", 15, 35],
  ])("is fair to %s", (_language, text, low, high) => {
    const tokens = estimateTokens(text);
    expect(tokens).toBeGreaterThanOrEqual(low);
    expect(tokens).toBeLessThanOrEqual(high);
  });

  test("is 0 for nothing and at least 1 for something", () => {
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("a")).toBe(1);
  });

  test("of a long text is estimated from its head and its tail", () => {
    const sentence = "The quick brown fox jumps over the lazy dog. ";
    const exact = estimateTokens(sentence.repeat(300));
    expect(estimateTokens(sentence.repeat(30_000)) / (100 * exact)).toBeCloseTo(1, 1);
  });

  test("counts 40,000 Chinese characters as many tokens, not as one word", () => {
    expect(estimateTokens("设".repeat(40_000))).toBeGreaterThan(20_000);
  });
});
