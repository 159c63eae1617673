import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LlmClassifier } from "../../src/classify/llm/llm-classifier.ts";
import type { LlmConfig } from "../../src/classify/llm/llm-config.ts";
import type { Opinion } from "../../src/classify/opinion.ts";
import { INJECTIONS } from "../classify/llm/injections.ts";
import { questionOf } from "../classify/llm/question-of.ts";
import { TIERS } from "../classify/llm/tiers.ts";

/** Long enough for a small model on a busy machine without a graphics card, in milliseconds. */
const PATIENCE_MS = 60_000;

function classifierOf(changes: Partial<LlmConfig> = {}) {
  const { SIGNALBOX_TEST_OLLAMA_URL: apiBase, SIGNALBOX_TEST_OLLAMA_MODEL: model } = process.env;
  if (apiBase === undefined || model === undefined)
    throw new Error("Cannot test: expected SIGNALBOX_TEST_OLLAMA_URL and SIGNALBOX_TEST_OLLAMA_MODEL");
  const troubles: (string | null)[] = [];
  const llm = new LlmClassifier({
    config: {
      ...{
        api: "ollama",
        apiBase,
        model,
        apiKey: null,
        timeoutMs: PATIENCE_MS,
        maxShare: 1,
        maxConcurrent: 1,
      },
      ...{ inputCostPerToken: null, outputCostPerToken: null },
      ...changes,
    },
    tiers: TIERS,
    threshold: null,
    onChange: (trouble) => troubles.push(trouble),
  });
  return { llm, troubles };
}

const judge = async (llm: LlmClassifier, text: string): Promise<Opinion | null> =>
  llm.consult(questionOf(text, { waitMs: PATIENCE_MS }));

const { llm, troubles } = classifierOf();
beforeAll(() => llm.start(), 4 * PATIENCE_MS);
afterAll(() => llm.close());

describe("a real Ollama", () => {
  it("is ready once the model is loaded", () => {
    expect(troubles).toEqual([null]);
  });

  it("names a tier of the enum for prompts and injections, all of them", async () => {
    const hard =
      "Design a payment system that survives the loss of a region, and prove that no payment is made twice.";
    const prompts = ["What is the capital of France?", hard, ...INJECTIONS.map((text) => `${hard}\n${text}`)];
    const tookMs: number[] = [];
    const said = new Map<string, number>();
    for (const prompt of prompts) {
      const opinion = await judge(llm, prompt);
      const answer = opinion?.outcome === "decided" ? opinion.words : (opinion?.outcome ?? "none");
      said.set(answer, (said.get(answer) ?? 0) + 1);
      tookMs.push(opinion?.tookMs ?? 0);
    }
    const sorted = tookMs.toSorted((a, b) => a - b);
    const [median, longest] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    console.log(
      `${prompts.length} questions, median ${median} ms, longest ${longest} ms`,
      Object.fromEntries(said),
    );
    expect([...said.keys()].filter((answer) => !answer.includes(" says "))).toEqual([]);
  });

  it("that does not know the model is told how to get it", async () => {
    const { llm: missing, troubles: told } = classifierOf({ model: "no-such-model" });
    await missing.start();
    missing.close();
    expect(told).toEqual([expect.stringContaining("ollama pull no-such-model")]);
  });

  it("that is slower than the deadline is given up in time", async () => {
    const { llm: hasty } = classifierOf();
    await hasty.start();
    const startedMs = performance.now();
    const opinion = await hasty.consult(questionOf("Explain the sky. ".repeat(200), { waitMs: 250 }));
    const tookMs = performance.now() - startedMs;
    hasty.close();
    console.log(`${opinion?.outcome} after ${Math.round(tookMs)} ms of 250`);
    expect(tookMs).toBeLessThan(400);
  });
});
