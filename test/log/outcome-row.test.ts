import { describe, expect, test } from "vitest";
import type { Outcome } from "../../src/log/outcome.ts";
import { toOutcomeRow } from "../../src/log/outcome-row.ts";
import type { Privacy } from "../../src/log/veil.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
const outcome: Outcome = {
  decisionId: "0195513e-7c00-7000-8000-000000000001",
  reportedMs: now.getTime() - 1_500,
  status: "success",
  errorClass: null,
  httpStatus: 200,
  method: "auto",
  appliedModel: "small",
  deniedModels: ["large"],
  servedBy: "side",
  promptTokens: 100,
  completionTokens: 7,
  reasoningTokens: 3,
  cachedTokens: 40,
  costUsd: 0.5,
  latencyMs: 1_200.5,
  ttftMs: 80,
  fallbackDepth: 1,
  retries: 2,
  finishReason: "tool_calls",
  toolCalls: ["look_up"],
  stream: true,
  cacheHit: false,
  litellmCallId: "29bb1b09-4084-41c3-bcb8-b76ecdad74d9",
  source: "callback",
};

function rowOf(changed: Partial<Outcome>, storeText: Privacy["storeText"] = "full") {
  const listed = (name: string) => ["small", "large", "side"].includes(name);
  const privacy = { storeText, hashKey: Buffer.alloc(32, 1), listed };
  const costs = { costUsd: 0.5, baselineCostUsd: 2 };
  return toOutcomeRow({ ...outcome, ...changed }, { privacy, costs, now });
}

describe("toOutcomeRow()", () => {
  test("writes every column", () => {
    expect(rowOf({})).toEqual({
      decision_id: outcome.decisionId,
      reported_at: "2026-03-01T11:59:58.500Z",
      applied_model: "small",
      denied_models: ["large"],
      status: "success",
      error_class: null,
      http_status: 200,
      prompt_tokens: 100,
      completion_tokens: 7,
      reasoning_tokens: 3,
      cached_tokens: 40,
      cost_usd: 0.5,
      baseline_cost_usd: 2,
      latency_ms: 1_200.5,
      ttft_ms: 80,
      served_by: "side",
      fallback_depth: 1,
      retries: 2,
      finish_reason: "tool_calls",
      tool_calls: ["look_up"],
      stream: true,
      cache_hit: false,
      litellm_call_id: outcome.litellmCallId,
      source: "callback",
    });
  });

  test.each([null, now.getTime() + 60_000, 1e300])("is of now where the report is of %s", (reportedMs) => {
    expect(rowOf({ reportedMs }).reported_at).toBe(now.toISOString());
  });

  test.each(["Could not reach http://x", "a".repeat(101), "é"])(
    "keeps no text as a class: %s",
    (errorClass) => {
      expect(rowOf({ errorClass }).error_class).toBe("other");
    },
  );

  test("keeps no text as a reason to finish", () => {
    expect(rowOf({ finishReason: "I stop here" }).finish_reason).toBe("other");
    expect(rowOf({ finishReason: "length" }).finish_reason).toBe("length");
  });

  test("under none shows the configuration's own names only", () => {
    const canary = "canary-4711";
    const row = rowOf(
      {
        appliedModel: canary,
        servedBy: canary,
        deniedModels: ["large", canary],
        toolCalls: [canary],
        litellmCallId: canary,
        errorClass: `Bad${canary}`,
        finishReason: canary,
      },
      "none",
    );
    expect(JSON.stringify(row)).not.toContain(canary);
    expect(row.denied_models[0]).toBe("large");
    expect(row.tool_calls[0]).toMatch(/^hmac:[0-9a-f]{32}$/);
    expect(rowOf({}, "none")).toMatchObject({ applied_model: "small", served_by: "side" });
  });
});
