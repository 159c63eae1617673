import request from "supertest";
import { expect, it } from "vitest";
import type { Consult, Opinion } from "../../src/classify/opinion.ts";
import { rememberRecent } from "../../src/request/recent.ts";
import { createTestApp, POLICY } from "../support/sidecar-app.ts";

const HELLO = { model: "auto", messages: [{ role: "user", content: "hello there" }] };
const criteria = { SIMPLE: "Greetings", COMPLEX: "Proofs" };
const STATE = {
  state: "\nClassify this message:\nhello there",
  questions: { tier: { type: "choice", instructions: "Pick the cheapest tier.", criteria } },
};

const OPINION: Opinion = {
  verdict: { strategy: "llm", score: 70, confidence: null, signals: () => [] },
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

it("POST /v1/route answers without a log as with one, with an id too", async () => {
  const answers = [true, false].map(async (hasLog) => {
    const { app } = createTestApp({ hasLog });
    const { body } = await request(app).post("/v1/route").send({ body: HELLO }).expect(200);
    return { ...body, decision_id: typeof body.decision_id };
  });
  const [withLog, without] = await Promise.all(answers);
  expect(without).toEqual(withLog);
  expect(without.decision_id).toBe("string");
});

const MIXED = POLICY.replace(
  "classifier: {strategy: static}",
  `rules:
    - {name: code, when: {category: code, max_input_tokens: 2000}, min_tier: complex}
    - {name: german, when: {language: de}, pick: cost}`,
);
const TEXTS = [
  "Prove that the square root of two is irrational, please. Thanks!",
  "Was ist die Hauptstadt von Frankreich?",
  "Write a Python function that merges two sorted lists, and its tests.",
  "hello there",
  "Refactor this: `for (let i = 0; i < n; i += 1) sum += values[i];`",
];
const TOOL = { type: "function", function: { name: "ls", parameters: {} } };

/** Requests of several turns; every third has called a tool since. */
function bodyOf(index: number) {
  const text = (at: number) => `${TEXTS[at % TEXTS.length]} (${index})`;
  const turns = Array.from({ length: 1 + (index % 4) }, (_, at) => [
    { role: "user", content: text(index + at).repeat(1 + (index % 7)) },
    { role: "assistant", content: "Here it is." },
  ]);
  const result = { role: "tool", tool_call_id: "t1", content: "README.md\n".repeat(50) };
  const messages = index % 3 === 0 ? [...turns.flat(), result] : turns.flat().slice(0, -1);
  return { body: { model: "auto", messages, tools: [TOOL] } };
}

/** Asks at once, after the others, or never, as the text says. */
const consultByText: Consult = ({ turn }) => {
  const after = turn.chars % 5;
  if (after === 0) return null;
  const score = turn.chars % 101;
  const opinion: Opinion = {
    ...OPINION,
    verdict: { strategy: "llm", score, confidence: null, signals: () => [] },
  };
  return after === 1
    ? opinion
    : new Promise((resolve) => setTimeout(() => resolve(opinion), (turn.chars * 7) % 11));
};

it("POST /v1/route decides requests that wait for an LLM together as it decides each alone", async () => {
  const bodies = Array.from({ length: 120 }, (_, index) => bodyOf(index));
  const ask = async (isAlone: boolean) => {
    const { endpoints, records } = createTestApp({ policy: MIXED, consult: consultByText });
    const route = endpoints.find(({ path }) => path === "/v1/route")?.hot;
    const answers: unknown[] = [];
    for (const body of bodies) {
      const answer = route?.(body);
      answers.push(isAlone ? await answer : answer);
    }
    await Promise.all(answers);
    const told = records.map(({ request: { turns }, decision, features }) => [turns, decision, features]);
    return told.map((one) => JSON.stringify(one)).sort();
  };
  const [alone, together] = [await ask(true), await ask(false)];
  expect(together).toHaveLength(bodies.length);
  expect(together).toEqual(alone);
});
