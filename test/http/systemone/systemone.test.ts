import request from "supertest";
import { describe, expect, it } from "vitest";
import type { Consult } from "../../../src/classify/opinion.ts";
import { createTestApp, POLICY } from "../../support/sidecar-app.ts";

const criteria = { SIMPLE: "Greetings", MEDIUM: "Short answers", COMPLEX: "Long ones", REASONING: "Proofs" };
const questions = { tier: { type: "choice", instructions: "Pick the cheapest tier.", criteria } };
const stateOf = (message: string) => `\nClassify this message:\n${message}`;
const HARD =
  "Design a distributed, fault-tolerant payment system with exactly-once semantics. Prove its correctness step by step, " +
  "analyze the trade-offs of each architecture, and refactor the concurrency of our security-critical code.";

async function ask(body: object, policy = POLICY) {
  const { app, records } = createTestApp({ policy });
  const { status, body: answer } = await request(app).post("/v1/systemone").send(body);
  return { status, answer, records };
}

describe("POST /v1/systemone", () => {
  it("answers the question with a choice, probabilities that add up to 1, and logs nothing", async () => {
    const { status, answer, records } = await ask({ state: stateOf("hello"), model: "x", questions });
    expect(status).toBe(200);
    const { choice, probabilities, type } = answer.answers.tier;
    expect([type, choice]).toEqual(["choice", "SIMPLE"]);
    expect(Object.keys(probabilities)).toEqual(Object.keys(criteria));
    expect(Object.values<number>(probabilities).reduce((sum, part) => sum + part, 0)).toBeCloseTo(1);
    expect(records).toEqual([]);
  });

  it("gives a harder message a dearer choice, and a short reply to it none of a cheaper tier", async () => {
    const hard = await ask({ state: stateOf(HARD), questions });
    const rank = (choice: string) => Object.keys(criteria).indexOf(choice);
    expect(rank(hard.answer.answers.tier.choice)).toBeGreaterThan(1);
    const state = `\nRecent conversation (context only, do not classify these):\n[1] ${HARD}\n\n${stateOf("thanks, go on").slice(1)}`;
    const next = await ask({ state, questions });
    expect(rank(next.answer.answers.tier.choice)).toBeGreaterThan(1);
  });

  it("takes a tier that an LLM named for the first choice of it, not for the border of two", async () => {
    const three = POLICY.replace(
      "[0, 65], model: small}",
      "[0, 44], model: small}\n    medium: {score_range: [45, 54], model: small}",
    ).replace("[66, 100]", "[55, 100]");
    const choiceOf = async (score: number) => {
      const consult: Consult = () => {
        const verdict = { strategy: "llm", score, confidence: null, signals: () => [] } as const;
        return {
          verdict,
          outcome: "decided",
          words: "so says the model",
          from: "cache",
          tookMs: 0,
          costUsd: null,
        };
      };
      const { app } = createTestApp({ policy: three, consult });
      const { body } = await request(app)
        .post("/v1/systemone")
        .send({ state: stateOf(HARD), questions });
      return body.answers.tier;
    };
    const certain = { confidence: 1 };
    expect(await choiceOf(22)).toMatchObject({ choice: "SIMPLE", ...certain });
    expect(await choiceOf(49.5)).toMatchObject({ choice: "MEDIUM", ...certain });
    expect(await choiceOf(77.5)).toMatchObject({ choice: "COMPLEX", ...certain });
  });

  it("names the choices as they are asked for, in their order", async () => {
    const own = { tier: { type: "choice", criteria: { "7b": "small", "70b": "large" } } };
    const { answer } = await ask({ state: stateOf("hello"), questions: own });
    expect(answer.answers.tier.choice).toBe("7b");
  });

  it("tries no other tier by lot, of which nothing would be logged", async () => {
    const policy = POLICY.replace("routing:", "routing:\n  explore: 0.5");
    const choices = [
      "hello",
      "hi",
      "good morning",
      "hey you",
      "good evening",
      "thanks a lot",
      "hello again",
    ].map(
      async (message) =>
        (await ask({ state: stateOf(message), questions }, policy)).answer.answers.tier.choice,
    );
    expect(new Set(await Promise.all(choices))).toEqual(new Set(["SIMPLE"]));
  });

  it("takes a message of 500 KB", async () => {
    const { status } = await ask({ state: stateOf("word ".repeat(100_000)), questions });
    expect(status).toBe(200);
  });

  it.each([
    ["a question of another type", { state: "x", questions: { tier: { type: "number", criteria } } }],
    ["no choices", { state: "x", questions: { tier: { type: "choice", criteria: {} } } }],
    ["no state", { questions }],
  ])("refuses %s", async (_title, body) => {
    expect((await ask(body)).status).toBe(400);
  });

  it.each([
    ["decides nothing", POLICY.replace("routing:", 'routing:\n  mode: "off"')],
    [
      "has no name to route by",
      POLICY.replace("aliases: {auto: auto_route}", "unknown_model: passthrough\n  auto_route_patterns: [x]"),
    ],
  ])("answers 503, so that LiteLLM decides by itself, where the policy %s", async (_title, policy) => {
    expect((await ask({ state: "x", questions }, policy)).status).toBe(503);
  });
});
