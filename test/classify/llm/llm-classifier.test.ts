import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LlmClassifier } from "../../../src/classify/llm/llm-classifier.ts";
import type { LlmConfig } from "../../../src/classify/llm/llm-config.ts";
import type { Opinion } from "../../../src/classify/opinion.ts";
import { type ChatBehaviour, type FakeChat, startFakeChat } from "../../support/fake-ollama-chat.ts";
import { until } from "../../support/until.ts";
import { questionOf } from "./question-of.ts";
import { TIERS } from "./tiers.ts";

let fake: FakeChat;
const made: LlmClassifier[] = [];
beforeEach(async () => {
  fake = await startFakeChat();
});
afterEach(() => {
  for (const llm of made.splice(0)) llm.close();
  fake.close();
});

interface Made {
  readonly config?: Partial<LlmConfig>;
  readonly threshold?: number;
}

async function start({ config, threshold }: Made = {}) {
  const troubles: (string | null)[] = [];
  const llm = new LlmClassifier({
    config: {
      ...{ api: "ollama", apiBase: fake.url, model: "tiny", apiKey: null, timeoutMs: 2_000, maxShare: 0.15 },
      ...{ maxConcurrent: 2, inputCostPerToken: null, outputCostPerToken: null },
      ...config,
    },
    tiers: TIERS,
    threshold: threshold ?? null,
    onChange: (trouble) => troubles.push(trouble),
  });
  made.push(llm);
  await llm.start();
  fake.asked.splice(0);
  return { llm, troubles };
}

function consult(llm: LlmClassifier, text: string, waitMs = 10_000, score = 50) {
  return llm.consult(questionOf(text, { waitMs, score }));
}

const outcomeOf = async (opinion: Opinion | Promise<Opinion> | null) => (await opinion)?.outcome;

