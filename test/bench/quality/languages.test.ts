import { describe, expect, test } from "vitest";
import { readLanguageItems } from "../../../bench/quality/languages.ts";

describe("readLanguageItems()", () => {
  test("reads 20 requests of all tiers, in 11 languages each and no two alike", () => {
    const items = readLanguageItems();
    expect(items).toHaveLength(20);
    expect(new Set(items.map(({ tier }) => tier)).size).toBe(3);
    const texts = items.flatMap(({ tier: _, ...languages }) => Object.values(languages));
    expect(texts).toHaveLength(220);
    expect(new Set(texts).size).toBe(220);
  });
});
