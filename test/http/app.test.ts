import request from "supertest";
import { describe, expect, it } from "vitest";
import { createTestApp, POLICY } from "../support/sidecar-app.ts";

const HELLO = { model: "auto", messages: [{ role: "user", content: "hello" }] };

describe("POST /v1/route", () => {
  it("tells a score with two decimals, also where a client's hint is blended in", async () => {
    const { app } = createTestApp();
    const scoreWith = async (headers: Record<string, string>): Promise<number> => {
      const { body } = await request(app).post("/v1/route").send({ body: HELLO, headers });
      return body.score;
    };
    const blended = 0.7 * (await scoreWith({})) + 0.3 * 0.9;
    expect(await scoreWith({ "x-signalbox-hint": "0.9" })).toBe(Number(blended.toFixed(2)));
    expect(Number(blended.toFixed(2))).not.toBe(blended);
  });

  it("answers a plain body of a client with a decision in the documented form", async () => {
    const { app, records } = createTestApp();
    const { status, body, headers } = await request(app).post("/v1/route").send({ body: HELLO });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      model: "small",
      candidates: ["small", "large"],
      rewrite: true,
      tier: "simple",
      method: "auto",
      strategy: "static",
      requested_model: "auto",
      mode: "enforce",
      access: "strict",
      virtual: true,
      deadline_ms: 250,
      needs_catalog: true,
    });
    expect(body.decision_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(headers["x-request-id"]).toMatch(/./);
    expect(headers["x-response-time"]).toMatch(/^[\d.]+ms$/);
    expect(records.map(({ id }) => id)).toEqual([body.decision_id]);
  });

  it("records the features of every request with a human turn, one that is served as asked too", async () => {
    const { app, records } = createTestApp();
    const ask = (body: object) => request(app).post("/v1/route").send({ body }).expect(200);
    await ask(HELLO);
    await ask({ ...HELLO, model: "large" });
    await ask({ model: "auto", messages: [{ role: "tool", content: "42" }] });
    const [asked, named, toolOnly] = records;
    expect(asked?.features?.numbers[0]).toBe("hello".length);
    expect(named?.decision.method).toBe("passthrough");
    expect(named?.features).toEqual(asked?.features);
    expect(toolOnly?.features).toBeNull();
  });

  it("records nothing and gives no id while the mode is off", async () => {
    const { app, records } = createTestApp({ policy: POLICY.replace("routing:", 'routing:\n  mode: "off"') });
    const { body } = await request(app).post("/v1/route").send({ body: HELLO });
    expect(body).toMatchObject({ decision_id: null, model: "auto", rewrite: false, mode: "off" });
    expect(records).toEqual([]);
  });

  it("asks for the catalogue until it has the one that the callback names", async () => {
    const { app } = createTestApp();
    const ask = async (revision: string) =>
      (await request(app).post("/v1/route").send({ body: HELLO, catalog_revision: revision })).body
        .needs_catalog;
    expect(await ask("r1")).toBe(true);
    await request(app).put("/v1/catalog").send({ revision: "r1", models: [] }).expect(200);
    expect(await ask("r1")).toBe(false);
    expect(await ask("r2")).toBe(true);
  });

  it("counts envelope fields that it does not know, and answers all the same", async () => {
    const { app } = createTestApp();
    await request(app).post("/v1/route").send({ body: HELLO, from_the_future: 1 }).expect(200);
    const { body } = await request(app).get("/v1/status");
    expect(body.callback.unknown_fields).toBe(1);
  });

  it.each([
    ["a body that is no JSON", "{", "application/json", 400, "invalid_request"],
    ["an envelope without body", "{}", "application/json", 400, "invalid_request"],
    ["an envelope that is a list", "[]", "application/json", 400, "invalid_request"],
    ["an envelope that is a number", "7", "application/json", 400, "invalid_request"],
    [
      "another content type",
      "model=auto",
      "application/x-www-form-urlencoded",
      415,
      "unsupported_media_type",
    ],
    ["a newer api_version", '{"api_version": 9, "body": {}}', "application/json", 400, "invalid_request"],
    [
      "more than 256 KiB",
      `{"body": {"model": "${"a".repeat(300_000)}"}}`,
      "application/json",
      413,
      "payload_too_large",
    ],
  ])("refuses %s with a clear error", async (_title, text, type, status, errorType) => {
    const { app } = createTestApp();
    const answer = await request(app).post("/v1/route").set("Content-Type", type).send(text);
    expect(answer.status).toBe(status);
    expect(answer.body.error.type).toBe(errorType);
    expect(answer.body.error.message).toMatch(/expected|larger|newer/);
    expect(answer.headers["x-request-id"]).toMatch(/./);
  });

  it("answers a body of 10,000 nested levels", async () => {
    const { app } = createTestApp();
    const deep = `{"body": {"messages": ${"[".repeat(10_000)}${"]".repeat(10_000)}}}`;
    await request(app).post("/v1/route").set("Content-Type", "application/json").send(deep).expect(200);
  });

  it("logs no text of the request, not even when it fails", async () => {
    const { app, lines } = createTestApp();
    await request(app)
      .post("/v1/route")
      .send({ body: { model: "canary-model", messages: "canary-text" } });
    await request(app).post("/v1/route").set("Content-Type", "application/json").send('{"canary-json');
    expect(lines.join("")).not.toContain("canary");
  });
});

