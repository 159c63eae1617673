import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAskModel } from "../../../src/classify/llm/ask-model.ts";
import { LlmClassifier } from "../../../src/classify/llm/llm-classifier.ts";
import type { LlmConfig } from "../../../src/classify/llm/llm-config.ts";
import { toLlmFailure } from "../../../src/classify/llm/llm-failure.ts";
import {
  type CompletionBehaviour,
  type FakeCompletions,
  startFakeCompletions,
} from "../../support/fake-completions.ts";
import { until } from "../../support/until.ts";
import { questionOf } from "./question-of.ts";
import { TIERS } from "./tiers.ts";

const PROMPT = { system: "You sort requests.", user: "| Why?", names: ["simple", "complex"] };
const ANSWER = JSON.stringify({ choices: [{ message: { content: "{}" } }] });
const USAGE = { prompt_tokens: 200, completion_tokens: 8 };

let fake: FakeCompletions;
beforeEach(async () => {
  fake = await startFakeCompletions();
});
afterEach(() => fake.close());

function configOf(changes: Partial<LlmConfig> = {}): LlmConfig {
  return {
    ...{ api: "openai", apiBase: fake.url, model: "tiny", apiKey: null, timeoutMs: 2_000, maxShare: 1 },
    ...{ maxConcurrent: 2, inputCostPerToken: null, outputCostPerToken: null },
    ...changes,
  };
}

const ask = (changes: Partial<LlmConfig> = {}, limitMs = 5_000) =>
  createAskModel(configOf(changes))(PROMPT, AbortSignal.timeout(limitMs));

describe("createAskModel() of an OpenAI-compatible endpoint", () => {
  it("asks /chat/completions with the tiers as a strict schema, temperature 0 and few tokens", async () => {
    expect(await ask()).toEqual({ text: '{"tier": "medium"}', costUsd: null });
    const [asked] = fake.asked;
    expect(asked?.path).toBe("/v1/chat/completions");
    expect(asked?.headers).not.toHaveProperty("authorization");
    expect(asked?.body).toEqual({
      model: "tiny",
      messages: [
        { role: "system", content: PROMPT.system },
        { role: "user", content: PROMPT.user },
      ],
      temperature: 0,
      max_tokens: 48,
      response_format: {
        type: "json_schema",
        json_schema: {
          name: "verdict",
          strict: true,
          schema: {
            type: "object",
            properties: { tier: { type: "string", enum: PROMPT.names } },
            required: ["tier"],
            additionalProperties: false,
          },
        },
      },
    });
  });

  it("sends the key, and takes a base that ends in slashes", async () => {
    await ask({ apiBase: `${fake.url}//`, apiKey: () => "sk-canary" });
    expect(fake.asked[0]).toMatchObject({
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer sk-canary" },
    });
  });

  it.each<[string, Omit<Extract<CompletionBehaviour, { kind: "say" }>, "kind" | "content">, number | null]>([
    ["of its tokens, at the configured prices", { usage: USAGE }, 200 * 1e-6 + 8 * 4e-6],
    ["that LiteLLM tells, before any other", { usage: USAGE, cost: "0.000123" }, 0.000123],
    ["of its tokens where LiteLLM tells none", { usage: USAGE, cost: "None" }, 200 * 1e-6 + 8 * 4e-6],
    ["of its tokens where LiteLLM's header is empty", { usage: USAGE, cost: "" }, 200 * 1e-6 + 8 * 4e-6],
    ["that nobody knows without tokens", {}, null],
    ["that nobody knows without tokens, and with an empty header", { cost: "" }, null],
  ])("counts the cost of an answer %s", async (_what, behaviour, costUsd) => {
    fake.behave({ kind: "say", content: "{}", ...behaviour });
    const answer = await ask({ inputCostPerToken: 1e-6, outputCostPerToken: 4e-6 });
    expect(answer).toEqual({ text: "{}", costUsd });
  });

  it("knows no cost where a price is missing", async () => {
    fake.behave({ kind: "say", content: "{}", usage: USAGE });
    expect(await ask({ inputCostPerToken: 1e-6 })).toMatchObject({ costUsd: null });
  });

  it("waits for a slow answer as long as it may", async () => {
    fake.behave({ kind: "say", content: "late", afterMs: 300 });
    expect(await ask()).toMatchObject({ text: "late" });
  });

  it.each<[string, CompletionBehaviour, string]>([
    ["no answer", { kind: "hang" }, "timeout"],
    ["an answer that never ends", { kind: "drip" }, "timeout"],
    ["a cut connection", { kind: "cut" }, "unreachable"],
    ["status 500", { kind: "status", status: 500, body: '{"error": {"message": "canary"}}' }, "refused"],
    ["status 401", { kind: "status", status: 401, body: "" }, "refused"],
    [
      "status 404",
      { kind: "status", status: 404, body: '{"error": {"code": "model_not_found"}}' },
      "missing_model",
    ],
    ["broken JSON", { kind: "status", status: 200, body: '{"choices": [' }, "unreadable"],
    ["no JSON", { kind: "status", status: 200, body: "<html>" }, "unreadable"],
    ["another form", { kind: "status", status: 200, body: '{"error": "canary"}' }, "unreadable"],
    ["no choice", { kind: "status", status: 200, body: '{"choices": []}' }, "unreadable"],
    ["a huge answer", { kind: "status", status: 200, body: ANSWER.padEnd(100_000) }, "unreadable"],
  ])("fails after %s, without words of the server", async (_what, behaviour, kind) => {
    fake.behave(behaviour);
    const error = await ask({}, kind === "timeout" ? 400 : 5_000).catch(toLlmFailure);
    expect(error).toMatchObject({ name: "LlmFailure", kind });
    expect(String(error)).not.toContain("canary");
  });

  it("follows no redirect: the key and the question would go elsewhere", async () => {
    fake.behave({ kind: "status", status: 307, body: "", location: "/v1/elsewhere" });
    expect(await ask().catch(toLlmFailure)).toMatchObject({ kind: "unreachable" });
    expect(fake.asked).toHaveLength(1);
  });

  it("lets the server know when it does not wait any longer", async () => {
    fake.behave({ kind: "hang" });
    await expect(ask({}, 100)).rejects.toThrow();
    await until(async () => fake.leftAlone() === 1);
  });

  it("fails where no server listens", async () => {
    await fake.close();
    expect(await ask().catch(toLlmFailure)).toMatchObject({ kind: "unreachable" });
  });
});

