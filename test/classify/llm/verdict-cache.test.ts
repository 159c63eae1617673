import { expect, it } from "vitest";
import { VerdictCache } from "../../../src/classify/llm/verdict-cache.ts";

it("VerdictCache forgets what was not asked for longest", () => {
  const cache = new VerdictCache(2);
  cache.set("a", "simple");
  cache.set("b", "medium");
  expect(cache.get("a")).toBe("simple");
  cache.set("c", "complex");
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual(["simple", undefined, "complex"]);
});
