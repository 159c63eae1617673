import request from "supertest";
import { describe, expect, test } from "vitest";
import { loggingPayload, MARK } from "../support/logging-payload.ts";
import { createTestApp } from "../support/sidecar-app.ts";

/** An entry of the callback's report, of a call on `small` that took 100 tokens, 40 of them cached, and gave 10. */
const report = (
  changed: Readonly<Record<string, unknown>> = {},
  mark: Readonly<Record<string, unknown>> = {},
) =>
  loggingPayload({
    prompt_tokens: 100,
    completion_tokens: 10,
    metadata: {
      spend_logs_metadata: { signalbox: { ...MARK, ...mark } },
      usage_object: { prompt_tokens_details: { cached_tokens: 40 } },
    },
    ...changed,
  });
const PRICES = [
  { name: "small", input_cost_per_token: 1, output_cost_per_token: 2 },
  { name: "large", input_cost_per_token: 10, output_cost_per_token: 20, cache_read_input_token_cost: 1 },
  { name: "free", input_cost_per_token: 0, output_cost_per_token: 0 },
  { name: "unpriced" },
];

async function appWithPrices() {
  const made = createTestApp();
  await request(made.app).put("/v1/catalog").send({ revision: "r1", models: PRICES }).expect(200);
  return made;
}

async function rowOf(
  changed: Readonly<Record<string, unknown>>,
  mark: Readonly<Record<string, unknown>> = {},
) {
  const { app, outcomeRows } = await appWithPrices();
  const { body } = await request(app)
    .post("/v1/outcomes")
    .send([report(changed, mark)]);
  expect(body.refused).toEqual([]);
  return outcomeRows[0];
}

describe("POST /v1/outcomes", () => {
  test("takes what is good and refuses what is not, each by its index", async () => {
    const { app, outcomeRows } = createTestApp();
    const { body, status } = await request(app)
      .post("/v1/outcomes")
      .send({
        lost: 3,
        outcomes: [
          report(),
          report({ status: "canary" }),
          report({}, { decision_id: "0193-0001" }),
          "canary",
          report({}, { decision_id: "0195513e-7c00-7000-8000-000000000002" }),
          report({ metadata: "canary" }),
        ],
      });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 2, skipped: 0 });
    expect(body.refused.map(({ index }: { index: number }) => index)).toEqual([1, 2, 3, 5]);
    expect(body.refused[1].message).toBe("decision_id: expected a UUIDv7");
    expect(body.refused[3].message).toMatch(/^metadata: /);
    expect(JSON.stringify(body)).not.toContain("canary");
    expect(outcomeRows.map(({ decision_id }) => decision_id.at(-1))).toEqual(["1", "2"]);
    const { callback } = (await request(app).get("/v1/status")).body;
    expect(callback.outcomes).toEqual({ accepted: 2, refused: 4, skipped: 0, lost: 3 });
  });

  test("takes LiteLLM's own bare list, and skips calls that are none of ours", async () => {
    const { app, outcomeRows } = createTestApp();
    const { body } = await request(app)
      .post("/v1/outcomes")
      .send([loggingPayload(), loggingPayload({ metadata: {} })]);
    expect(body).toEqual({ accepted: 1, skipped: 1, refused: [] });
    await request(app)
      .post("/v1/outcomes")
      .send({ outcomes: [report()] });
    expect(outcomeRows.map(({ source }) => source)).toEqual(["generic_api", "callback"]);
    expect(JSON.stringify(outcomeRows)).not.toContain("canary");
  });

  test.each([{ outcomes: "all" }, { outcomes: [], more: 1 }, "text", Array(513).fill(report())])(
    "refuses a body of another form or of more than 512 entries",
    async (body) => {
      const { app, outcomeRows } = createTestApp();
      await request(app)
        .post("/v1/outcomes")
        .set("content-type", "application/json")
        .send(JSON.stringify(body))
        .expect(400);
      expect(outcomeRows).toEqual([]);
    },
  );

  test("asks for the callback's secret", async () => {
    const secrets = { callback: ["c"], feedback: ["f"], admin: ["a"] };
    const { app } = createTestApp({ secrets });
    const post = (secret: string) =>
      request(app).post("/v1/outcomes").set("authorization", `Bearer ${secret}`).send([]);
    await post("f").expect(401);
    await post("c").expect(200);
  });

  test("says why the log does not take a row", async () => {
    const { app } = createTestApp({ recordOutcome: () => "expired" });
    const { body } = await request(app).post("/v1/outcomes").send([report()]);
    expect(body).toMatchObject({ accepted: 0, refused: [{ index: 0, message: /older than the log keeps/ }] });
  });
});

describe("what an outcome cost", () => {
  test("on the baseline, the dearest tier's first model, cached tokens by their own price", async () => {
    expect(await rowOf({ response_cost: 120 })).toMatchObject({
      cost_usd: 120,
      baseline_cost_usd: 60 * 10 + 40 * 1 + 10 * 20,
    });
  });

  test.each(["auto", "rule", "override", "pattern", "fallback"])(
    "on the baseline for a decision of method %s",
    async (method) => {
      expect(await rowOf({}, { method })).toMatchObject({ baseline_cost_usd: expect.any(Number) });
    },
  );

  test.each(["alias", "passthrough", null])("on no baseline for a decision of method %s", async (method) => {
    expect(await rowOf({}, { method })).toMatchObject({ baseline_cost_usd: null });
  });

  test("on no baseline where the tokens are not known", async () => {
    expect(await rowOf({ prompt_tokens: null })).toMatchObject({ baseline_cost_usd: null });
  });

  test("is not known where LiteLLM says 0 and knows no price", async () => {
    expect(await rowOf({ model_group: "unpriced", response_cost: 0 })).toMatchObject({ cost_usd: null });
    expect(await rowOf({ model_group: "elsewhere", response_cost: 0 })).toMatchObject({ cost_usd: null });
    expect(await rowOf({ model_group: "free", response_cost: 0 })).toMatchObject({ cost_usd: 0 });
    expect(await rowOf({ model_group: "elsewhere", response_cost: 5 })).toMatchObject({ cost_usd: 5 });
  });

  test("is nothing, on any model, where LiteLLM's own cache answered", async () => {
    const row = await rowOf({ model_group: "unpriced", response_cost: 0, cache_hit: true });
    expect(row).toMatchObject({ cost_usd: 0, baseline_cost_usd: 0 });
  });

  test("is nothing where no token was used", async () => {
    const failure = { status: "failure", prompt_tokens: 0, completion_tokens: 0, response_cost: 0 };
    expect(await rowOf({ ...failure, model_group: "unpriced" })).toMatchObject({
      cost_usd: 0,
      baseline_cost_usd: 0,
    });
  });
});