describe("POST /v1/simulate", () => {
  it("shows every step and records nothing", async () => {
    const { app, records } = createTestApp();
    const { body } = await request(app).post("/v1/simulate").send({ body: HELLO });
    expect(body.trace.map(({ step }: { step: string }) => step)).toEqual([
      "read",
      "kind",
      "resolve",
      "classify",
      "conversation",
      "tier",
      "candidates",
      "mode",
    ]);
    expect(body.decision_id).toBeNull();
    expect(records).toEqual([]);
  });
});

describe("PUT /v1/catalog", () => {
  const model = { name: "small", input_cost_per_token: 1e-7, output_cost_per_token: 2e-7 };

  it("makes GET /v1/catalog answer what was sent, and status name models that LiteLLM lacks", async () => {
    const { app } = createTestApp();
    await request(app).get("/v1/catalog").expect(404);
    await request(app)
      .put("/v1/catalog")
      .send({ revision: "r1", models: [model] })
      .expect(200);
    const { body } = await request(app).get("/v1/catalog");
    expect(body).toMatchObject({ revision: "r1", models: [model] });
    const status = await request(app).get("/v1/status");
    expect(status.body.callback.restart_litellm).toEqual(["large", "auto"]);
  });

  it("takes the models of a large LiteLLM, and no more than 4 MiB", async () => {
    const { app } = createTestApp();
    const models = Array.from({ length: 5_000 }, (_, i) => {
      return { ...model, name: `provider/model-${i}`, deployment: `provider/model-${i}-${"x".repeat(200)}` };
    });
    await request(app).put("/v1/catalog").send({ revision: "r1", models }).expect(200);
    expect((await request(app).get("/v1/catalog")).body.models).toHaveLength(5_000);
    const tooLong = models.map((one) => ({ ...one, deployment: "x".repeat(1_000) }));
    await request(app).put("/v1/catalog").send({ revision: "r2", models: tooLong }).expect(413);
  });

  it("takes a value of another type for an unknown one, and the rest of the catalogue as it is", async () => {
    const { app } = createTestApp();
    const odd = {
      ...{ name: "odd", deployment: 5, input_cost_per_token: -1, output_cost_per_token: "0.1" },
      ...{ max_input_tokens: "32k", max_output_tokens: true, supports_vision: "yes", supports_reasoning: 1 },
      ...{ supports_function_calling: {}, supports_response_schema: [], cache_read_input_token_cost: [] },
    };
    await request(app)
      .put("/v1/catalog")
      .send({ revision: "r1", models: [odd, model] })
      .expect(200);
    const { models } = (await request(app).get("/v1/catalog")).body;
    const unknown = Object.fromEntries([...Object.keys(odd), "health"].map((key) => [key, null]));
    expect(models).toEqual([
      { ...unknown, name: "odd" },
      { ...unknown, ...model },
    ]);
  });

  it("names what is wrong with a catalogue and keeps the old one", async () => {
    const { app } = createTestApp();
    await request(app)
      .put("/v1/catalog")
      .send({ revision: "r1", models: [model] });
    const answer = await request(app)
      .put("/v1/catalog")
      .send({ revision: "r2", models: [{ name: 5 }] });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain("models.0.name");
    expect((await request(app).get("/v1/catalog")).body.revision).toBe("r1");
  });
});

describe("the API", () => {
  it("asks for the secret of the endpoint's scope", async () => {
    const secrets = { callback: ["callback-secret-01"], feedback: [], admin: ["admin-secret-000001"] };
    const { app } = createTestApp({ secrets, loopbackOnly: false });
    const ask = (path: string, secret: string) =>
      request(app).get(path).set("Authorization", `Bearer ${secret}`);
    await request(app).post("/v1/route").send({ body: HELLO }).expect(401);
    await ask("/v1/status", "callback-secret-01").expect(401);
    await ask("/v1/status", "admin-secret-000001").expect(200);
    await request(app).get("/healthz/live").expect(200);
    await request(app).get("/healthz/ready").expect(200);
  });

  it("names the methods of a path and knows no other path", async () => {
    const { app } = createTestApp();
    const wrongMethod = await request(app).delete("/v1/route");
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.body.error.message).toContain("POST");
    await request(app).get("/v1/nothing").expect(404);
  });

  it("describes every endpoint at /openapi.json", async () => {
    const { app, endpoints } = createTestApp();
    const { body } = await request(app).get("/openapi.json");
    const described = Object.entries<object>(body.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(endpoints.map(({ method, path }) => `${method} ${path}`).sort());
    expect(body.paths["/v1/route"].post.requestBody.content["application/json"].schema.required).toContain(
      "body",
    );
  });

  it("keeps a request id that is a plain word and replaces any other", async () => {
    const { app } = createTestApp();
    const ask = async (id: string) =>
      (await request(app).get("/healthz/live").set("X-Request-ID", id)).headers;
    expect((await ask("abc-123"))["x-request-id"]).toBe("abc-123");
    expect((await ask("<script>"))["x-request-id"]).not.toContain("script");
  });
});
