import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatProblem, loadPolicyText } from "../../src/policy/load.ts";

const VALID = readFileSync(new URL("valid.yaml", import.meta.url), "utf8");
const LINES = VALID.split("\n");
const TOKENS = VALID.split(/(\s+|[{}[\],:])/);

/** Loads, and checks what every answer promises. */
function load(text: string): void {
  const result = loadPolicyText(text, { file: "gateway.yaml", env: { EXTRA_MODEL: "vllm-b" } });
  const problems = result.ok ? result.policy.warnings : result.problems;
  for (const problem of problems) {
    expect(problem.severity).toBe(result.ok ? "warning" : "error");
    expect(problem.message).not.toMatch(/undefined|\[object|Invalid input/);
    expect(formatProblem(problem)).not.toContain("sk-secret");
    if (problem.line !== null) expect(problem.line).toBeGreaterThan(0);
  }
  if (!result.ok) {
    expect(problems.length).toBeGreaterThan(0);
    return;
  }
  const { tiers, fallbackTier } = result.policy;
  expect(tiers.map(({ name }) => name)).toContain(fallbackTier);
  expect(tiers.every(({ models }) => models.length > 0)).toBe(true);
  expect([tiers[0]?.low, tiers.at(-1)?.high]).toEqual([0, 100]);
}

const yamlish = fc.string({
  unit: fc.constantFrom(..."-:?[]{},#&*!|>'\"%@`~ \n\tab0<\0\ufeff\u2028", "routing", "---", "<<: "),
  maxLength: 80,
});

const scrap = fc.oneof(
  fc.constantFrom(...TOKENS),
  yamlish,
  fc.constantFrom(
    "null",
    "~",
    "-1",
    "1e999",
    ".nan",
    ".inf",
    "0x1F",
    "yes",
    "[]",
    "{}",
    "auto_route",
    "auto",
    "os.environ/X",
    "__proto__",
  ),
);

describe("loadPolicyText() is total", { timeout: 60_000 }, () => {
  it("on any text", () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary" }), yamlish), load), { numRuns: 150 });
  });

  it("on any value of any section", () => {
    const section = fc.constantFrom(
      "tiers",
      "aliases",
      "classifier",
      "collector",
      "conversation",
      "rules",
      "mode",
    );
    fc.assert(
      fc.property(section, fc.jsonValue(), (key, value) => {
        load(
          JSON.stringify({
            routing: { external_models: ["*"], tiers: { medium: { model: "m" } }, [key]: value },
          }),
        );
        load(JSON.stringify({ model_list: value, routing: value }));
      }),
      { numRuns: 100 },
    );
  });

  it("on a valid file with tokens replaced", () => {
    const change = fc.tuple(fc.nat({ max: TOKENS.length - 1 }), scrap);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const tokens = [...TOKENS];
        for (const [at, text] of changes) tokens[at] = text;
        load(tokens.join(""));
      }),
      { numRuns: 150 },
    );
  });

  it("on a valid file with lines dropped, doubled and moved", () => {
    const line = fc.nat({ max: LINES.length - 1 });
    fc.assert(
      fc.property(line, line, fc.nat({ max: 2 }), (from, to, copies) => {
        const lines = LINES.toSpliced(from, 1);
        const moved = Array.from({ length: copies }, () => LINES[from] ?? "");
        load(lines.toSpliced(to, 0, ...moved).join("\n"));
      }),
      { numRuns: 100 },
    );
  });
});