describe("GET /v1/catalog", () => {
  async function healthOf(outcomes: readonly unknown[], model = "small") {
    const { app } = await appWithPrices();
    await request(app).post("/v1/outcomes").send(outcomes);
    const { models } = (await request(app).get("/v1/catalog")).body;
    return models.find(({ name }: { name: string }) => name === model).health;
  }
  const timed = (latencyMs: number, ttftMs: number) => ({
    startTime: 1_000,
    completionStartTime: 1_000 + ttftMs / 1_000,
    endTime: 1_000 + latencyMs / 1_000,
  });
  const failure = (status: number | null, endTime = 1_000) =>
    report({ status: "failure", error_information: { error_code: String(status) }, endTime });
  const failures = (status: number | null) => [1, 2, 3].map((endTime) => failure(status, endTime));

  test("shows how models did lately, null for one that nobody called", async () => {
    const answers = [125, 250].map((latencyMs) => report(timed(latencyMs, 62.5)));
    expect(await healthOf([...answers, failure(500)])).toEqual({
      samples: 2,
      latency_ms: 150,
      latency_p50_ms: 125,
      latency_p95_ms: 250,
      ttft_ms: 62.5,
      error_rate: 1 / 3,
      cooldown_until: null,
    });
    expect(await healthOf(answers, "large")).toBeNull();
  });

  test.each([500, 503, 429, 408, null])(
    "lets a model rest after three failures of status %s",
    async (status) => {
      const health = await healthOf(failures(status));
      expect(Date.parse(health.cooldown_until)).toBeGreaterThan(Date.now());
    },
  );

  test.each([
    [2, null],
    [30, expect.any(String)],
  ])("minds how long was waited where a call timed out: %s s", async (seconds, cooldown_until) => {
    const answers = [1, 2, 3].map((at) => report(timed(5_000 + at, 100)));
    const error_information = { error_class: "Timeout", error_code: "408" };
    const late = [1, 2, 3].map((startTime) =>
      report({ status: "failure", error_information, startTime, endTime: startTime + seconds }),
    );
    expect(await healthOf([...answers, ...late])).toMatchObject({ samples: 3, cooldown_until });
  });

  test("counts a report once, however often it comes", async () => {
    const answer = report(timed(125, 62.5));
    const health = await healthOf([answer, failure(500), failure(500), failure(500), answer]);
    expect(health).toMatchObject({ samples: 1, error_rate: 1 / 2, cooldown_until: null });
  });

  test.each([400, 401, 403, 404, 422])("blames no model for a request of status %s", async (status) => {
    expect(await healthOf(failures(status))).toMatchObject({
      error_rate: null,
      cooldown_until: null,
    });
  });

  test.each([
    ["acompletion", "AttributeError"],
    ["anthropic_messages", "AttributeError"],
    ["anthropic_messages", "TypeError"],
  ])("blames no model where LiteLLM itself fails over a request: %s, %s", async (call_type, error_class) => {
    const error_information = { error_class, error_code: "" };
    const failed = [1, 2, 3].map((endTime) =>
      report({ status: "failure", call_type, error_information, endTime }),
    );
    expect(await healthOf(failed)).toBeNull();
  });

  test.each([
    ["ProxyRateLimitError", 429],
    ["BudgetExceededError", 429],
    ["HTTPException", 500],
    ["ProxyException", 500],
  ])("blames no model for what LiteLLM itself refuses: %s, %s", async (error_class, status) => {
    const error_information = { error_class, error_code: String(status) };
    const refused = [1, 2, 3].map((endTime) => report({ status: "failure", error_information, endTime }));
    expect((await healthOf(refused))?.cooldown_until ?? null).toBeNull();
  });

  test("lets a model rest after three streams that it broke off", async () => {
    const error_information = { error_class: "ReadError", error_code: "" };
    const broken = [1, 2, 3].map((endTime) => report({ status: "failure", error_information, endTime }));
    expect(Date.parse((await healthOf(broken)).cooldown_until)).toBeGreaterThan(Date.now());
  });

  test("times no call that was retried, fell back, was left by its client or came from the cache", async () => {
    const slow = timed(9_000, 9_000);
    const left = { error_information: { error_class: "ClientDisconnected", error_code: "499" } };
    const health = await healthOf([
      report({ ...slow, attempted_retries: 1 }),
      report({ ...slow, endTime: 1_010, attempted_fallbacks: 1 }),
      report({ ...slow, endTime: 1_011, cache_hit: true }),
      report({ ...timed(9_000, 62.5), ...left }),
    ]);
    expect(health).toMatchObject({ samples: 0, latency_ms: null, ttft_ms: 62.5, error_rate: 0 });
  });
});
