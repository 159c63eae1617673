import { describe, expect, it } from "vitest";
import { LlmFailure } from "../../../src/classify/llm/llm-failure.ts";
import { ModelHealth } from "../../../src/classify/llm/model-health.ts";

const LATE = new LlmFailure("timeout", "late");

/** A model whose probes go as told, and a clock that only moves when a pause is ended. */
function healthOf(results: readonly (LlmFailure | null)[]) {
  const left = [...results];
  const pauses: number[] = [];
  const told: (string | null)[] = [];
  let [running, most] = [0, 0];
  const wake: (() => void)[] = [];
  const health = new ModelHealth({
    probe: async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      const result = left.shift();
      if (result) throw result;
    },
    onChange: (failure) => told.push(failure?.kind ?? null),
    sleep: (ms) => {
      pauses.push(ms);
      return new Promise((resolve) => wake.push(resolve));
    },
  });
  const endPause = async () => {
    wake.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { health, pauses, told, endPause, most: () => most };
}

const fail = (health: ModelHealth, times: number) => {
  for (let at = 0; at < times; at += 1) health.failed(LATE);
};

describe("ModelHealth", () => {
  it("is starting until its first probe went well", async () => {
    const { health, told } = healthOf([]);
    expect(health.state).toBe("starting");
    await health.start();
    expect([health.state, told]).toEqual(["ready", [null]]);
  });

  it("opens after 3 failures in a row, timeouts too, and not before", async () => {
    const { health, told } = healthOf([]);
    await health.start();
    fail(health, 2);
    health.succeeded();
    fail(health, 2);
    expect(health.state).toBe("ready");
    fail(health, 1);
    expect([health.state, told]).toEqual(["away", [null, "timeout"]]);
  });

  it("probes one at a time after pauses that grow, tells the trouble once, and is ready again", async () => {
    const missing = new LlmFailure("missing_model", "no such model");
    const { health, told, pauses, endPause, most } = healthOf([missing, missing, missing]);
    await health.start();
    for (let at = 0; at < 3; at += 1) await endPause();
    expect([health.state, told]).toEqual(["ready", ["missing_model", null]]);
    expect([pauses, most()]).toEqual([[1_000, 2_000, 4_000], 1]);
  });

  it("goes on with longer pauses where probes go well and requests do not", async () => {
    const { health, pauses, endPause } = healthOf([]);
    await health.start();
    fail(health, 3);
    await endPause();
    fail(health, 3);
    expect(pauses).toEqual([1_000, 2_000]);
  });
});
