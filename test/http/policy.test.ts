import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import request from "supertest";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createTestApp, POLICY } from "../support/sidecar-app.ts";

const folder = mkdtempSync(join(tmpdir(), "signalbox-policy-"));
const file = join(folder, "gateway.yaml");
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => writeFileSync(file, POLICY));

const OTHER = POLICY.replace("[0, 65]", "[0, 50]").replace("[66, 100]", "[51, 100]");

describe("POST /v1/reload", () => {
  it("puts what the file says in force and answers its revision", async () => {
    const { app } = createTestApp({ file });
    const before = (await request(app).get("/v1/status")).body.policy;
    writeFileSync(file, OTHER);
    const { status, body } = await request(app).post("/v1/reload");
    expect([status, body.result]).toEqual([200, "applied"]);
    expect(body.revision).not.toBe(before.revision);
    const after = (await request(app).get("/v1/status")).body.policy;
    expect(after).toMatchObject({ revision: body.revision, last_errors: [], reloads: { applied: 1 } });
    expect(after.tiers[0]).toMatchObject({ name: "simple", high: 50 });
  });

  it("answers 422 with the problems of a bad file, which status tells too, and decides as before", async () => {
    const { app } = createTestApp({ file });
    writeFileSync(file, POLICY.replace("fallback_tier: simple", "fallback_tier: nowhere"));
    const { status, body } = await request(app).post("/v1/reload");
    expect([status, body.error.type]).toEqual([422, "unprocessable"]);
    expect(body.error.message).toContain('routing.fallback_tier: found "nowhere"');
    const { policy } = (await request(app).get("/v1/status")).body;
    expect(policy.reloads).toEqual({ applied: 0, unchanged: 0, refused: 1 });
    expect(policy.last_errors).toEqual([expect.stringContaining('routing.fallback_tier: found "nowhere"')]);
    const decided = await request(app)
      .post("/v1/route")
      .send({ body: { model: "auto", messages: [] } });
    expect(decided.body.tier).toBe("simple");
  });

  it("is for admins", async () => {
    const secrets = { callback: ["callback-secret-01"], feedback: [], admin: ["admin-secret-000001"] };
    const { app } = createTestApp({ file, secrets });
    await request(app).post("/v1/reload").set("Authorization", "Bearer callback-secret-01").expect(401);
    await request(app).post("/v1/reload").set("Authorization", "Bearer admin-secret-000001").expect(200);
  });
});

describe("GET /v1/status", () => {
  it("names models that LiteLLM serves by another deployment, and forgets a changed list once it is taken", async () => {
    const { app } = createTestApp({ file });
    const callback = async () => (await request(app).get("/v1/status")).body.callback;
    const models = ["small", "large", "auto"].map((name) => ({ name, deployment: `openai/${name}` }));
    const entry = { input_cost_per_token: null, output_cost_per_token: null };
    const catalog = { revision: "r1", models: models.map((model) => ({ ...entry, ...model })) };
    await request(app).put("/v1/catalog").send(catalog).expect(200);
    expect(await callback()).toMatchObject({ restart_litellm: ["auto"], model_list_changed_at: null });
    writeFileSync(file, POLICY.replace("openai/large", "openai/larger"));
    await request(app).post("/v1/reload").expect(200);
    const changed = await callback();
    expect(changed.restart_litellm).toEqual(["large", "auto"]);
    expect(changed.model_list_changed_at).toMatch(/Z$/);
    await request(app).put("/v1/catalog").send(catalog).expect(200);
    expect((await callback()).model_list_changed_at).toBeNull();
  });
});
