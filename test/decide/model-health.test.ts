import { describe, expect, test } from "vitest";
import { createHealthRecord, type Observation } from "../../src/decide/model-health.ts";

const answered = (latencyMs: number | null, ttftMs: number | null = null): Observation => ({
  model: "small",
  result: "answered",
  latencyMs,
  ttftMs,
});
const failed: Observation = { model: "small", result: "failed", latencyMs: null, ttftMs: null };

function recordOf(observations: readonly (readonly [number, Observation])[]) {
  const record = createHealthRecord();
  for (const [atMs, observation] of observations) record.observe(observation, atMs);
  return (atMs: number) => record.at(atMs).get("small");
}

describe("createHealthRecord()", () => {
  test("knows nothing of a model that it never saw", () => {
    expect(createHealthRecord().at(0).size).toBe(0);
  });

  test("gives nearest-rank percentiles of the newest 200 answers", () => {
    const older = Array.from({ length: 50 }, (_, index) => [index, answered(9_999)] as const);
    const newer = Array.from({ length: 200 }, (_, index) => [100 + index, answered(index + 1)] as const);
    expect(recordOf([...older, ...newer])(400)).toMatchObject({
      samples: 200,
      latencyP50Ms: 100,
      latencyP95Ms: 190,
    });
  });

  test("moves its averages towards the newest answer by a fifth", () => {
    const health = recordOf([
      [0, answered(100, 10)],
      [1, answered(200, 20)],
    ])(2);
    expect(health).toMatchObject({ latencyMs: 120, ttftMs: 12 });
  });

  test("counts an answer without a latency, and takes the first token of a call that its client left", () => {
    const left: Observation = { model: "small", result: "neither", latencyMs: null, ttftMs: 30 };
    expect(
      recordOf([
        [0, answered(null)],
        [1, left],
      ])(2),
    ).toMatchObject({ samples: 0, latencyMs: null, latencyP95Ms: null, ttftMs: 30, errorRate: 0 });
  });

  test("keeps the average of first tokens over a call that has none", () => {
    expect(
      recordOf([
        [0, answered(1, 30)],
        [1, answered(1)],
      ])(2)?.ttftMs,
    ).toBe(30);
  });

  test("takes a call that its client left for neither an answer nor a failure", () => {
    const left: Observation = { model: "small", result: "neither", latencyMs: 5, ttftMs: null };
    const at = recordOf([
      [0, failed],
      [1, failed],
      [2, left],
      [3, failed],
    ]);
    expect(at(4)).toMatchObject({ samples: 0, latencyMs: null, errorRate: 1, coolUntilMs: 30_003 });
  });

  const timedOut = (latencyMs: number | null): Observation => ({
    model: "small",
    result: "timed_out",
    latencyMs,
    ttftMs: null,
  });
  const usual = [100, 200, 300, 400, 500].map((latencyMs, at) => [at, answered(latencyMs)] as const);

  test("lets nobody who waits shorter than half of the answers take put a model to rest", () => {
    const impatient = [299, 299, 299].map((waited, at) => [10 + at, timedOut(waited)] as const);
    expect(recordOf([...usual, ...impatient])(20)).toMatchObject({
      samples: 5,
      errorRate: 0,
      coolUntilMs: null,
    });
  });

  test.each([
    ["as long as half of the answers take", usual, 300],
    ["for a model of which no answer is known", [], 1],
    ["nobody knows how long", usual, null],
  ] as const)("takes a call for failed that was waited for %s", (_, before, waited) => {
    const late = [10, 11, 12].map((at) => [at, timedOut(waited)] as const);
    expect(recordOf([...before, ...late])(20)?.coolUntilMs).toBe(30_012);
  });

  test("forgets the calls of ten seconds together", () => {
    const at = recordOf([
      [0, failed],
      [9_999, failed],
      [10_000, answered(1)],
      [19_999, failed],
    ]);
    expect(at(299_999)?.errorRate).toBe(0.75);
    expect(at(300_000)?.errorRate).toBe(0.5);
    expect(at(310_000)?.errorRate).toBeNull();
  });

  test("forgets calls after five minutes in its rate of errors", () => {
    const at = recordOf([
      [0, failed],
      [200_000, answered(1)],
      [200_001, answered(1)],
      [200_002, failed],
    ]);
    expect(at(200_003)?.errorRate).toBe(0.5);
    expect(at(300_000)?.errorRate).toBeCloseTo(1 / 3);
    expect(at(600_000)?.errorRate).toBeNull();
  });

  test("lets a model rest for 30 s after three failures in a row, and not after two", () => {
    expect(
      recordOf([
        [0, failed],
        [1, failed],
      ])(2)?.coolUntilMs,
    ).toBeNull();
    const at = recordOf([
      [0, failed],
      [1, failed],
      [2, failed],
    ]);
    expect(at(3)?.coolUntilMs).toBe(30_002);
    expect(at(30_002)?.coolUntilMs).toBeNull();
  });

  test("forgets a rest and failures that a clock which was wrong put into a time to come", () => {
    const day = 86_400_000;
    const wrong = [1, 2, 3].map((ms) => [day + ms, failed] as const);
    expect(recordOf(wrong)(4)).toMatchObject({ coolUntilMs: null, errorRate: null });
    expect(recordOf([...wrong, [5, failed]])(6)).toMatchObject({ coolUntilMs: 60_005, errorRate: 1 });
  });

  test("starts counting again after an answer", () => {
    const at = recordOf([
      [0, failed],
      [1, failed],
      [2, answered(1)],
      [3, failed],
      [4, failed],
    ]);
    expect(at(5)?.coolUntilMs).toBeNull();
  });

  test("doubles the rest with each further failure up to five minutes, and ends it with an answer", () => {
    const record = createHealthRecord();
    const rests: number[] = [];
    let nowMs = 0;
    for (const _ of [1, 2]) record.observe(failed, nowMs);
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      record.observe(failed, nowMs);
      const until = record.at(nowMs).get("small")?.coolUntilMs ?? 0;
      rests.push(until - nowMs);
      nowMs = until;
    }
    expect(rests).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
    record.observe(failed, nowMs);
    record.observe(answered(1), nowMs + 1);
    expect(record.at(nowMs + 2).get("small")?.coolUntilMs).toBeNull();
    for (const _ of [1, 2, 3]) record.observe(failed, nowMs + 3);
    expect(record.at(nowMs + 4).get("small")?.coolUntilMs).toBe(nowMs + 3 + 30_000);
  });

  test("takes calls that were under way when a rest began for nothing new", () => {
    const at = recordOf([
      [0, failed],
      [1, failed],
      [2, failed],
      [3, failed],
      [4, failed],
    ]);
    expect(at(5)?.coolUntilMs).toBe(30_002);
  });

  test("remembers 1,000 models, and forgets the one seen longest ago", () => {
    const record = createHealthRecord();
    const see = (model: string) => record.observe({ ...answered(1), model }, 0);
    for (let index = 0; index < 1_000; index += 1) see(`model-${index}`);
    see("model-0");
    see("one-more");
    const names = record.at(1);
    expect(names.size).toBe(1_000);
    expect([names.has("model-0"), names.has("model-1"), names.has("one-more")]).toEqual([true, false, true]);
  });
});
