import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LitellmClassifiers, startLitellmClassifiers } from "../../bench/quality/litellm-classifiers.ts";

/** Importing LiteLLM takes seconds on a busy machine. */
const START_MS = 120_000;

describe("startLitellmClassifiers()", () => {
  let litellm: LitellmClassifiers;

  beforeAll(async () => {
    litellm = await startLitellmClassifiers();
  }, START_MS);
  afterAll(() => litellm.close());

  test("asks LiteLLM's own scorers, in the order of the prompts", { timeout: START_MS }, async () => {
    const prompts = [
      "hello",
      "Prove it step by step, think through every case",
      "hello",
      "line\nbreak \ud800",
    ];
    const [v1, v2] = await Promise.all(litellm.classifiers.map(({ judge }) => judge(prompts)));
    expect(v1?.map(({ tier }) => tier)).toEqual([0, 3, 0, 0]);
    expect(v1?.[0]?.score).toBe(v1?.[2]?.score);
    expect(v1?.[1]?.score).toBeGreaterThan(v1?.[0]?.score ?? 0);
    expect(v2).toHaveLength(4);
    for (const { score } of v2 ?? []) expect(score).toBeGreaterThan(0);
  });
});
