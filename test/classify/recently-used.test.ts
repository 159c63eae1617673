import { expect, it } from "vitest";
import { RecentlyUsed } from "../../src/classify/recently-used.ts";

it("RecentlyUsed forgets what was not asked for longest", () => {
  const cache = new RecentlyUsed<string>(2);
  cache.set("a", "simple");
  cache.set("b", "medium");
  expect(cache.get("a")).toBe("simple");
  cache.set("c", "complex");
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual(["simple", undefined, "complex"]);
});
