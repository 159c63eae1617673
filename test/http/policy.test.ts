import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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

const COMMENTED = POLICY.replace("fallback_tier: simple", "fallback_tier: simple # for small talk");
const bare = { routing: { fallback_tier: "simple", tiers: { simple: { model: "large" } } } };

/** Reads the policy and changes it with what was read. */
async function change(app: ReturnType<typeof createTestApp>["app"], ifMatch: (revision: string) => string) {
  const { body } = await request(app).get("/v1/policy").expect(200);
  const routing = { ...body.routing, mode: "shadow" };
  return request(app).put("/v1/policy").set("If-Match", ifMatch(body.revision)).send({ routing });
}

describe("GET /v1/policy", () => {
  it("shows the section as it is written, and whether it is in force", async () => {
    const { app } = createTestApp({ file });
    const { body } = await request(app).get("/v1/policy").expect(200);
    expect(body).toMatchObject({
      in_force: true,
      routing: { fallback_tier: "simple", aliases: { auto: "auto_route" } },
    });
    expect(Object.keys(body.routing)).toEqual(["fallback_tier", "tiers", "aliases", "classifier"]);
    writeFileSync(file, OTHER);
    expect((await request(app).get("/v1/policy")).body.in_force).toBe(false);
  });
});

describe("PUT /v1/policy", () => {
  it("writes the file with its comments, keeps the old one, puts it in force and notes who did it", async () => {
    writeFileSync(file, COMMENTED);
    const { app, lines } = createTestApp({ file });
    const { status, body } = await change(app, (revision) => `"${revision}"`);
    expect([status, body.result]).toEqual([200, "applied"]);
    expect((await request(app).get("/v1/status")).body.policy).toMatchObject({
      mode: "shadow",
      revision: body.revision,
    });
    const written = readFileSync(file, "utf8");
    expect(written).toContain("fallback_tier: simple # for small talk");
    expect(written).toContain("mode: shadow");
    expect(readFileSync(`${file}.bak`, "utf8")).toBe(COMMENTED);
    const entry = lines.map((line) => JSON.parse(line)).find(({ event }) => event === "policy_changed");
    expect(entry).toMatchObject({
      to: body.revision,
      address: expect.any(String),
      requestId: expect.any(String),
    });
    expect(readdirSync(folder).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  it.each([
    ["refuses a change of another revision than the file's", () => '"0123456789abcdef"', 412],
    ["takes any revision for *", () => "*", 200],
    ["takes a revision without quotes", (revision: string) => revision, 200],
  ])("%s", async (_title, ifMatch, wanted) => {
    const { app } = createTestApp({ file });
    expect((await change(app, ifMatch)).status).toBe(wanted);
    expect(readFileSync(file, "utf8") === POLICY).toBe(wanted !== 200);
  });

  it("demands If-Match", async () => {
    const { app } = createTestApp({ file });
    await request(app).put("/v1/policy").send(bare).expect(428);
  });

  it("lets one of two changes of the same revision through", async () => {
    const { app } = createTestApp({ file });
    const { body } = await request(app).get("/v1/policy");
    const put = (mode: string) =>
      request(app)
        .put("/v1/policy")
        .set("If-Match", body.revision)
        .send({ routing: { ...body.routing, mode } });
    const answers = await Promise.all([put("shadow"), put("off")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it("tells what is wrong with a change, and writes nothing", async () => {
    const { app } = createTestApp({ file });
    const routing = { tiers: { simple: { model: "missing" } } };
    const { status, body } = await request(app).put("/v1/policy").set("If-Match", "*").send({ routing });
    expect(status).toBe(422);
    expect(body.error.message).toContain('found "missing", expected a model of model_list');
    expect(readFileSync(file, "utf8")).toBe(POLICY);
  });

  it("refuses a change that is nested beyond what can be read, as the mistake that it is", async () => {
    const { app } = createTestApp({ file });
    const depth = 20_000;
    const sent = `{"routing":${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}`;
    const asked = request(app).put("/v1/policy").set({ "If-Match": "*", "Content-Type": "application/json" });
    const { status, body } = await asked.send(sent);
    expect([status, body.error.type]).toEqual([400, "invalid_request"]);
    expect(readFileSync(file, "utf8")).toBe(POLICY);
  });

  it("answers 409 where the file cannot be written, and leaves it and nothing else", async () => {
    const { app } = createTestApp({ file });
    rmSync(`${file}.bak`, { force: true });
    mkdirSync(`${file}.bak`);
    const { status, body } = await change(app, () => "*");
    rmSync(`${file}.bak`, { recursive: true });
    expect([status, body.error.type]).toEqual([409, "conflict"]);
    expect(readdirSync(folder).filter((name) => name.includes("gateway"))).toEqual(["gateway.yaml"]);
    expect(readFileSync(file, "utf8")).toBe(POLICY);
  });

  it("follows a symbolic link, and leaves it one", async () => {
    const link = join(folder, "link.yaml");
    symlinkSync("gateway.yaml", link);
    const { app } = createTestApp({ file: link });
    expect((await change(app, () => "*")).status).toBe(200);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(file, "utf8")).toContain("mode: shadow");
  });

  it("is for admins", async () => {
    const secrets = { callback: ["callback-secret-01"], feedback: [], admin: ["admin-secret-000001"] };
    const { app } = createTestApp({ file, secrets });
    const put = request(app).put("/v1/policy").set("Authorization", "Bearer callback-secret-01");
    await put.set("If-Match", "*").send(bare).expect(401);
  });
});

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

  it("tells the first warnings of gateway.yaml by their paths, and how many more there are", async () => {
    const rules = Array.from({ length: 102 }, (_, i) => `    - {when: {tag: t${i}}, max_latency_ms: 5}\n`);
    const { app } = createTestApp({ policy: `${POLICY}  rules:\n${rules.join("")}` });
    const { warnings } = (await request(app).get("/v1/status")).body.policy;
    expect(warnings[0]).toMatch(/^routing\.rules\[0\]\.max_latency_ms: found 5 ms/);
    expect(warnings.slice(100)).toEqual(["2 more of these are left out"]);
  });
});