describe("LlmClassifier with an OpenAI-compatible endpoint", () => {
  const start = async (changes: Partial<LlmConfig> = {}) => {
    const troubles: (string | null)[] = [];
    const llm = new LlmClassifier({
      config: configOf(changes),
      tiers: TIERS,
      threshold: null,
      onChange: (trouble) => troubles.push(trouble),
    });
    await llm.start();
    return { llm, troubles };
  };

  it("adds up what its answers cost, those that cannot be used too", async () => {
    fake.behave({ kind: "say", content: '{"tier": "complex"}', cost: "0.25" });
    const { llm } = await start();
    // Two questions of its own find out whether the model answers.
    expect(llm.status().costUsd).toBe(0.5);
    expect(await llm.consult(questionOf("Why?"))).toMatchObject({
      ...{ outcome: "decided", from: "model", words: "tiny says complex", costUsd: 0.25 },
    });
    expect(llm.consult(questionOf("Why?"))).toMatchObject({ from: "cache", costUsd: null });
    fake.behave({ kind: "say", content: "I think so.", cost: "1" });
    expect(await llm.consult(questionOf("Why not?"))).toMatchObject({ outcome: "unreadable", costUsd: 1 });
    expect(llm.status().costUsd).toBe(1.75);
    llm.close();
  });

  it.each<[string, string | null]>([
    ["an empty answer", ""],
    ["no content, as a refusal has", null],
  ])("has no opinion after %s", async (_what, content) => {
    const { llm } = await start();
    fake.behave({ kind: "say", content });
    expect(await llm.consult(questionOf("Why?"))).toMatchObject({ verdict: null, outcome: "unreadable" });
    llm.close();
  });

  it("says what to check where the endpoint refuses, without its key", async () => {
    fake.behave({ kind: "status", status: 401, body: "" });
    const { llm, troubles } = await start({ apiKey: () => "sk-canary" });
    expect(troubles).toEqual([expect.stringContaining("check routing.classifier.llm (127.0.0.1:")]);
    expect(String(troubles)).not.toContain("sk-canary");
    llm.close();
  });
});
