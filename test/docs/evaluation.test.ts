import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { evaluateLineup } from "../../src/learn/evaluate.ts";
import { namedLineup } from "../../src/learn/lineup.ts";
import type { Report } from "../../src/learn/report.ts";
import { rowOf } from "../learn/row-of.ts";

const text = readFileSync(join(import.meta.dirname, "../../docs/evaluation.md"), "utf8");

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

it("docs/evaluation.md names every key of the JSON", () => {
  const rows = [rowOf("s", { a: 0, b: 1 }, { scores: [50] })];
  const options = {
    classifiers: [{ name: "one", isChance: true }],
    tiers: [
      { name: "simple", low: 0 },
      { name: "complex", low: 50 },
    ],
    resamples: 1,
    seed: 1,
  };
  const comparison = evaluateLineup(rows, namedLineup(["a", "b"]), options);
  if (comparison === null) throw new Error("found no comparison");
  const { resamples, seed, tiers } = options;
  const report: Report = { version: 1, resamples, seed, prompts: 1, tiers, comparisons: [comparison] };
  const keys = new Set(keysOf(report));
  expect(keys.size).toBeGreaterThan(40);
  const isNamed = (key: string) => text.includes(`\`${key}\``) || text.includes(`\`${key}[]\``);
  expect([...keys].filter((key) => !isNamed(key))).toEqual([]);
});
