import request from "supertest";
import { describe, expect, test } from "vitest";
import { alarmsOf } from "../../src/http/alarms.ts";
import { statusSchema } from "../../src/http/status.ts";
import { createTestApp } from "../support/sidecar-app.ts";

async function statusNow() {
  const { body } = await request(createTestApp().app).get("/v1/status");
  return statusSchema.parse(body);
}

describe("the alarms of GET /v1/status", () => {
  test("are none where all is well", async () => {
    expect((await statusNow()).alarms).toEqual([]);
  });

  test("name all that the status says is wrong", async () => {
    const { policy, classifier, log, callback, ...rest } = await statusNow();
    const llm = { state: "away", trouble: "start Ollama", outcomes: {}, cost_usd: 0 } as const;
    const alarms = alarmsOf({
      ...rest,
      policy: { ...policy, last_errors: ["line 3"], restart_needed: ["routing.collector.enabled"] },
      classifier: { ...classifier, instead: "static decided", llm },
      log: { ...log, alarms: ["the disk is full"] },
      callback: {
        ...callback,
        self_test: { ok: false, missing: ["a.b"] },
        restart_litellm: ["new", "newer"],
      },
    });
    expect(alarms).toEqual([
      "gateway.yaml is not in force: line 3",
      "the disk is full",
      "static decided",
      "start Ollama",
      "LiteLLM lacks a.b: the callback was made for another version",
      "LiteLLM does not serve new, newer as gateway.yaml says: set their keys, restart it",
      "Restart Signalbox: routing.collector.enabled of gateway.yaml changed",
    ]);
  });

  test("tell that model_list changed where LiteLLM serves each model of it", async () => {
    const { callback, ...rest } = await statusNow();
    const changed = { ...callback, model_list_changed_at: new Date().toISOString() };
    expect(alarmsOf({ ...rest, callback: changed })).toEqual([
      "Restart LiteLLM: model_list of gateway.yaml changed",
    ]);
  });
});