describe("LlmClassifier.consult()", () => {
  it("gives the middle of the range of the tier that the model names", async () => {
    const { llm } = await start();
    expect(await consult(llm, "Why is the sky blue?")).toMatchObject({
      ...{ outcome: "decided", from: "model", words: "tiny says medium", costUsd: null },
      verdict: { strategy: "llm", score: 48, confidence: null },
    });
  });

  it("asks with the tiers as an enum, temperature 0, few tokens and no thinking", async () => {
    const { llm } = await start();
    await consult(llm, "Why?");
    expect(fake.asked).toHaveLength(1);
    expect(fake.asked[0]).toMatchObject({
      ...{ model: "tiny", stream: false, think: false, options: { temperature: 0, num_predict: 48 } },
      format: { properties: { tier: { enum: ["simple", "medium", "complex"] } } },
    });
    expect(fake.asked[0]).toHaveProperty("keep_alive");
  });

  it("answers the same question from its cache, at once", async () => {
    const { llm } = await start();
    await consult(llm, "Why?");
    expect(consult(llm, "Why?")).toMatchObject({ outcome: "decided", from: "cache" });
    await consult(llm, "Why not?");
    expect(fake.asked).toHaveLength(2);
  });

  it("asks once for requests that ask the same at the same time", async () => {
    const { llm } = await start();
    fake.behave({ kind: "say", content: '{"tier": "complex"}', afterMs: 50 });
    const opinions = await Promise.all([1, 2, 3].map(() => consult(llm, "Why?")));
    expect(opinions.map((opinion) => opinion?.from)).toEqual(["model", "shared", "shared"]);
    expect(fake.asked).toHaveLength(1);
  });

  it("keeps nobody waiting while all places are taken", async () => {
    const { llm } = await start();
    fake.behave({ kind: "say", content: '{"tier": "complex"}', afterMs: 50 });
    const opinions = ["a?", "b?", "c?"].map((text) => consult(llm, text));
    expect(opinions[2]).toMatchObject({ outcome: "busy", verdict: null });
    expect(await Promise.all(opinions.map(outcomeOf))).toEqual(["decided", "decided", "busy"]);
  });

  it.each<[string, ChatBehaviour, string]>([
    ["an empty answer", { kind: "say", content: "" }, "unreadable"],
    ["an answer in prose", { kind: "say", content: "I think it is simple." }, "unreadable"],
    ["a tier that does not exist", { kind: "say", content: '{"tier": "hard"}' }, "outside"],
    ["a model that thinks aloud", { kind: "say", content: "<think>\n</think>\n" }, "thinking"],
    ["broken JSON", { kind: "status", status: 200, body: '{"message": {"content"' }, "unreadable"],
    ["another form", { kind: "status", status: 200, body: '{"error": "late"}' }, "unreadable"],
    ["a huge answer", { kind: "status", status: 200, body: "x".repeat(100_000) }, "unreadable"],
    [
      "status 500",
      { kind: "status", status: 500, body: '{"error":"llama runner process has terminated"}' },
      "refused",
    ],
    ["status 502 in HTML", { kind: "status", status: 502, body: "<html>", type: "text/html" }, "refused"],
    [
      "a missing model",
      { kind: "status", status: 404, body: `{"error":"model 'tiny' not found"}` },
      "missing_model",
    ],
    ["a cut connection", { kind: "cut" }, "unreachable"],
  ])("has no opinion after %s", async (_what, behaviour, outcome) => {
    const { llm } = await start();
    fake.behave(behaviour);
    expect(await consult(llm, "Why?")).toMatchObject({ verdict: null, outcome });
    expect(llm.status().outcomes).toEqual({ [outcome]: 1 });
  });

  it("waits no longer than the asker does, and keeps a late answer for the next one", async () => {
    const { llm } = await start({ config: { timeoutMs: 20_000 } });
    fake.behave({ kind: "say", content: '{"tier": "complex"}', afterMs: 2_000 });
    const startedMs = performance.now();
    expect(await outcomeOf(consult(llm, "Why?", 300))).toBe("timeout");
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    await until(() => outcomeIs(consult(llm, "Why?"), "decided"));
  });

  it("asks nothing where the asker does not wait for a model", async () => {
    const { llm } = await start();
    expect(consult(llm, "Why?", 190)).toMatchObject({ outcome: "no_time" });
    expect(fake.asked).toEqual([]);
  });

  it("is away after 3 timeouts in a row: then nobody waits", async () => {
    const { llm, troubles } = await start({ config: { timeoutMs: 600 } });
    fake.behave({ kind: "hang" });
    for (const text of ["a?", "b?", "c?"]) expect(await outcomeOf(consult(llm, text))).toBe("timeout");
    expect(consult(llm, "d?")).toMatchObject({ outcome: "away" });
    expect(llm.status()).toMatchObject({ state: "away" });
    expect(troubles).toEqual([null, expect.stringContaining("the LLM gave no answer in time")]);
  });

  it("ends its questions without an opinion when it is closed", async () => {
    const { llm } = await start();
    fake.behave({ kind: "hang" });
    const waiting = consult(llm, "Why?");
    llm.close();
    expect(await outcomeOf(waiting)).toBe("stopping");
    expect(consult(llm, "Why not?")).toMatchObject({ outcome: "stopping" });
  });

  it("in a cascade asks about unsure verdicts alone, and for a share of the requests", async () => {
    const { llm } = await start({ threshold: 0.3 });
    expect(consult(llm, "sure?", 10_000, 48)).toBeNull();
    const opinions: (string | undefined)[] = [];
    for (let at = 0; at < 20; at += 1)
      opinions.push(await outcomeOf(consult(llm, `unsure ${at}?`, 10_000, 31)));
    expect(opinions.filter((outcome) => outcome === "decided")).toHaveLength(3);
    expect(new Set(opinions)).toEqual(new Set(["decided", "share"]));
  });
});

const outcomeIs = async (opinion: Opinion | Promise<Opinion> | null, outcome: string) =>
  (await opinion)?.outcome === outcome;

describe("LlmClassifier.start()", () => {
  it.each<[string, ChatBehaviour, string]>([
    ["a missing model", { kind: "status", status: 404, body: "{}" }, 'run "ollama pull tiny"'],
    ["garbage", { kind: "say", content: "hm" }, "see the log of Ollama"],
  ])("tells how to mend %s, once, and asks nothing meanwhile", async (_what, behaviour, mend) => {
    fake.behave(behaviour);
    const { llm, troubles } = await start();
    expect(troubles).toEqual([expect.stringContaining(mend)]);
    expect(consult(llm, "Why?")).toMatchObject({ outcome: "away" });
    expect(fake.asked).toEqual([]);
  });

  it("tells where no Ollama answers, without what its URL may hold", async () => {
    fake.close();
    const { troubles } = await start({ config: { apiBase: fake.url.replace("//", "//joe:secret@") } });
    expect(troubles).toEqual([expect.stringContaining("ollama serve")]);
    expect(String(troubles)).not.toContain("secret");
  });

  it("tells also where its URL is none, and does not reject", async () => {
    const { troubles } = await start({ config: { apiBase: "http://localhost:114340" } });
    expect(troubles).toEqual([expect.stringContaining("start Ollama at its api_base")]);
  });

  it("is ready again once the model is there", async () => {
    fake.behave({ kind: "status", status: 404, body: "{}" });
    const { llm } = await start();
    fake.behave({ kind: "say", content: '{"tier": "simple"}' });
    await until(async () => llm.status().state === "ready");
    expect(await outcomeOf(consult(llm, "Why?"))).toBe("decided");
  });
});
