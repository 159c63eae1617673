import { describe, expect, it } from "vitest";
import { writePrompt } from "../../src/classify/llm/prompt.ts";
import type { Opinion, Question } from "../../src/classify/opinion.ts";
import { createSnapshot } from "../../src/compose.ts";
import { decideAsking } from "../../src/http/decide-asking.ts";
import { parseEnvelope } from "../../src/request/envelope.ts";
import { readRequest } from "../../src/request/read-request.ts";
import { POLICY, policyOf } from "../support/sidecar-app.ts";

const SNAPSHOT = createSnapshot(policyOf(POLICY));
const CONTEXT = { ...SNAPSHOT, catalog: null, draw: 0, now: new Date() };

const DECIDED: Opinion = {
  verdict: { strategy: "llm", score: 83, confidence: null, signals: () => [] },
  outcome: "decided",
  words: "tiny says complex",
  from: "model",
  tookMs: 7,
  costUsd: 0.001,
};
const LATE: Opinion = {
  ...DECIDED,
  verdict: null,
  outcome: "timeout",
  words: "the LLM gave no answer in time",
};

function requestOf(model: string, ...turns: string[]) {
  return readBody({ model, messages: turns.map((content) => ({ role: "user", content })) });
}

function readBody(body: object) {
  const result = parseEnvelope({ body });
  if (!result.ok) throw new Error(result.message);
  return readRequest(result.envelope);
}

/** Decides with an LLM that has this opinion, and tells what it was asked. */
function decideWith(opinion: Opinion | Promise<Opinion> | null, model: string, ...turns: string[]) {
  const asked: Question[] = [];
  const consult = (question: Question) => {
    asked.push(question);
    return opinion;
  };
  const decision = decideAsking(requestOf(model, ...turns), { context: CONTEXT, consult, untilMs: 100 });
  return { decision, asked };
}

describe("decideAsking()", () => {
  it("decides with what the LLM says of the newest turn, and tells what it cost", () => {
    const { decision } = decideWith(DECIDED, "auto", "What is 2+2?");
    expect(decision).toMatchObject({
      ...{ strategy: "llm", score: 83, tier: "complex", model: "large", classifierCostUsd: 0.001 },
      reason: "score 83.0 is in complex (66-100)",
    });
    expect(decision).toHaveProperty("trace.3", {
      ...{
        step: "llm",
        outcome: "decided",
        words: "tiny says complex",
        from: "model",
        tookMs: 7,
        costUsd: 0.001,
      },
    });
  });

  it("waits for an opinion that is not known yet", async () => {
    const { decision } = decideWith(Promise.resolve(DECIDED), "auto", "What is 2+2?");
    expect(decision).toBeInstanceOf(Promise);
    expect(await decision).toMatchObject({ strategy: "llm", tier: "complex" });
  });

  it("lets the fast decision stand where the LLM has no opinion, and says why", () => {
    const { decision } = decideWith(LATE, "auto", "What is 2+2?");
    const reason = expect.stringMatching(
      /in simple \(0-65\); static decided, the LLM gave no answer in time$/,
    );
    expect(decision).toMatchObject({ strategy: "static", tier: "simple", model: "small", reason });
    expect(decision).toHaveProperty("trace.3.outcome", "timeout");
  });

  it("lets the fast decision stand without a word where no opinion is wanted", () => {
    const { decision, asked } = decideWith(null, "auto", "What is 2+2?");
    expect(asked).toHaveLength(1);
    expect(decision).toMatchObject({ strategy: "static", classifierCostUsd: null });
    expect(JSON.stringify(decision)).not.toContain('"llm"');
  });

  it("asks about the newest turn and tells what the fast classifier says of it", () => {
    const { asked } = decideWith(DECIDED, "auto", "Prove that sqrt(2) is irrational", "What is 2+2?");
    expect(asked[0]?.turn.text).toBe("What is 2+2?");
    expect(asked[0]).toMatchObject({ fast: { strategy: "static", confidence: null }, untilMs: 100 });
    expect(asked[0]?.fast.score).toBeLessThan(66);
  });

  it("asks the same at each call of a tool loop, whatever pictures its tools brought", () => {
    const ask = { role: "user", content: "Which button of the page is red?" };
    const call = { type: "tool_use", id: "t1", name: "screenshot", input: {} };
    const picture = { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } };
    const shown = { type: "tool_result", tool_use_id: "t1", content: [picture] };
    const loop = [ask, { role: "assistant", content: [call] }, { role: "user", content: [shown] }];
    const prompts = [[ask], loop].map((messages) => {
      const asked: Question[] = [];
      const consult = (question: Question) => {
        asked.push(question);
        return DECIDED;
      };
      decideAsking(readBody({ model: "auto", messages }), { context: CONTEXT, consult, untilMs: 100 });
      return asked.map(({ request, turn }) => writePrompt(request, turn, []).user);
    });
    expect(prompts[0]).toHaveLength(1);
    expect(prompts[1]).toEqual(prompts[0]);
  });

  it("leaves earlier turns to the fast classifier: they hold the tier", () => {
    const simple: Opinion = {
      ...DECIDED,
      verdict: { strategy: "llm", score: 32, confidence: null, signals: () => [] },
    };
    const hard =
      "Design a fault-tolerant distributed system architecture, prove it correct and refactor it step by step";
    const { decision } = decideWith(simple, "auto", hard, "What is 2+2?");
    expect(decision).toMatchObject({ strategy: "llm", score: 32, tier: "complex" });
  });

  it.each([
    ["a model by its own name", "small", ["Prove it"]],
    ["a short reply", "auto", ["Prove that sqrt(2) is irrational", "thanks"]],
    ["words that only ask for more thought", "auto", ["Prove that sqrt(2) is irrational", "think harder"]],
    ["a request with no human turn", "auto", []],
  ])("asks nothing about %s", (_what, model, turns) => {
    const { decision, asked } = decideWith(DECIDED, model, ...turns);
    expect(asked).toEqual([]);
    expect(decision).not.toBeInstanceOf(Promise);
    expect(decision).not.toMatchObject({ strategy: "llm" });
  });
});
