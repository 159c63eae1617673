import request from "supertest";
import { describe, expect, it } from "vitest";
import { timeOfUuid7 } from "../../src/log/uuid7-time.ts";
import { createTestApp } from "../support/sidecar-app.ts";

const ID = "01a1fa80-507c-760a-b2bc-469b6c9a707f";
const UP = { decision_id: ID, rating: "up" };

describe("POST /v1/feedback", () => {
  it("records a rating and answers 202 with an id of its own", async () => {
    const { app, feedbackRows } = createTestApp();
    const { status, body } = await request(app).post("/v1/feedback").send(UP);
    expect(status).toBe(202);
    expect(Math.abs((timeOfUuid7(body.feedback_id) ?? 0) - Date.now())).toBeLessThan(60_000);
    const { created_at, ...row } = feedbackRows[0] ?? { created_at: "none" };
    expect(row).toEqual({
      id: body.feedback_id,
      decision_id: ID,
      rating: "up",
      expected_tier: null,
      comment: null,
      source: "api",
    });
    expect(new Date(created_at).toISOString()).toBe(created_at);
  });

  it("records the expected tier, the comment, and an id in small letters", async () => {
    const { app, feedbackRows } = createTestApp();
    const body = {
      decision_id: ID.toUpperCase(),
      rating: "down",
      expected_tier: "complex",
      comment: "häßlich 😀",
      source: "cli",
    };
    await request(app).post("/v1/feedback").send(body).expect(202);
    expect(feedbackRows).toMatchObject([{ ...body, decision_id: ID }]);
  });

  const SAID = "ask jane.doe@example.org";

  it("masks a comment under store_text: redacted", async () => {
    const privacy = { storeText: "redacted", hashKey: Buffer.alloc(32) } as const;
    const { app, feedbackRows } = createTestApp({ privacy });
    await request(app)
      .post("/v1/feedback")
      .send({ ...UP, comment: SAID });
    expect(feedbackRows[0]?.comment).toMatch(/^ask (?!.*jane)/);
  });

  it("keeps no comment under store_text: none", async () => {
    const { app, feedbackRows } = createTestApp({
      privacy: { storeText: "none", hashKey: Buffer.alloc(32) },
    });
    await request(app)
      .post("/v1/feedback")
      .send({ ...UP, comment: SAID });
    expect(feedbackRows).toMatchObject([{ rating: "up", comment: null }]);
  });

  it("names the tiers where the expected one is none of them, and records nothing", async () => {
    const { app, feedbackRows } = createTestApp();
    const answer = await request(app)
      .post("/v1/feedback")
      .send({ ...UP, expected_tier: "canary" });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toBe(
      "Cannot read the body: expected_tier: expected one of simple, complex",
    );
    expect(feedbackRows).toEqual([]);
  });

  it.each([
    [
      "an id of another version",
      { ...UP, decision_id: "01a1fa80-507c-460a-b2bc-469b6c9a707f" },
      "decision_id",
    ],
    ["no id", { rating: "up" }, "decision_id"],
    ["another rating", { ...UP, rating: "5" }, "rating"],
    ["a field that it does not know", { ...UP, user: "x" }, "user"],
    ["a comment of 2,001 characters", { ...UP, comment: "x".repeat(2_001) }, "comment"],
    ["a source of its own", { ...UP, source: "somebody" }, "source"],
  ])("refuses %s", async (_title, body, field) => {
    const { app, feedbackRows } = createTestApp();
    const answer = await request(app).post("/v1/feedback").send(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain(field);
    expect(feedbackRows).toEqual([]);
  });

  it.each([
    ["expired", "older than the log keeps"],
    ["unknown_decision", "no decision of that id was made"],
  ] as const)("answers 404 that says why where the decision is %s", async (refusal, why) => {
    const { app } = createTestApp({ recordFeedback: () => refusal });
    const { status, body } = await request(app).post("/v1/feedback").send(UP);
    expect([status, body.error.type]).toEqual([404, "not_found"]);
    expect(body.error.message).toContain(why);
  });

  it("answers 503 where nothing is logged", async () => {
    const { app } = createTestApp({ recordFeedback: null });
    const { status, body } = await request(app).post("/v1/feedback").send(UP);
    expect([status, body.error.type]).toEqual([503, "unavailable"]);
    expect(body.error.message).toContain("collector.enabled");
  });

  it("asks for the secret of applications; the callback's is not enough", async () => {
    const secrets = { callback: ["callback-secret-1"], feedback: ["feedback-secret-1"], admin: [] };
    const { app } = createTestApp({ secrets });
    const post = (secret: string) =>
      request(app).post("/v1/feedback").set("Authorization", `Bearer ${secret}`).send(UP);
    expect((await post("callback-secret-1")).status).toBe(401);
    expect((await post("feedback-secret-1")).status).toBe(202);
  });
});
