import request from "supertest";
import { expect, it } from "vitest";
import type { Consult, Opinion } from "../../src/classify/opinion.ts";
import { rememberRecent } from "../../src/request/recent.ts";
import { createTestApp } from "../support/sidecar-app.ts";

const HELLO = { model: "auto", messages: [{ role: "user", content: "hello there" }] };
const criteria = { SIMPLE: "Greetings", COMPLEX: "Proofs" };
const STATE = {
  state: "\nClassify this message:\nhello there",
  questions: { tier: { type: "choice", instructions: "Pick the cheapest tier.", criteria } },
};

const OPINION: Opinion = {
  verdict: { strategy: "llm", score: 70, confidence: null, signals: [] },
  ...{ outcome: "decided", words: "so says the model", from: "model", tookMs: 9, costUsd: null },
};
const consults: readonly [string, Consult][] = [
  ["no LLM", () => null],
  ["an LLM that answered before", () => OPINION],
  ["an LLM that answers later", async () => OPINION],
];

it.each(
  consults.flatMap(([who, consult]) => [
    { path: "/v1/route", body: { body: HELLO }, who, consult },
    { path: "/v1/simulate", body: { body: HELLO }, who, consult },
    { path: "/v1/systemone", body: STATE, who, consult },
  ]),
)("POST $path keeps nothing of a request once it is answered, with $who", async ({ path, body, consult }) => {
  const { app } = createTestApp({ consult });
  let found = 0;
  const find = rememberRecent(() => ++found);
  const object = {};
  find(object);
  await request(app).post(path).send(body).expect(200);
  find(object);
  expect(found).toBe(2);
});
